"""Views are made when they are first looked at, and all of them when there is time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.views.lazy_stack import LazyStack
from aestudio.gui.views.view import discover_views

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session

NAMES = ["train", "reconstruct", "latent", "features", "compress", "compare"]


def test_a_view_is_made_when_it_is_asked_for(qtbot: QtBot, studio_session: Session) -> None:
    shelf = LazyStack(studio_session)
    qtbot.addWidget(shelf.stack)
    assert sorted(shelf) == sorted(NAMES)
    assert len(shelf) == shelf.stack.count() == len(NAMES)
    assert list(shelf) == [view.name for view in discover_views()]
    assert shelf.made == ()
    assert "train" in shelf
    assert "cake" not in shelf
    assert shelf.made == ()
    latent = shelf["latent"]
    assert shelf.made == ("latent",)
    assert shelf["latent"] is latent
    shelf.stack.setCurrentIndex(list(shelf).index("features"))
    assert shelf.front is shelf["features"]
    page = shelf.stack.currentWidget()
    assert page is not None
    assert page.isAncestorOf(shelf["features"])


def test_the_rest_is_made_one_by_one(qtbot: QtBot, studio_session: Session) -> None:
    shelf = LazyStack(studio_session)
    qtbot.addWidget(shelf.stack)
    first = shelf.front
    shelf.make_rest()
    assert len(shelf.made) == 2
    qtbot.waitUntil(lambda: len(shelf.made) == len(NAMES))
    assert shelf.front is first

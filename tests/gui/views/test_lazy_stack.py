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
    lazy_stack = LazyStack(studio_session)
    qtbot.addWidget(lazy_stack.stack)
    assert sorted(lazy_stack) == sorted(NAMES)
    assert len(lazy_stack) == lazy_stack.stack.count() == len(NAMES)
    assert list(lazy_stack) == [view.name for view in discover_views()]
    assert lazy_stack.made == ()
    assert "train" in lazy_stack
    assert "cake" not in lazy_stack
    assert lazy_stack.made == ()
    latent = lazy_stack["latent"]
    assert lazy_stack.made == ("latent",)
    assert lazy_stack["latent"] is latent
    lazy_stack.stack.setCurrentIndex(list(lazy_stack).index("features"))
    assert lazy_stack.front is lazy_stack["features"]
    page = lazy_stack.stack.currentWidget()
    assert page is not None
    assert page.isAncestorOf(lazy_stack["features"])


def test_the_rest_is_made_one_by_one(qtbot: QtBot, studio_session: Session) -> None:
    lazy_stack = LazyStack(studio_session)
    qtbot.addWidget(lazy_stack.stack)
    first = lazy_stack.front
    lazy_stack.make_rest()
    assert len(lazy_stack.made) == 2
    qtbot.waitUntil(lambda: len(lazy_stack.made) == len(NAMES))
    assert lazy_stack.front is first

"""Views and panels behind tabs: found by their files, made when they are first shown, asked for requests."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from aestudio.errors import BadChoice
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.page_tabs import PageTabs
from aestudio.gui.views.shared.empty_reason import Reason
from aestudio.gui.views.tab import PanelTab, Tab, ViewTab, discover
from aestudio.gui.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.page import Page

VIEWS = ["train", "reconstruct", "latent", "features", "compress", "compare", "network"]
PANELS = ["grid", "interpolation", "attribute vectors", "samples", "drawings", "traversals", "nearest"]


@pytest.fixture
def hosted(qtbot: QtBot, studio_session: Session) -> Callable[[type[Page]], PageTabs[Page]]:
    """The pages of a kind behind their tabs, shown."""

    def host(kind: type[Page]) -> PageTabs[Page]:
        pages = PageTabs(studio_session, ViewTab if kind is View else PanelTab, kind)
        qtbot.addWidget(pages.tabs)
        qtbot.addWidget(pages.stack)
        pages.stack.show()
        return pages

    return host


@pytest.mark.parametrize(("kind", "names"), [(ViewTab, VIEWS), (PanelTab, PANELS)])
def test_each_tab_is_found_once_in_order(kind: type[Tab], names: list[str]) -> None:
    found = discover(kind)
    assert [tab.name for tab in found] == names
    assert len({tab.order for tab in found}) == len(found)
    assert all(tab.title() and tab.help() for tab in found)
    assert kind not in found


@pytest.mark.parametrize(("tabs", "kind"), [(ViewTab, View), (PanelTab, Panel)])
def test_each_tab_knows_its_page(tabs: type[Tab], kind: type[Page]) -> None:
    pages = [tab.page(kind) for tab in discover(tabs)]
    assert len(set(pages)) == len(pages)
    assert all(issubclass(page, kind) and page is not kind for page in pages)


def test_tabs_are_known_without_importing_a_page() -> None:
    command = (
        "import sys; from aestudio.gui.views.tab import PanelTab, ViewTab, discover;"
        "found = [*discover(ViewTab), *discover(PanelTab)];"
        "print(len(found), sorted(name for name in sys.modules if name.startswith('aestudio.gui.views.')"
        " and not name.endswith('_tab')))"
    )
    told = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout
    count, names = told.split(maxsplit=1)
    assert int(count) == len(VIEWS) + len(PANELS)
    folders = {f"aestudio.gui.views.{name}" for name in (*VIEWS, "latent.panels", "shared", "tab")}
    assert set(ast.literal_eval(names)) <= folders


def test_titles_of_panels_fit_beside_each_other() -> None:
    assert max(len(panel.title()) for panel in discover(PanelTab)) <= 17


@pytest.mark.parametrize(("kind", "keys"), [(View, "Ctrl+2"), (Panel, "Alt+2")])
def test_a_tab_says_what_it_is_and_its_keys(hosted: Callable, kind: type[Page], keys: str) -> None:
    pages = hosted(kind)
    page = discover(ViewTab if kind is View else PanelTab)[1]
    assert pages.tabs.tabText(1) == page.title()
    assert pages.tabs.tabToolTip(1) == f"{page.help()} ({keys})"
    assert page.keys(1) == keys


def test_a_page_is_made_when_it_is_asked_for(hosted: Callable) -> None:
    pages = hosted(View)
    assert list(pages) == VIEWS
    assert len(pages) == pages.stack.count() == pages.tabs.count() == len(VIEWS)
    assert "train" in pages
    assert "cake" not in pages
    assert pages.made == ()
    latent = pages["latent"]
    assert pages.made == ("latent",)
    assert pages["latent"] is latent
    pages.show_page("features")
    assert pages.front is pages["features"]
    page = pages.stack.currentWidget()
    assert page is not None
    assert page.isAncestorOf(pages["features"])
    with pytest.raises(BadChoice, match="view"):
        pages.show_page("cake")


def test_the_rest_is_made_one_by_one(qtbot: QtBot, hosted: Callable) -> None:
    pages = hosted(View)
    first = pages.front
    pages.make_rest()
    assert len(pages.made) == 2
    qtbot.waitUntil(lambda: len(pages.made) == len(VIEWS))
    assert pages.front is first


def test_a_page_is_left_when_another_is_shown(hosted: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = hosted(Panel)
    left: list[str] = []
    monkeypatch.setattr(pages.front, "leave", lambda: left.append("grid"))
    shown: list[str] = []
    pages.tabs.currentChanged.connect(lambda: shown.append(pages.front.name))
    pages.show_page("samples")
    assert (left, shown) == (["grid"], ["samples"])
    assert pages.made == ("grid", "samples")


@pytest.mark.parametrize("passing", [False, True])
def test_a_reason_replaces_a_page(
    passing: bool, studio_session: Session, hosted: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, state = hosted(Panel), studio_session.state
    page = pages.front
    calls: list[str] = []
    reason: list[Reason | None] = [Reason("digit", "Nothing is here.", "Open one", passing)]
    monkeypatch.setattr(page, "reason", lambda state: reason[0])
    monkeypatch.setattr(page, "show_state", lambda state: calls.append("shown"))
    monkeypatch.setattr(page, "requests", lambda state: ["asked"])
    monkeypatch.setattr(page, "leave", lambda: calls.append("left"))
    monkeypatch.setattr(studio_session.runs, "open", calls.append)
    pages.show_state(state)
    assert pages.reason == reason[0]
    assert list(pages.requests(state)) == (["asked"] if passing else [])
    assert not page.isVisible()
    button = next(one for one in pages.stack.findChildren(QPushButton) if one.text() == "Open one")
    assert button.isVisible()
    button.click()
    assert calls == ["left", "conv-vae-2d"]
    reason[0] = None
    pages.show_state(state)
    assert (pages.reason, calls[2:]) == (None, ["shown"])
    assert page.isVisible()
    assert not button.isVisible()
    assert list(pages.requests(state)) == ["asked"]


@pytest.mark.parametrize("method", ["show_state", "requests", "reason"])
def test_a_page_that_fails_says_so_and_stops_nothing_else(
    method: str, studio_session: Session, hosted: Callable, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    pages, state = hosted(Panel), studio_session.state
    page = pages.front
    for name, answer in (("reason", None), ("requests", ["asked"]), ("show_state", None)):
        monkeypatch.setattr(page, name, lambda _, answer=answer: answer)
    monkeypatch.setattr(page, "refresh", lambda: None)  # as it is resized
    pages.show_state(state)

    def fail(_: object) -> None:
        raise RuntimeError("a plot is closed")

    with monkeypatch.context() as broken, qtbot.captureExceptions() as told:
        broken.setattr(page, method, fail)
        for _ in range(3):
            pages.show_state(state)
            assert list(pages.requests(state)) == []
        assert [str(error) for _, error, _ in told] == ["a plot is closed"], "once, not with each state"
    assert pages.reason is not None
    assert "RuntimeError: a plot is closed" in pages.reason.sentence
    assert not page.isVisible()
    pages.show_page("samples")
    pages.show_page("grid")
    pages.show_state(state)
    assert (pages.reason, list(pages.requests(state))) == (None, ["asked"])
    assert page.isVisible()


@pytest.mark.parametrize("behind", ["front", "made before"])
def test_a_page_that_cannot_be_made_says_so_in_its_place_and_is_tried_again(
    hosted: Callable,
    studio_session: Session,
    monkeypatch: pytest.MonkeyPatch,
    behind: str,
) -> None:
    reported: list[str] = []
    monkeypatch.setattr("sys.excepthook", lambda _kind, error, _trace: reported.append(str(error)))
    pages = hosted(View)
    compress = pages.known["compress"].page(View)
    whole = compress.__init__

    def fail(*_: object) -> None:
        raise RuntimeError("no such library")

    monkeypatch.setattr(compress, "__init__", fail)
    if behind == "made before":
        pages["compress"]
    pages.show_page("compress")
    for _ in range(2):
        pages.show_state(studio_session.state)
        assert list(pages.requests(studio_session.state)) == []
    tries = 2 if behind == "made before" else 1  # once more when it is brought to the front
    assert reported == ["no such library"] * tries
    assert pages.reason is not None
    assert "no such library" in pages.reason.sentence
    shown = pages.stack.currentWidget()
    assert shown is not None
    assert pages.reason.sentence in [part.text() for part in shown.findChildren(QLabel) if part.isVisible()]
    monkeypatch.setattr(compress, "__init__", whole)
    pages.show_page("train")
    pages.show_state(studio_session.state)
    pages.show_page("compress")
    pages.show_state(studio_session.state)
    assert pages.reason is None or "no such library" not in pages.reason.sentence
    assert type(pages.front) is compress

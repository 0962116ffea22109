"""In a window of 1024 x 640 the Latent view of every model is whole: nothing is cut, nothing scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.views.latent.explorer import ALL_SLIDERS
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.gui.widgets.scroll_page import add_scroll_page
from tests.clipping import beyond_parents, texts_cut_silently
from tests.conditional.models import class_conditional
from tests.latent_models import KINDS, snapshot_of
from tests.settling import settle
from tests.small_models import untrained

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session

SPACE_FOR_LARGE_TEXT = (992, 400)
SPACE = (672, 492)  # of a view, in a window of 1024 x 640 with one sidebar


@pytest.fixture
def small_view(qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any) -> Any:
    """`small_view(kind)`: the view of an untrained model of this kind, complete."""

    stacks: list[QStackedWidget] = []

    def show(kind: str) -> LatentView:
        own = {"conditional": class_conditional, "vae": lambda: untrained("vae", latent_size=6)}
        snapshot = own[kind]() if kind in own else snapshot_of(kind)
        studio_session.update(
            recipe=snapshot.recipe,
            model=ExploredModel(snapshot, snapshot.recipe.title, "kept"),
            data=DataState(few_digits.name, "ready", dataset=few_digits),
        )
        view = show_view(LatentView)
        stack = QStackedWidget()  # as the window has it: a view that does not fit would scroll
        qtbot.addWidget(stack)
        add_scroll_page(stack, across=True).addWidget(view)
        stack.resize(*SPACE)
        stack.show()
        stacks.append(stack)
        qtbot.waitUntil(lambda: studio_session.state.exploration.image is not None)
        qtbot.waitUntil(lambda: not studio_session.state.pending)
        return view

    return show


@pytest.mark.thorough
@pytest.mark.parametrize("kind", [*KINDS, "vae", "conditional"])
def test_nothing_is_cut(
    small_view: Any, kind: str, qapp: QApplication, qtbot: QtBot, studio_session: Session
) -> None:
    """In both themes, one after the other in the same view: making it takes longer than the checks."""
    view = small_view(kind)
    for theme in (DARK, LIGHT):
        apply_theme(qapp, theme)
        for panel in view.panels.known:
            view.panels.show_page(panel)
            qtbot.waitUntil(lambda: not studio_session.state.pending)
            qtbot.waitUntil(lambda: view.height() <= SPACE[1])
            settle(view.window())
            for check in (beyond_parents, texts_cut_silently):
                assert check(view) == [], (theme.name, panel, check.__name__)
    apply_theme(qapp, DARK)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", [*KINDS, "vae", "conditional"])
def test_with_large_text_the_map_lies_below_and_the_view_scrolls_down_only(
    small_view: Any, kind: str, qapp: QApplication, qtbot: QtBot, studio_session: Session
) -> None:
    """As in a window of 1024 pixels with text of 150 %; in a wide one both parts are beside each other."""
    view = small_view(kind)
    stack, map_panel = view.window(), view.map
    apply_theme(qapp, DARK, 1.5)
    stack.resize(*SPACE_FOR_LARGE_TEXT)
    for panel in view.panels.known:
        view.panels.show_page(panel)
        qtbot.waitUntil(lambda: not studio_session.state.pending)
        settle(stack)
        area = stack.currentWidget()
        assert area.horizontalScrollBar().maximum() == 0, panel
        assert view.explorer.geometry().bottom() < map_panel.mapTo(view, QPoint(0, 0)).y(), panel
        for check in (beyond_parents, texts_cut_silently):
            assert check(view) == [], (panel, check.__name__)
    if view.explorer.sliders.lines:
        shown = len(view.explorer.sliders.column.sliders)
        assert shown == min(view.explorer.sliders.count, ALL_SLIDERS), "no paging"
    stack.resize(2 * SPACE_FOR_LARGE_TEXT[0], 2 * SPACE_FOR_LARGE_TEXT[1])
    settle(stack)
    assert view.explorer.geometry().right() < map_panel.mapTo(view, QPoint(0, 0)).x()
    apply_theme(qapp, DARK)


def test_a_drawer_that_opens_below_the_edge_is_scrolled_to(
    small_view: Any, qapp: QApplication, qtbot: QtBot
) -> None:
    view = small_view("vae")
    stack, drawer = view.window(), view.panels.drawer
    drawer.set_open(False)
    apply_theme(qapp, DARK, 1.5)
    stack.resize(*SPACE_FOR_LARGE_TEXT)
    settle(stack)
    assert stack.currentWidget().verticalScrollBar().value() == 0
    drawer.set_open(True)
    qtbot.waitUntil(lambda: stack.rect().contains(drawer.mapTo(stack, QPoint(0, 0))))
    apply_theme(qapp, DARK)


def test_the_picker_shows_every_place_and_its_histogram(small_view: Any) -> None:
    view = small_view("codebook")
    picker, explorer = view.explorer.sliders.discrete.picker, view.explorer
    last = picker.places.cell_rect(len(picker.places.entries) - 1)
    assert picker.places.rect().toRectF().contains(last)
    assert last.width() == int(last.width()) >= 8, "whole pixels"
    below = picker.bars.mapTo(explorer, picker.bars.rect().bottomLeft()).y()
    assert below < explorer.height() <= view.height()
    assert picker.bars.height() >= 32
    assert explorer.image.height() >= 140, "five pixels for each of the image"
    for cells in (picker.places, picker.entries):
        number_font = cells.number_font()
        assert number_font is not None
        assert number_font.pixelSize() >= 10, "legible"
    assert picker._scroll.verticalScrollBar().maximum() == 0, "all entries are visible"


def test_the_bars_are_beside_their_scale(small_view: Any) -> None:
    bars = small_view("codebook").explorer.sliders.discrete.picker.bars
    rects = [bars.bar_rect(index) for index in range(len(bars.shares))]
    assert rects[0].height() == bars.height() - 1
    assert rects[0].left() > bars.fontMetrics().horizontalAdvance("99 %")
    assert rects[-1].right() <= bars.width()
    assert bars.help_at(QPoint(0, 0)) is None, "the tooltip of the whole is shown"
    assert (bars.help_at(rects[0].center().toPoint()) or "").startswith(f"Entry {bars._entries[0]}: ")


def test_the_explanation_of_the_usage_stays_when_the_view_is_resized(small_view: Any) -> None:
    view = small_view("codebook")
    usage = view.explorer.sliders.discrete.picker.usage
    explanation = usage.toolTip()
    assert "Perplexity" in explanation
    usage.resize(usage.width() + 300, usage.height())
    assert "Perplexity" in usage.toolTip()
    usage.resize(40, usage.height())
    assert usage.toolTip().splitlines()[0] == usage.text


@pytest.mark.parametrize("kind", ["vae", "levels", "conditional"])
def test_two_sliders_are_whole_and_stay_so_when_the_window_gets_lower(
    small_view: Any, kind: str, qtbot: QtBot
) -> None:
    view = small_view(kind)
    stack, column = view.window(), view.explorer.sliders.column

    def whole() -> bool:
        sliders = [part for part in (*column.sliders, *column.headings) if part.isVisible()]
        inside = all(column.rect().contains(part.geometry()) for part in sliders)
        return view.height() <= stack.height() and len(column.sliders) >= 2 and inside

    qtbot.waitUntil(whole, timeout=5_000)
    low = view.explorer.image.height()
    stack.resize(SPACE[0], 900)
    qtbot.waitUntil(lambda: view.explorer.image.height() >= 280, timeout=5_000)
    stack.resize(*SPACE)
    qtbot.waitUntil(whole, timeout=5_000)
    assert view.explorer.image.height() == low >= 140

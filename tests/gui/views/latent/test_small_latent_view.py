"""In the space of a window of 1024 x 640 every model's Latent view is whole: nothing is cut, nothing scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.scroll_page import add_scroll_page
from tests.clipping import beyond_parents, texts_cut_silently
from tests.conditional.models import class_conditional
from tests.latent_models import KINDS, snapshot_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session

SPACE = (672, 492)  # of a view, in a window of 1024 x 640 with one sidebar


@pytest.fixture
def small_view(qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any) -> Any:
    """`small_view(kind)`: the view of an untrained model of this kind, complete."""

    stacks: list[QStackedWidget] = []

    def show(kind: str) -> LatentView:
        snapshot = class_conditional() if kind == "conditional" else snapshot_of(kind)
        studio_session.update(
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


@pytest.mark.parametrize("scheme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("kind", [*KINDS, "conditional"])
def test_nothing_is_cut(
    small_view: Any, kind: str, scheme: Any, qapp: QApplication, qtbot: QtBot, studio_session: Session
) -> None:
    apply_theme(qapp, scheme)
    view = small_view(kind)
    for panel in view.panels.classes:
        view.panels.show_panel(panel)
        qtbot.waitUntil(lambda: not studio_session.state.pending)
        qtbot.waitUntil(lambda: view.height() <= SPACE[1], timeout=5_000)
        for check in (beyond_parents, texts_cut_silently):
            assert check(view) == [], (panel, check.__name__)
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


def test_the_bars_are_beside_their_scale(small_view: Any) -> None:
    bars = small_view("codebook").explorer.sliders.discrete.picker.bars
    rects = [bars.bar_rect(index) for index in range(len(bars.shares))]
    assert rects[0].height() == bars.height() - 1
    assert rects[0].left() > bars.fontMetrics().horizontalAdvance("99 %")
    assert rects[-1].right() <= bars.width()
    assert bars._help(0) == bars.toolTip()
    assert bars._help(round(rects[0].center().x())).startswith(f"Entry {bars._entries[0]}: ")


def test_the_explanation_of_the_usage_stays_when_the_view_is_resized(small_view: Any) -> None:
    view = small_view("codebook")
    usage: ElidedLabel = view.explorer.sliders.discrete.picker.usage
    explanation = usage.toolTip()
    assert "Perplexity" in explanation
    usage.resize(usage.width() + 300, usage.height())
    assert "Perplexity" in usage.toolTip()
    usage.resize(40, usage.height())
    assert usage.toolTip().splitlines()[0] == usage.text

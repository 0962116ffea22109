"""In presentation the history bar and Compress are not cut, and a notice moves nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from aestudio.errors import StudioError
from aestudio.gui.controllers.data_controller import TASK
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.history_bar import HistoryBar
    from tests.end_to_end.conftest import Person

SIZES = [(1024, 640), (1280, 800), (1920, 1080)]
PROBLEM = StudioError(
    "The file ends before its last image",
    where="/home/someone/.cache/aestudio/MNIST/raw/train-images-idx3-ubyte.gz",
    advice="Delete the file and try again, or choose a folder that has the four files of MNIST.",
)


def is_whole(widget: QWidget) -> bool:
    """Whether the widget is completely visible and has its minimum size."""
    least, explicit = widget.minimumSizeHint(), widget.minimumSize()  # the style sheet's, if it sets one
    height, width = explicit.height() or least.height(), explicit.width() or least.width()
    fits = widget.height() >= height and widget.width() >= width
    return fits and widget.visibleRegion().boundingRect() == widget.rect()


def resize(person: Person, size: tuple[int, int]) -> None:
    """Also in presentation, which fills the screen of the test otherwise."""
    person.window.setMinimumSize(0, 0)
    person.window.setWindowState(Qt.WindowState.WindowNoState)
    person.window.resize(*size)
    person.settle()


@pytest.fixture
def trained(person: Person) -> Person:
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait(lambda: person.state.history.usable)
    return person


@pytest.mark.thorough
def test_nothing_is_cut_in_presentation(trained: Person) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    trained.show("compress")
    trained.wait_computed()
    for scheme in ("dark", "light"):
        check_presentations(trained, scheme)


def check_presentations(person: Person, scheme: str) -> None:
    """At every size, the history bar and the rows of Compress."""
    assert person.window.theme_holder is not None
    person.window.theme_holder.set_scheme(scheme)  # type: ignore[arg-type]
    bar = person.window.history
    before = bar.height()
    for size in SIZES:
        begin_presentation(person, size)
        check_the_history_bar(bar, size)
        check_compress_shows_all_four_rows(person, size)
        leave_presentation(person)
        assert bar.height() == before
    resize(person, SIZES[-1])
    assert bar.storage.isVisible()


def check_the_history_bar(bar: HistoryBar, size: tuple[int, int]) -> None:
    parts = [part for part in bar.controls.findChildren(QWidget) if part.isVisible()]
    assert bar.storage not in parts, "an audience does not need the megabytes; the slider is longer"
    assert {bar.play, bar.slider, bar.position, bar.now, bar.branch} <= set(parts)
    assert [part for part in parts if not is_whole(part)] == [], size
    assert bar.slider.width() >= 100
    for one, other in combinations(parts, 2):
        assert not one.geometry().intersects(other.geometry()), (size, one, other)


def check_compress_shows_all_four_rows(person: Person, size: tuple[int, int]) -> None:
    bars = person.window.view.digit.bars  # type: ignore[attr-defined]
    assert [bar.name for bar in bars.bars] == ["Pixels", "JPEG", "PNG", "File"]
    assert is_whole(bars), size
    assert bars.height() >= len(bars.bars) * bars.row_height, size


def begin_presentation(person: Person, size: tuple[int, int]) -> None:
    """Fill a screen of this size."""
    person.window.presentation.screen_size = lambda _: QSize(*size)
    person.window.toggle_presentation()
    resize(person, size)


def leave_presentation(person: Person) -> None:
    person.window.setWindowState(Qt.WindowState.WindowFullScreen)
    person.window.toggle_presentation()
    QApplication.processEvents()


def geometries(view: QWidget) -> dict[QWidget, QRect]:
    return {
        part: QRect(part.mapTo(view, QPoint(0, 0)), part.size())
        for part in view.findChildren(QWidget)
        if part.isVisibleTo(view)
    }


def show_problem(person: Person) -> None:
    data = replace(person.state.data, phase="failed", problem=PROBLEM)
    person.window.session.update(data=data, tasks={})


def show_loading(person: Person) -> None:
    progress = (30e6, 60e6, "train-images-idx3-ubyte.gz from ossci-datasets.s3.amazonaws.com")
    person.window.session.update(data=replace(person.state.data, phase="loading"), tasks={TASK: progress})
    person.wait(person.window.notice.isVisible)


def texts_of(notice: QWidget) -> list[QWidget]:
    parts = (*notice.findChildren(QLabel), *notice.findChildren(QAbstractButton))
    return [part for part in parts if part.isVisible()]


@pytest.mark.thorough
def test_a_notice_moves_nothing_is_not_cut_and_can_be_closed(person: Person) -> None:
    for show_notice in (show_problem, show_loading):
        check_a_notice_moves_nothing_and_is_not_cut(person, show_notice)
    check_the_loading_notice_can_be_closed_until_the_next_one(person)


def check_a_notice_moves_nothing_and_is_not_cut(
    person: Person, show_notice: Callable[[Person], None]
) -> None:
    notice = person.window.notice
    data = person.state.data
    for name in ("latent", "train", "compress"):
        person.show(name)
        person.wait_computed()
        for size in SIZES:
            resize(person, size)
            before = geometries(person.window.view)
            show_notice(person)
            show_notice(person)  # replaces the first text
            QApplication.processEvents()
            assert notice.isVisible()
            assert geometries(person.window.view) == before, (name, size)
            person.wait(lambda: texts_of(notice) and all(map(is_whole, texts_of(notice))))
            assert person.window.rect().contains(QRect(notice.mapTo(person.window, QPoint()), notice.size()))
            person.window.session.update(data=data, tasks={})
            assert not notice.isVisible()


def check_the_loading_notice_can_be_closed_until_the_next_one(person: Person) -> None:
    data, notice = person.state.data, person.window.notice
    show_loading(person)
    crosses = [
        button
        for button in notice.findChildren(QAbstractButton)
        if "hide this message" in button.toolTip().lower()
    ]
    person.click(next(button for button in crosses if button.isVisible()))
    assert not notice.isVisible()
    person.window.session.update(tasks={TASK: (40e6, 60e6, "more")})
    person.live(600)
    assert not notice.isVisible()
    person.window.session.update(data=data, tasks={})
    show_loading(person)

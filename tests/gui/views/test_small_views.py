"""In a window of 1024 x 640 the views need no scroll bar, for pictures of any shape."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from aestudio.gui.state.comparison_state import ComparedRun, ComparisonState
from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK
from aestudio.gui.views.compare.compare_view import CompareView
from aestudio.gui.views.reconstruct.reconstruct_view import ReconstructView
from aestudio.gui.views.train.train_view import IMAGES, TrainView
from aestudio.gui.widgets.scroll_page import add_scroll_page
from aestudio.recipes.library import find_recipe
from tests.clipping import beyond_parents, texts_cut_silently
from tests.gui.conftest import tiny_snapshot
from tests.gui.views.canned import OTHER_SETS, blurred, state_for, triples

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.view import View

SPACE = (672, 492)  # of a view, in a window of 1024 x 640 with one sidebar
NAMES = ("digits", *OTHER_SETS)


@pytest.fixture
def dataset(request: pytest.FixtureRequest, few_digits: Dataset) -> Dataset:
    """The data set of the parameter: MNIST's shape, colour 32x32 or grey 28x20."""
    make: dict[str, Callable[[], Dataset]] = {"digits": lambda: few_digits, **OTHER_SETS}
    return make[request.param]()


@pytest.fixture
def place(qtbot: QtBot, qapp: QApplication) -> Callable[[View], QScrollArea]:
    """`place(view)`: show a view as the window does, where one that does not fit would scroll."""
    apply_theme(qapp, DARK)  # without its style, buttons are lower

    stacks: list[QStackedWidget] = []

    def placed(view: View) -> QScrollArea:
        stack = QStackedWidget()
        qtbot.addWidget(stack)
        stacks.append(stack)
        add_scroll_page(stack, across=True).addWidget(view)
        stack.resize(*SPACE)
        stack.show()
        area = stack.currentWidget()
        assert isinstance(area, QScrollArea)
        return area

    return placed


def wait_until(qtbot: QtBot, condition: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(condition()), timeout=5_000)


def scrolls(area: QScrollArea) -> bool:
    return area.verticalScrollBar().maximum() > 0 or area.horizontalScrollBar().maximum() > 0


EVERY_SHAPE = pytest.mark.parametrize("dataset", NAMES, indirect=True)


@EVERY_SHAPE
def test_the_images_of_the_train_view_are_enlarged_twice(
    qtbot: QtBot, studio_session: Session, dataset: Dataset, place: Callable[[View], QScrollArea]
) -> None:
    view = TrainView(studio_session)
    area = place(view)
    images = dataset.test.images[:IMAGES]
    row = np.concatenate([images, blurred(images)])
    state = state_for(studio_session.state, dataset, reconstruction_row=row)
    recipe = find_recipe("vae")
    assert state.model is not None
    snapshot = replace(tiny_snapshot("vae", data=dataset.shape), recipe=recipe)
    view.show_state(replace(state, recipe=recipe, model=replace(state.model, snapshot=snapshot)))
    assert view.terms.isVisible()
    wait_until(qtbot, lambda: view.image_row._layout.scale == 2 and not scrolls(area))
    assert view.image_row._layout.count == 2 * view.columns
    area.window().resize(1300, 900)
    wait_until(qtbot, lambda: view.image_row._layout.scale > 2)
    assert view.image_row.height() <= 0.4 * view.height()
    area.window().resize(*SPACE)
    wait_until(qtbot, lambda: view.image_row._layout.scale == 2 and not scrolls(area))


@EVERY_SHAPE
def test_reconstruct_fits_with_the_triple_in_a_row(
    qtbot: QtBot, studio_session: Session, dataset: Dataset, place: Callable[[View], QScrollArea]
) -> None:
    view = ReconstructView(studio_session)
    area = place(view)
    few = triples(dataset.test, 6), triples(dataset.test, 1)
    view.show_state(state_for(studio_session.state, dataset, triples=few[0], enlarged=few[1]))
    enlarged, shape = view.enlarged, dataset.shape.image
    views = enlarged.original, enlarged.reconstruction, enlarged.error
    wait_until(qtbot, lambda: len({one.y() for one in views}) == 1 and not scrolls(area))
    for one in views:
        assert one.image_rect().height() == views[0].image_rect().height() >= 3 * shape.height
        assert enlarged.rect().contains(one.geometry())
    rects = [one.image_rect().translated(one.x(), 0) for one in views]
    assert all(left.right() + 4 <= right.left() for left, right in pairwise(rects))
    for check in (beyond_parents, texts_cut_silently):
        assert check(view) == []
    area.window().resize(SPACE[0], 900)
    wait_until(qtbot, lambda: enlarged.error.y() > enlarged.original.y())
    assert enlarged.original.image_rect().height() >= 3 * shape.height


@EVERY_SHAPE
def test_the_classes_are_above_the_images_if_the_bar_is_narrow(
    qtbot: QtBot, studio_session: Session, dataset: Dataset, place: Callable[[View], QScrollArea]
) -> None:
    view = ReconstructView(studio_session)
    area = place(view)
    state = state_for(studio_session.state, dataset, triples=triples(dataset.test, 6))
    view.show_state(state)
    orders = view.orders
    wait_until(qtbot, lambda: not scrolls(area))
    height, side = orders.height(), view.enlarged.mapTo(view, view.enlarged.rect().topLeft())
    assert height < 40, "one row"
    assert not orders.classes.isVisible()
    chosen: list[tuple[int, ...]] = []
    orders.classes.chosen_changed.connect(chosen.append)
    orders.choose("class")
    wait_until(qtbot, orders.classes.isVisible)
    orders.classes._buttons[2].click()
    assert chosen == [(2,)] == [orders.order.classes]
    wait_until(qtbot, lambda: orders.classes.mapTo(view, orders.classes.rect().topLeft()).y() > height)
    assert orders.classes.width() <= view.grid.width()
    assert not scrolls(area)
    assert view.enlarged.mapTo(view, view.enlarged.rect().topLeft()) == side, "nothing beside it moves"
    area.window().resize(1200, SPACE[1])
    wait_until(qtbot, lambda: orders.rect().contains(_within(orders.classes, orders)))
    orders.choose("index")
    assert not orders.classes.isVisible()
    area.window().resize(*SPACE)
    assert not orders.below.isVisible()


@EVERY_SHAPE
def test_two_compared_runs_fit(
    qtbot: QtBot, studio_session: Session, dataset: Dataset, place: Callable[[View], QScrollArea]
) -> None:
    view, area = _compared(studio_session, dataset, place, count=2)
    board = view.board
    for column in board.columns:
        wait_until(qtbot, lambda column=column: 0 < column.images.geometry().right() < column.map.x())
        plot = column.map
        assert column.at_cursor.y() > column.reconstruction.y()
        assert not column.original.isVisible()
        assert plot.width() >= 190
        assert plot.height() >= 150
        assert column.captions[1].shown == "Reconstruction"
    assert board.original.isVisible()
    wait_until(qtbot, lambda: not scrolls(area))
    legends = [found for found in beyond_parents(board) if "in ClassLegend" not in found]  # it has no height
    assert legends == texts_cut_silently(board) == []
    area.window().resize(SPACE[0], 900)
    wait_until(qtbot, lambda: board.columns[0].original.isVisible())
    column = board.columns[0]
    wait_until(qtbot, lambda: column.images.geometry().bottom() < column.map.geometry().top())
    assert column.original.y() == column.reconstruction.y() == column.at_cursor.y()
    area.window().resize(*SPACE)
    wait_until(qtbot, lambda: not scrolls(area))


def test_narrow_columns_keep_the_images_above_the_map(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, place: Callable[[View], QScrollArea]
) -> None:
    view, _ = _compared(studio_session, few_digits, place, count=3)
    for column in view.board.columns:
        wait_until(
            qtbot, lambda column=column: column.images.geometry().bottom() < column.map.geometry().top()
        )


def _compared(session: Session, dataset: Dataset, place: Any, count: int) -> tuple[CompareView, QScrollArea]:
    """The view of ended runs, in its place."""
    snapshots = [tiny_snapshot(seed=seed, run=f"run-{seed}", data=dataset.shape) for seed in range(count)]
    runs = tuple(
        ComparedRun("ended", title=f"Run {number}", recipe=snapshot.recipe, snapshot=snapshot)
        for number, snapshot in enumerate(snapshots)
    )
    view = CompareView(session)
    area = place(view)
    view.set_up.unfold.setChecked(False)  # as it is when a comparison has begun
    state = state_for(session.state, dataset)
    view.show_state(replace(state, comparison=ComparisonState(runs=runs)))
    points = np.random.default_rng(0).normal(size=(len(dataset.test), 2)).astype(np.float32)
    for column in view.board.columns:
        column.map.set_points(points, dataset.test.labels, dataset.test.class_names)
    return view, area


def _within(part: QWidget, ancestor: QWidget) -> Any:
    """The rectangle of a part in the coordinates of what contains it."""
    return part.rect().translated(part.mapTo(ancestor, part.rect().topLeft()))

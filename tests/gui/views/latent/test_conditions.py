"""A conditional model in the Latent view: the class chooser, and every panel is told the class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.attributes_request import Combination
from aestudio.gui.inference.requests.class_rows_request import RowsAlongAxis
from aestudio.gui.state.condition_state import chosen_condition, class_rows, shown_class, shown_condition
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState, MapChoice, PlaneChoice, Result
from aestudio.gui.state.workspace import Example
from aestudio.gui.views.latent.attributes.analogy_page import AnalogyPage
from aestudio.gui.views.latent.grid.class_rows_page import ClassRowsPage
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.inference.conditions import class_of, row_of_class
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent
from tests.conditional.label_vae.config import LabelVAE
from tests.conditional.models import class_conditional, factor_conditional, with_factors, without_labels

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

Show = "Callable[[type[LatentView]], LatentView]"


def explore(session: Session, snapshot: Snapshot, dataset: Dataset) -> None:
    session.update(
        model=ExploredModel(snapshot, snapshot.recipe.title, "kept"),
        data=DataState(dataset.name, "ready", dataset=dataset),
    )


@pytest.fixture
def view(qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any) -> LatentView:
    """The Latent view of a model that is told the class, with an image decoded."""
    explore(studio_session, class_conditional(), few_digits)
    shown = show_view(LatentView)
    qtbot.waitUntil(lambda: studio_session.state.exploration.image is not None)
    qtbot.waitUntil(lambda: studio_session.state.value("map") is not None)
    return shown


def settled(session: Session) -> bool:
    return not session.state.pending


def decoded(session: Session, label: int) -> np.ndarray:
    code = session.state.exploration.decoded_code
    assert code is not None
    snapshot = session.state.snapshot
    assert snapshot is not None
    return FrozenModel(snapshot).decode(code[None], np.eye(10, dtype=np.float32)[[label]])[0]


def test_the_chosen_class_changes_the_image_and_not_the_code(
    qtbot: QtBot, studio_session: Session, view: LatentView
) -> None:
    state = studio_session.state
    chooser, own = view.explorer.condition, shown_class(state)
    assert state.image_set is not None
    assert state.image_set.labels is not None
    assert own == state.image_set.labels[state.selected]
    assert not chooser.isHidden()
    assert [button.text() for button in chooser.classes.buttons] == [str(digit) for digit in range(10)]
    assert not chooser.reset.isEnabled()
    code, other = state.exploration.code, (own + 4) % 10
    np.testing.assert_array_equal(state.exploration.image, decoded(studio_session, own))

    qtbot.mouseClick(chooser.classes.buttons[other], Qt.MouseButton.LeftButton)
    state = studio_session.state
    assert shown_class(state) == other
    np.testing.assert_array_equal(state.exploration.code, code)
    np.testing.assert_array_equal(state.exploration.image, decoded(studio_session, other))
    assert state.exploration.following
    assert chooser.reset.isEnabled()

    qtbot.mouseClick(chooser.reset, Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(studio_session.state.exploration.image, decoded(studio_session, own))
    assert chosen_condition(studio_session.state) is None


def test_another_image_brings_its_class_and_undo_the_one_before(
    qtbot: QtBot, studio_session: Session, view: LatentView
) -> None:
    explorer, images = studio_session.explore, studio_session.state.image_set
    assert images is not None
    assert images.labels is not None
    index = int(np.flatnonzero(images.labels != images.labels[0])[0])
    explorer.choose_class(9)
    explorer.select(index)
    qtbot.waitUntil(lambda: settled(studio_session))
    assert shown_class(studio_session.state) == images.labels[index]
    np.testing.assert_array_equal(
        studio_session.state.exploration.image, decoded(studio_session, int(images.labels[index]))
    )
    studio_session.workspace.undo()
    assert (studio_session.state.selected, shown_class(studio_session.state)) == (0, 9)
    studio_session.workspace.undo()
    assert chosen_condition(studio_session.state) is None


def test_digits_choose_the_class(qtbot: QtBot, studio_session: Session, view: LatentView) -> None:
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_8)
    assert shown_class(studio_session.state) == 8


def test_a_bookmark_keeps_its_class(qtbot: QtBot, studio_session: Session, view: LatentView) -> None:
    studio_session.explore.choose_class(6)
    studio_session.workspace.bookmark("six")
    image = studio_session.state.exploration.image
    studio_session.explore.select(3)
    qtbot.waitUntil(lambda: settled(studio_session))
    studio_session.workspace.go_to_bookmark(0)
    assert shown_class(studio_session.state) == 6
    np.testing.assert_array_equal(studio_session.state.exploration.image, image)


@pytest.mark.thorough
def test_every_panel_and_overlay_is_told_the_class(
    qtbot: QtBot, studio_session: Session, view: LatentView
) -> None:
    """A conditional model raises ValueError without a condition: a forgotten call is a problem here."""
    state = studio_session.state
    code, drawing = state.exploration.decoded_code, state.image_set.images[5]  # type: ignore[union-attr]
    examples = (
        Example("image", number=2),
        Example("drawing", image=drawing),
        Example("code", code=code),
        Example("class", label=3),
        Example("images", numbers=np.arange(4)),
    )
    workspace = studio_session.workspace
    workspace.keep_drawing(drawing)
    workspace.set_groups(examples[:3], examples[2:])
    workspace.set_keyframes(examples)
    for index, example in enumerate(examples[:3]):
        workspace.set_term(index, example)
    studio_session.update(drawing=drawing)
    for overlay in ("decode_encode_error", "decoder_sensitivity"):
        studio_session.explore.choose_map(MapChoice(colour="loss", overlay=overlay))
        for name in view.panels.known:
            view.panels.show_page(name)
            qtbot.waitUntil(lambda: settled(studio_session))
            results = studio_session.state.results
            problems = {key: str(result.problem) for key, result in results.items() if result.problem}
            assert problems == {}
    assert {"grid", "samples", "interpolation", "drawings", "overlay", "data support"} <= set(
        studio_session.state.results
    )


def test_samples_are_of_every_class_or_of_one(
    qtbot: QtBot, studio_session: Session, view: LatentView
) -> None:
    view.panels.show_page("samples")
    panel: Any = view.panels.front
    qtbot.waitUntil(lambda: studio_session.state.value("samples") is not None)
    samples = studio_session.state.value("samples")
    classes = [class_of(row) for row in samples.conditions]
    assert classes == 2 * list(range(10))
    frozen_model = FrozenModel(class_conditional())
    expected = frozen_model.decode(samples.codes, np.eye(10, dtype=np.float32)[classes])
    np.testing.assert_array_equal(samples.images, expected)
    panel.classes.setCurrentIndex(5)
    panel.classes.activated.emit(5)
    qtbot.waitUntil(
        lambda: {class_of(row) for row in studio_session.state.value("samples").conditions} == {4}
    )
    panel.grid.clicked.emit(2)
    assert shown_class(studio_session.state) == 4


def test_the_grid_has_a_row_per_class(qtbot: QtBot, studio_session: Session, view: LatentView) -> None:
    view.panels.show_page("grid")
    panel: Any = view.panels.front
    for content in (1, 2):
        panel.controls.content.setCurrentIndex(content)
        panel.controls.content.activated.emit(content)
        qtbot.waitUntil(lambda: settled(studio_session) and panel.rows.view.images is not None)
        rows = studio_session.state.value(RowsAlongAxis.channel)
        assert rows.images.shape == (10, 10, 1, 28, 28)
        for label in (0, 7):
            told = np.tile(np.eye(10, dtype=np.float32)[label], (10, 1))
            expected = FrozenModel(class_conditional()).decode(rows.codes, told)
            np.testing.assert_array_equal(rows.images[label], expected)
        view_of_rows = panel.rows.view
        qtbot.mouseClick(
            view_of_rows, Qt.MouseButton.LeftButton, pos=view_of_rows.cell_rect(7, 3).center().toPoint()
        )
        assert shown_class(studio_session.state) == 7
        np.testing.assert_allclose(studio_session.state.exploration.decoded_code, rows.codes[3], atol=1e-5)
        np.testing.assert_array_equal(studio_session.state.exploration.image, rows.images[7, 3])
        qtbot.waitUntil(lambda: settled(studio_session))
        assert view_of_rows.selected == (7, 3)
    seed = studio_session.state.value(RowsAlongAxis.channel).codes
    panel.controls.redrawn.emit()
    qtbot.waitUntil(lambda: not np.array_equal(studio_session.state.value("class rows").codes, seed))


def test_along_the_axis_only_the_first_coordinate_changes(
    qtbot: QtBot, studio_session: Session, view: LatentView
) -> None:
    view.panels.show_page("grid")
    panel: Any = view.panels.front
    panel.controls.content.setCurrentIndex(1)
    panel.controls.content.activated.emit(1)
    qtbot.waitUntil(lambda: studio_session.state.value("class rows") is not None)
    rows, plane = studio_session.state.value("class rows"), studio_session.state.value("map").plane
    xy = plane.to_plane(rows.codes)
    assert (np.diff(xy[:, 0]) > 0).all()
    np.testing.assert_allclose(xy[:, 1], xy[0, 1], atol=1e-3)


def test_an_interpolation_is_decoded_as_the_keyframe_before(
    qtbot: QtBot, studio_session: Session, view: LatentView
) -> None:
    images = studio_session.state.image_set
    assert images is not None
    assert images.labels is not None
    other = int(np.flatnonzero(images.labels != images.labels[0])[0])
    third = int(np.flatnonzero(images.labels != images.labels[other])[-1])
    studio_session.workspace.set_keyframes(tuple(Example(str(n), number=n) for n in (0, other, third)))
    view.panels.show_page("interpolation")
    qtbot.waitUntil(
        lambda: settled(studio_session) and bool(studio_session.state.results.get("interpolation"))
    )
    animation = studio_session.state.value("interpolation")
    classes = [class_of(row) for row in animation.conditions]
    middle = animation.keyframe_indices[1]
    assert set(classes[:middle]) == {images.labels[0]}
    assert set(classes[middle:]) == {images.labels[other]}
    expected = FrozenModel(class_conditional()).decode(animation.codes, np.eye(10, dtype=np.float32)[classes])
    np.testing.assert_array_equal(animation.images, expected)
    panel: Any = view.panels.front
    assert "class of the keyframe before it" in panel.status.text()
    panel.scrubber.setValue(middle + 2)
    assert shown_class(studio_session.state) == images.labels[other]


def test_no_chooser_for_other_models(qtbot: QtBot, studio_session: Session, show_view: Any) -> None:
    shown = show_view(LatentView)
    qtbot.waitUntil(lambda: studio_session.state.exploration.image is not None)
    assert shown.explorer.condition.isHidden()
    shown.panels.show_page("grid")
    assert shown.panels.front.controls.content.isHidden()
    assert class_rows(studio_session.state) == ()
    studio_session.explore.choose_class(3)
    assert shown_condition(studio_session.state) is None


def test_without_labels_there_is_one_sentence(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any
) -> None:
    explore(studio_session, class_conditional(), without_labels(few_digits))
    shown = show_view(LatentView)
    for name in shown.panels.known:
        shown.panels.show_page(name)
        qtbot.waitUntil(lambda: settled(studio_session))
    results = studio_session.state.results
    problems = {str(result.problem) for result in results.values() if result.problem}
    assert all("these images have no labels" in problem for problem in problems), problems
    assert results["map"].problem is not None
    assert not shown.explorer.condition.isHidden()
    studio_session.explore.choose_class(4)
    np.testing.assert_array_equal(studio_session.state.exploration.image, decoded(studio_session, 4))


def test_factors_have_sliders_over_the_ranges_of_the_images(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any
) -> None:
    data = with_factors(few_digits)
    explore(studio_session, factor_conditional(), data)
    shown = show_view(LatentView)
    qtbot.waitUntil(lambda: studio_session.state.exploration.image is not None)
    factors = shown.explorer.condition.factors
    assert not factors.isHidden()
    assert shown.explorer.condition.classes.isHidden()
    assert [factors.box.itemText(index) for index in range(factors.box.count())] == ["slant", "width"]
    assert data.test.factors is not None
    assert data.train.factors is not None
    own = tuple(data.test.factors[0].tolist())
    assert shown_condition(studio_session.state) == own
    before = studio_session.state.exploration.image
    factors.box.setCurrentIndex(1)
    factors.slider.moved.emit(1000)
    told = shown_condition(studio_session.state)
    highest = max(data.test.factors[:, 1].max(), data.train.factors[:, 1].max())
    assert told is not None
    assert told == pytest.approx((own[0], highest))
    assert not np.array_equal(before, studio_session.state.exploration.image)
    for name in shown.panels.known:
        shown.panels.show_page(name)
        qtbot.waitUntil(lambda: settled(studio_session))
        assert [str(one.problem) for one in studio_session.state.results.values() if one.problem] == []


@pytest.mark.parametrize("kind", ["components", "dimensions"])
def test_a_model_without_an_encoder_has_rows_along_the_prior(
    qtbot: QtBot,
    studio_session: Session,
    few_digits: Dataset,
    show_view: Any,
    monkeypatch: pytest.MonkeyPatch,
    kind: Literal["components", "dimensions"],
) -> None:
    """It has no map, whose plane the steps were along."""
    monkeypatch.setattr(LabelVAE, "encodes", False)
    explore(studio_session, class_conditional("generator"), few_digits)
    studio_session.update(plane=PlaneChoice(kind, 2, 4))
    shown = show_view(LatentView)
    shown.panels.show_page("grid")
    panel: Any = shown.panels.front
    panel.controls.content.setCurrentIndex(1)
    panel.controls.content.activated.emit(1)
    qtbot.waitUntil(lambda: settled(studio_session) and panel.rows.view.images is not None)
    result = studio_session.state.results[RowsAlongAxis.channel]
    assert isinstance(result.request, RowsAlongAxis)
    codes, axis = result.value.codes, 2 if kind == "dimensions" else 0
    steps = np.diff(codes, axis=0)
    np.testing.assert_allclose(steps[:, axis], steps[0, axis], rtol=1e-4)
    assert steps[0, axis] > 0.3, "three standard deviations to each side, in ten steps"
    assert not np.delete(steps, axis, axis=1).any()
    assert result.value.images.shape == (10, 10, 1, 28, 28)


def test_the_rows_of_one_number_say_that_there_is_no_plane(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LabelVAE, "encodes", False)
    explore(studio_session, class_conditional("generator", latent_size=1), few_digits)
    page = ClassRowsPage(studio_session)
    qtbot.addWidget(page)
    assert page.requests(studio_session.state) == []
    page.show_state(studio_session.state)
    assert "no plane" in page.view._hint


def test_a_bookmarked_analogy_keeps_the_class_it_was_decoded_as(
    qtbot: QtBot, studio_session: Session, view: LatentView
) -> None:
    state = studio_session.state
    terms = (Example("a", number=1), Example("b", number=2), Example("c", number=3))
    for index, term in enumerate(terms):
        studio_session.workspace.set_term(index, term)
    page = AnalogyPage(studio_session)
    qtbot.addWidget(page)
    state = studio_session.state
    assert state.snapshot is not None
    three, eight = (row_of_class(state.snapshot.architecture, label) for label in (3, 8))
    request = Combination(state.snapshot, state.image_sets, terms, three)
    result = Result(request, request.compute(InferenceCache(), silent))
    studio_session.explore.choose_class(8)
    studio_session.update(results={Combination.channel: result})
    assert shown_condition(studio_session.state) == eight
    page._bookmark()
    kept = studio_session.state.workspace.bookmarks[-1]
    assert kept.condition == three
    np.testing.assert_array_equal(kept.code, result.value.code)

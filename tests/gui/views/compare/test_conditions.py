"""Compared conditional runs: one class chooser for all of them, and each caption says the class."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aestudio.gui.inference.requests.comparison_request import ComparedAtCode, ComparedStyles
from aestudio.gui.state.comparison_state import ComparedRun, ComparisonState
from aestudio.gui.state.condition_state import compared_condition, compared_conditions
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.views.compare.compare_view import CompareView
from aestudio.gui.views.compare.results import at_cursor
from aestudio.inference.conditions import class_of, row_of_class
from aestudio.inference.frozen_model import FrozenModel
from aestudio.training.events import Started
from tests.conditional.label_vae.config import LabelVAE
from tests.conditional.models import class_conditional, factor_conditional, with_factors, without_labels
from tests.gui.conftest import tiny_snapshot
from tests.latent_models import snapshot_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

SELECTED, OTHER = 5, 4


def compare(session: Session, dataset: Dataset, *snapshots: Snapshot) -> None:
    """Let the session show these runs as ended ones."""
    runs = tuple(
        ComparedRun(
            "ended", title=snapshot.run, recipe=snapshot.recipe, snapshot=snapshot, data=snapshot.data
        )
        for snapshot in snapshots
    )
    session.update(
        data=DataState(dataset.name, "ready", dataset=dataset),
        selected=SELECTED,
        comparison=ComparisonState(runs=runs),
    )


@pytest.fixture
def show(qtbot: QtBot, studio_session: Session, show_view: Any) -> Any:
    """`show(data set, snapshots ...)`: the view of these runs, with all computed."""

    def shown(dataset: Dataset, *snapshots: Snapshot) -> CompareView:
        compare(studio_session, dataset, *snapshots)
        view: CompareView = show_view(CompareView)
        qtbot.waitUntil(lambda: not studio_session.state.pending)
        return view

    return shown


def row(label: int) -> np.ndarray:
    return np.eye(10, dtype=np.float32)[[label]]


def own_class(dataset: Dataset) -> int:
    assert dataset.test.labels is not None
    return int(dataset.test.labels[SELECTED])


def styled(snapshot: Snapshot, dataset: Dataset, label: int) -> np.ndarray:
    """The selected image's code, encoded with its own class, decoded as another."""
    model = FrozenModel(snapshot)
    image = dataset.test.images[SELECTED : SELECTED + 1]
    return model.decode(model.encode(image, row(own_class(dataset))).mean, row(label))[0]


def captions(view: CompareView) -> list[str]:
    return [column.captions[2].text for column in view.board.columns]


def test_the_style_is_decoded_as_the_chosen_class_in_all_conditional_runs(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show: Any
) -> None:
    first, plain, second = class_conditional("a"), tiny_snapshot(), class_conditional("b")
    view = show(few_digits, first, plain, second)
    own, chooser = own_class(few_digits), view.board.condition
    other = OTHER if own != OTHER else OTHER + 1
    assert not chooser.isHidden()
    assert chooser.classes.buttons[own].isChecked()
    assert not chooser.reset.isEnabled()
    assert captions(view) == [f"From its code, as {own}", "From its code", f"From its code, as {own}"]

    qtbot.mouseClick(chooser.classes.buttons[other], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: captions(view)[0] == f"From its code, as {other}")
    assert captions(view) == [f"From its code, as {other}", "From its code", f"From its code, as {other}"]
    for number, snapshot in ((0, first), (2, second)):
        shown = at_cursor(studio_session.state, number)
        np.testing.assert_array_equal(shown.image, styled(snapshot, few_digits, other))
    reconstruction = FrozenModel(plain).reconstruct(few_digits.test.images[SELECTED : SELECTED + 1])[0]
    np.testing.assert_array_equal(at_cursor(studio_session.state, 1).image, reconstruction)
    assert f"as {other} by conditional runs" in view.board.note.text

    qtbot.mouseClick(chooser.reset, Qt.MouseButton.LeftButton)
    assert captions(view)[0] == f"From its code, as {own}"
    np.testing.assert_array_equal(at_cursor(studio_session.state, 0).image, styled(first, few_digits, own))


def test_the_code_at_the_cursor_is_decoded_as_the_chosen_class(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show: Any
) -> None:
    snapshot = class_conditional("a")
    view = show(few_digits, snapshot, class_conditional("b", latent_size=3))
    code = np.linspace(-1, 1, 6).astype(np.float32)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_8)
    studio_session.comparison.move_to(code)
    qtbot.waitUntil(lambda: captions(view) == ["From same code, as 8", "From its code, as 8"])
    result = studio_session.state.results[ComparedAtCode.channel]
    np.testing.assert_array_equal(result.value[0], FrozenModel(snapshot).decode(code[None], row(8))[0])
    assert result.value[1] is None, "its codes are shorter"
    assert at_cursor(studio_session.state, 1).image is not None


def test_a_caption_names_the_class_of_the_image_that_is_shown(
    studio_session: Session, few_digits: Dataset, show: Any
) -> None:
    view = show(few_digits, class_conditional("a"), class_conditional("b"))
    own = own_class(few_digits)
    told = row_of_class(class_conditional().architecture, (own + 1) % 10)
    studio_session.blockSignals(True)  # nothing is requested yet
    studio_session.comparison.choose_condition(told)
    studio_session.blockSignals(False)
    view.show_state(studio_session.state)
    assert compared_condition(studio_session.state).label == (own + 1) % 10
    assert captions(view)[0] == f"From its code, as {own}"


def test_another_image_brings_its_class(studio_session: Session, few_digits: Dataset, show: Any) -> None:
    view = show(few_digits, class_conditional("a"), class_conditional("b"))
    assert few_digits.test.labels is not None
    studio_session.comparison.choose_condition(row_of_class(class_conditional().architecture, 7))
    index = int(np.flatnonzero(few_digits.test.labels == 2)[0])
    studio_session.comparison.select(index)
    assert studio_session.state.comparison.condition is None
    assert view.board.condition.classes.buttons[2].isChecked()


def test_only_conditional_runs_have_a_chooser(
    studio_session: Session, few_digits: Dataset, show: Any
) -> None:
    view = show(few_digits, tiny_snapshot(run="a"), tiny_snapshot(seed=1, run="b"))
    assert view.board.condition.isHidden()
    studio_session.comparison.choose_condition((1.0,) + 9 * (0.0,))
    assert studio_session.state.comparison.condition is None
    assert captions(view) == ["From its code", "From its code"]
    assert ComparedStyles.channel not in {one.channel for one in view.requests(studio_session.state)}


def test_factors_are_chosen_by_sliders(studio_session: Session, few_digits: Dataset, show: Any) -> None:
    data = with_factors(few_digits)
    view = show(data, factor_conditional("a"), factor_conditional("b"))
    assert data.test.factors is not None
    slant, width = data.test.factors[SELECTED].tolist()
    assert captions(view)[0] == f"From its code, with slant {slant:.2f}, width {width:.2f}".replace("-", "−")
    assert not view.board.condition.factors.isHidden()
    view.board.condition.factors.slider.moved.emit(0)
    told = compared_conditions(studio_session.state, studio_session.state.comparison.snapshots)
    assert told[0] == told[1]
    assert told[0] is not None
    assert told[0][0] < slant


def test_runs_that_are_told_other_things_keep_their_own(
    studio_session: Session, few_digits: Dataset, show: Any
) -> None:
    """A chosen class is nothing for a run that is told factors: it is told those of the image."""
    data = with_factors(few_digits)
    show(data, factor_conditional("a"), class_conditional("b"))
    told = compared_condition(studio_session.state)
    assert told.kind == "labels"
    studio_session.comparison.choose_condition(told.rows[9])
    factors, label = compared_conditions(studio_session.state, studio_session.state.comparison.snapshots)
    assert data.test.factors is not None
    assert factors == tuple(data.test.factors[SELECTED].tolist())
    assert label is not None
    assert class_of(label) == 9


def test_without_labels_one_sentence_says_so(few_digits: Dataset, show: Any) -> None:
    view = show(without_labels(few_digits), class_conditional("a"), class_conditional("b"))
    assert "these images have no labels" in view.board.note.text
    assert "these images have no labels" in view.board.columns[0].map.plot._empty.text()


def test_generators_are_compared_by_a_random_code(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LabelVAE, "encodes", False)
    view = show(few_digits, class_conditional("a"), class_conditional("b"))
    assert "dice draws a random code" in view.board.note.text
    assert view.board.any_image.toolTip() == "Random code"
    qtbot.mouseClick(view.board.any_image, Qt.MouseButton.LeftButton)
    own = own_class(few_digits)
    qtbot.waitUntil(lambda: captions(view) == 2 * [f"From same code, as {own}"])
    code = studio_session.state.comparison.code
    assert code is not None
    expected = FrozenModel(class_conditional("a")).decode(code[None], row(own))[0]
    np.testing.assert_array_equal(at_cursor(studio_session.state, 0).image, expected)
    assert view.board.note.text == "Same random code in all."


def test_discrete_codes_are_not_said_to_be_dragged(few_digits: Dataset, show: Any) -> None:
    view = show(few_digits, snapshot_of("codebook"), snapshot_of("codebook"))
    assert "Drag" not in view.board.note.text
    assert "between two entries of a code" in view.board.note.text


def test_beside_another_data_set_the_classes_have_numbers_and_not_its_names(
    studio_session: Session, few_digits: Dataset, show: Any
) -> None:
    """As many classes of other names are no translation."""
    names = tuple(f"garment {number}" for number in range(10))
    parts = {name: replace(getattr(few_digits, name), class_names=names) for name in ("train", "test")}
    clothes = replace(few_digits, name="clothes", title="Clothes", **parts)
    view = show(clothes, class_conditional("a"), class_conditional("b"))
    assert compared_condition(studio_session.state).titles == names, "nothing is known of their training"
    begun = Started("a", "cpu", 0, 1, 1, 1, 1, 1, data=few_digits.facts)
    comparison = studio_session.state.comparison
    runs = tuple(replace(one, started=begun) for one in comparison.runs)
    studio_session.update(comparison=replace(comparison, runs=runs))
    assert compared_condition(studio_session.state).titles == tuple("0123456789")
    own = own_class(clothes)
    assert captions(view) == [f"From its code, as {own}"] * 2
    studio_session.update(data=DataState(few_digits.name, "ready", dataset=few_digits))
    assert compared_condition(studio_session.state).titles == few_digits.test.class_names

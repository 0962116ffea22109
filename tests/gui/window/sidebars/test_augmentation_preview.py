"""The preview of the augmentation in the recipe box: when it is there, what it shows; nothing jumps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.errors import StudioError
from aestudio.gui.inference.requests.augmentation_request import AugmentedImages
from aestudio.gui.state.studio_state import DataState, Result
from aestudio.gui.window.sidebars.recipe_box import RecipeBox
from tests.gui.conftest import WAIT
from tests.images import colour_32, grey_28x20
from tests.settling import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.recipes.recipe import Recipe


@pytest.fixture
def box(qtbot: QtBot, studio_session: Session) -> RecipeBox:
    """The recipe box, which shows every state and sends its requests, as the window does."""
    widget = RecipeBox(studio_session)
    qtbot.addWidget(widget)
    widget.resize(288, 760)

    def refresh() -> None:
        widget.show_state(studio_session.state)
        studio_session.request(widget.requests(studio_session.state))

    studio_session.changed.connect(refresh)
    refresh()
    widget.show()
    return widget


@pytest.fixture
def switch_on(qtbot: QtBot, studio_session: Session, box: RecipeBox) -> Callable[..., None]:
    """Changes settings as the form does, and waits for the images of just these."""

    def switch(**values: float) -> None:
        studio_session.recipe.set_values(values)
        qtbot.waitUntil(lambda: _is_current(studio_session), timeout=WAIT)

    return switch


def _is_current(session: Session) -> bool:
    result = session.state.results.get(AugmentedImages.channel)
    return result is not None and result.request.settings == session.state.recipe.augmentation


def with_augmentation(recipe: Recipe) -> Recipe:
    return recipe.with_settings({"augment_rotation": 30.0})


def test_all_off_shows_and_asks_nothing(box: RecipeBox, studio_session: Session) -> None:
    assert not box.preview.isVisible()
    assert box.requests(studio_session.state) == ()


def test_images_follow_each_change(
    box: RecipeBox, studio_session: Session, switch_on: Callable[..., None]
) -> None:
    switch_on(augment_rotation=30.0)
    assert box.preview.isVisible()
    assert box.preview.strip.shown.any()
    first = box.preview.strip.shown.copy()
    switch_on(augment_noise=0.4)
    assert not np.array_equal(box.preview.strip.shown, first)
    shown = studio_session.state.value(AugmentedImages.channel)
    assert shown.shape == (8, 1, 28, 28)
    studio_session.recipe.set_values({"augment_rotation": 0.0, "augment_noise": 0.0})
    assert not box.preview.isVisible()
    assert not box.preview.strip.shown.any()


def test_the_button_draws_other_examples(
    qtbot: QtBot, box: RecipeBox, switch_on: Callable[..., None], studio_session: Session
) -> None:
    switch_on(augment_shift=0.1)
    before = studio_session.state.value(AugmentedImages.channel)
    qtbot.mouseClick(box.preview.others, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: studio_session.state.value(AugmentedImages.channel) is not before, timeout=WAIT)
    assert not np.array_equal(studio_session.state.value(AugmentedImages.channel), before)
    assert studio_session.state.recipe.augmentation.augment_shift == 0.1


def test_switching_on_moves_no_setting(
    qtbot: QtBot, box: RecipeBox, switch_on: Callable[..., None], studio_session: Session
) -> None:
    assert box.form is not None
    box.form.set_group_expanded("Augmentation", True)
    assert box.preview.isVisible()
    assert not box.preview.others.isEnabled()
    editors = [box.form.row(name).editor for name in ("augment_rotation", "augment_noise", "learning_rate")]

    def places() -> list[QPoint]:
        return [editor.mapTo(box, QPoint(0, 0)) for editor in editors]

    settle(box)  # a scroll bar may have appeared
    before, height = places(), box.preview.height()
    switch_on(augment_rotation=30.0)
    settle(box)
    assert places() == before
    assert box.preview.height() == height
    assert box.preview.others.isEnabled()


def test_it_stays_when_the_group_is_folded_or_the_form_is_made_anew(
    qtbot: QtBot, box: RecipeBox, switch_on: Callable[..., None], studio_session: Session
) -> None:
    switch_on(augment_scale=0.2)
    assert box.form is not None
    old = box.form
    box.form.set_group_expanded("Augmentation", True)
    box.form.set_group_expanded("Augmentation", False)
    assert box.preview.isVisible()
    studio_session.recipe.choose_objective("denoising")
    assert box.form is not old
    assert box.form.isAncestorOf(box.preview)
    qtbot.waitUntil(box.form.isVisible)
    assert box.preview.isVisible()
    assert studio_session.state.recipe.augmentation.augment_scale == 0.2


def test_without_a_data_set_a_sentence_says_so(box: RecipeBox, studio_session: Session) -> None:
    state = replace(
        studio_session.state, recipe=with_augmentation(studio_session.state.recipe), data=DataState()
    )
    box.show_state(state)
    assert box.requests(state) == ()
    assert box.preview.isVisible()
    assert "data set" in box.preview.message.text()
    assert box.preview.message.isVisible()
    assert not box.preview.strip.isVisible()
    assert not box.preview.others.isEnabled()


def test_a_problem_is_shown_instead_of_images(
    box: RecipeBox, studio_session: Session, switch_on: Callable[..., None]
) -> None:
    switch_on(augment_rotation=30.0)
    state = studio_session.state
    (request,) = box.requests(state)
    result = Result(
        request, value=np.zeros((8, 1, 28, 28), np.uint8), problem=StudioError("torchvision fails")
    )
    box.show_state(replace(state, results={AugmentedImages.channel: result}))
    assert "torchvision fails" in box.preview.message.text()
    assert not box.preview.strip.shown.any()


def test_before_torch_is_there_nothing_is_asked(box: RecipeBox, studio_session: Session) -> None:
    state = replace(studio_session.state, recipe=with_augmentation(studio_session.state.recipe))
    assert box.requests(replace(state, torch_phase="loading")) == ()
    failed = replace(state, torch_phase="failed")
    box.show_state(failed)
    assert "PyTorch" in box.preview.message.text()


def test_images_that_the_shown_model_does_not_take_are_augmented_once(
    qtbot: QtBot,
    box: RecipeBox,
    switch_on: Callable[..., None],
    studio_session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requested: list[AugmentedImages] = []
    compute = AugmentedImages.compute

    def counted(request: AugmentedImages, *others: Any) -> Any:
        requested.append(request)
        return compute(request, *others)

    monkeypatch.setattr(AugmentedImages, "compute", counted)
    studio_session.update(data=DataState("colour", "ready", dataset=colour_32()))
    assert studio_session.state.image_set is None
    switch_on(augment_rotation=30.0)
    assert studio_session.state.value(AugmentedImages.channel).shape == (8, 3, 32, 32)
    assert box.preview.strip.shown.any()
    qtbot.waitUntil(lambda: not studio_session.state.pending)
    studio_session.changed.emit()
    assert not studio_session.state.pending
    assert len(requested) == 1

    studio_session.update(data=DataState("narrow", "ready", dataset=grey_28x20()))
    assert studio_session.state.image_set is None
    assert not box.preview.strip.shown.any(), "nothing of the data set before"
    qtbot.waitUntil(lambda: studio_session.state.value(AugmentedImages.channel) is not None, timeout=WAIT)
    assert studio_session.state.value(AugmentedImages.channel).shape == (8, 1, 28, 20)
    assert len(requested) == 2

"""Commands that cannot be done now say why: no key does nothing without a word."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.run_state import RunState
from aestudio.gui.window.commands import obstacles
from aestudio.training.checkpoint_history import CheckpointHistory, HistoryCheckpoint

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def state(**fields: Any) -> StudioState:
    usual: dict[str, Any] = {
        "training": RunState(),
        "comparison": SimpleNamespace(active=False, runs=()),
        "history": HistoryState(),
        "view": "train",
        "snapshot": None,
        "image_set": None,
        "exploration": SimpleNamespace(decoded_code=None),
    }
    return cast("StudioState", SimpleNamespace(**(usual | fields)))


def history(count: int, **fields: Any) -> HistoryState:
    kept = tuple(HistoryCheckpoint(step, step / 10, 8) for step in range(count))
    return replace(HistoryState(checkpoint_history=CheckpointHistory(history_checkpoints=kept)), **fields)


@pytest.mark.parametrize("why", [obstacles.no_history, obstacles.no_earlier, obstacles.no_later])
def test_without_checkpoints_their_commands_say_so(why: Any) -> None:
    assert "no checkpoints yet" in why(state())
    assert "no checkpoints yet" in why(state(history=history(1)))


def test_the_history_is_not_that_of_compared_runs() -> None:
    compared = SimpleNamespace(active=False, runs=(RunState(phase="ended"),))
    for why in (obstacles.no_history, obstacles.no_earlier, obstacles.no_later):
        assert "Open one of the compared runs" in why(
            state(view="compare", comparison=compared, history=history(3, step=1))
        )
        assert why(state(comparison=compared, history=history(3, step=1))) == ""
        assert why(state(view="compare", history=history(3, step=1))) == ""


def test_ends_of_the_history_are_said() -> None:
    assert obstacles.no_earlier(state(history=history(3, step=0))) == "This is the first checkpoint."
    assert obstacles.no_earlier(state(history=history(3, step=1))) == ""
    assert obstacles.no_earlier(state(history=history(3))) == ""
    assert obstacles.no_later(state(history=history(3))) == "The newest weights are shown already."
    assert obstacles.no_later(state(history=history(3, step=2))) == ""
    assert obstacles.no_later(state(history=history(3, requested=1))) == ""


@pytest.mark.parametrize("phase", ["idle", "ended", "preparing", "running", "paused", "stopping"])
def test_stop_and_step_say_why_not(phase: Any) -> None:
    told = state(training=RunState(phase=phase))
    assert bool(obstacles.no_training(told)) == (phase in ("idle", "ended", "stopping"))
    assert bool(obstacles.no_step(told)) == (phase in ("preparing", "stopping"))


def test_a_comparison_has_its_own_stop() -> None:
    compared = SimpleNamespace(active=True, runs=(RunState(phase="running"),))
    assert "Compare view" in obstacles.no_training(state(comparison=compared))
    assert obstacles.no_comparison(state(comparison=compared)) == ""
    single = RunState(phase="running")
    assert "Train view" in obstacles.no_comparison(state(training=single))
    assert obstacles.no_comparison(state()) == "Nothing is trained now."
    ending = SimpleNamespace(active=True, runs=(RunState(phase="stopping"),))
    assert "stopped already" in obstacles.no_comparison(state(comparison=ending))
    assert "being stopped" in obstacles.no_step(state(comparison=ending), "comparison")
    assert obstacles.no_step(state(comparison=ending)) == ""


@pytest.mark.parametrize(
    ("selected", "places", "said"),
    [
        (0, -1, "first"),
        (0, 1, ""),
        (2, 1, "last"),
        (2, 0, ""),
        (3, -1, "first"),
        (4, 1, "last"),
        (9, 1, "size"),
    ],
)
def test_next_and_previous_stay_in_the_set_of_the_image(selected: int, places: int, said: str) -> None:
    """Three test images, then two training images."""
    numbered = [("test", 0), ("test", 1), ("test", 2), ("training", 0), ("training", 1)]

    def image_at(number: int) -> object:
        return numbered[number] if 0 <= number < len(numbered) else None

    shown = state(image_set="test", selected=selected, selected_image=image_at(selected), image_at=image_at)
    told = obstacles.no_image_beside(shown, places)
    assert said in told
    assert bool(told) == bool(said)


def test_without_a_model_or_images_codes_and_images_say_so() -> None:
    assert "no model yet" in obstacles.no_code(state())
    assert "no model yet" in obstacles.no_decoded_code(state())
    assert "no images yet" in obstacles.no_images(state())

"""Resuming a run in the window: from which step, on which device, and with which images."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from aestudio.gui.state.reducers import with_training_events
from aestudio.gui.state.series import Series
from aestudio.paths import runs_folder
from aestudio.training.device import DeviceInfo, list_devices
from aestudio.training.events import MetricPoint, Started
from tests.gui.state.test_series import points

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from aestudio.gui.controllers.session import Session

    Reach = Callable[[Callable[[], object]], None]


def test_a_series_can_be_cut_and_grows_another_way() -> None:
    whole = Series().with_points(points(1, 10, "loss"))
    cut = whole.until(4)
    assert cut.step.tolist() == [1, 2, 3, 4]
    assert whole.until(10) is whole
    assert len(whole.until(0)) == 0
    grown = cut.with_points(points(5, 2, "loss"))
    assert grown.step.tolist() == [1, 2, 3, 4, 5, 6]
    other = grown.with_points(points(70, 3, "loss"))
    assert whole.step.tolist() == list(range(1, 11))
    assert whole.last("loss") == 10
    assert other.step.tolist() == [1, 2, 3, 4, 5, 6, 70, 71, 72]


def test_what_came_after_the_checkpoint_comes_again_and_is_not_shown_twice(bare: Session) -> None:
    """A killed process had written points that its last checkpoint does not know."""

    def point(split: Any, step: int) -> MetricPoint:
        return MetricPoint(split, step, step / 9, {"loss": float(step)})

    before = [point("training", step) for step in range(1, 15)] + [point("validation", 9)]
    state = with_training_events(bare.state, {0: before})
    started = Started("run", "cpu", 9, 9, 3, 100, 270, 30)
    again = [started, point("training", 10), point("validation", 14)]
    training = with_training_events(state, {0: again}).training
    assert training.training.step.tolist() == list(range(1, 11))
    assert training.validation.step.tolist() == [9, 14]


def stopped_at_first_step(session: Session, reach: Reach) -> str:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended")
    return session.state.training.run


def test_a_run_goes_on_where_it_was_trained(
    session: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A better device that is there now would not go on exactly."""
    run = stopped_at_first_step(session, reach)
    better = (DeviceInfo("cuda:0", "A GPU that came later", 0), *list_devices())
    monkeypatch.setattr("aestudio.training.device.list_devices", lambda: better)
    session.training.start()
    reach(lambda: session.state.training.phase in ("idle", "ended"))
    training = session.state.training
    assert training.problem is None
    assert training.run == run
    assert training.started is not None
    assert training.started.device == "cpu"


def test_a_run_that_is_opened_while_images_are_looked_for_gets_its_own(
    bare: Session, loader: Any, reach: Reach
) -> None:
    from aestudio.gui.startup.warmup import warm_up

    bare.data.choose("builtin")
    warm_up(bare)
    reach(lambda: bare.state.torch_phase == "ready" and bare.state.data.phase == "ready")
    run = stopped_at_first_step(bare, reach)
    assert (runs_folder() / run / "run.json").exists()
    loader.gate = threading.Event()
    bare.data.choose("auto")
    bare.runs.open(run)
    reach(lambda: bare.state.data.requested == "builtin")
    loader.gate.set()
    reach(lambda: bare.state.data.phase == "ready")
    assert loader.requested_names == ["builtin", "auto", "builtin"]

"""The texts and places of settings that were changed while a run was trained."""

from __future__ import annotations

from types import MappingProxyType

from aestudio.gui.plots.change_marks import ChangeMark
from aestudio.gui.state.reducers import after_events
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.series import Series
from aestudio.gui.views.shared.live_changes import change_marks, change_texts
from aestudio.recipes.library import find_recipe
from aestudio.training.events import CodeUse, LiveChange, MetricPoint, Started

BETA, RATE = "beta", "learning_rate"


def started(step: int) -> Started:
    return Started("run", "cpu", step, 100, 10, 1, 1, 1)


def test_each_text_says_from_what_to_what() -> None:
    recipe = find_recipe("vae")  # β 1, learning rate 0.001
    changes = (LiveChange(5, BETA, 4.0), LiveChange(9, RATE, 0.0005), LiveChange(12, BETA, 0.25))
    assert change_texts(changes, recipe) == ("β 1 → 4", "Learning rate 0.001 → 0.0005", "β 4 → 0.25")


def test_of_a_branch_the_value_before_is_not_known() -> None:
    branch = find_recipe("vae").with_settings({BETA: 4.0})
    assert change_texts((LiveChange(5, BETA, 4.0),), branch) == ("β 4",)


def test_the_marks_lie_at_their_epochs_also_of_an_opened_run() -> None:
    recipe, change = find_recipe("vae"), LiveChange(250, BETA, 4.0)
    expected = (ChangeMark(2.5, "β 1 → 4", 250),)
    assert change_marks(RunState(changes=(change,), started=started(0)), recipe) == expected
    points = Series().with_points([MetricPoint("training", 400, 4.0, {"loss": 1.0})])
    assert change_marks(RunState(changes=(change,), training=points), recipe) == expected
    assert change_marks(RunState(changes=(change,)), recipe) == (), "no axis yet"


def test_the_state_keeps_changes_and_the_use_of_the_code_until_the_step_it_resumes_from() -> None:
    use = CodeUse((1.0,), (0.5,), 0.02, 0.06, 512)
    validations = [MetricPoint("validation", step, step / 100, {"loss": 1.0}, use) for step in (50, 100, 150)]
    bare = MetricPoint("validation", 100, 1.0, {"loss": 1.0})
    changes = [LiveChange(40, BETA, 2.0), LiveChange(100, BETA, 4.0), LiveChange(120, BETA, 8.0)]
    run = after_events(RunState(), [started(0), *changes, *validations, bare])
    assert run.changes == tuple(changes)
    assert run.code_uses == tuple(validations)
    assert run.live[BETA] == 8.0
    resumed = after_events(run, [started(100)])
    assert [change.step for change in resumed.changes] == [40], "the one at 100 is newer than the checkpoint"
    assert [point.step for point in resumed.code_uses] == [50, 100]
    live = MappingProxyType({BETA: 4.0})
    again = after_events(RunState(changes=tuple(changes), live=live), [started(100)])
    assert [change.step for change in again.changes] == [40, 100]

"""The folder of a run is deleted during a training: the window reports it, and where the run is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.training.events import MetricPoint
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


@pytest.mark.thorough
def test_a_run_whose_folder_was_deleted_is_not_called_saved(person: Person) -> None:
    person.show("train")
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and len(person.training.training) > 3)
    run = person.training.run
    folder = runs_folder() / run
    folder.rename(runs_folder().parent / "away")
    person.wait(lambda: person.training.folder is not None)
    rescued = runs_folder() / f"{run} (rescued)"
    assert person.training.folder == rescued
    assert person.state.history.folder == rescued
    person.wait(lambda: person.window.notice.isVisible())
    assert person.training.problem is not None
    assert "moved or deleted" in str(person.training.problem)
    person.click(person.window.left.training.stop)
    person.wait(lambda: person.training.phase == "ended" and person.training.problem is not None)
    person.wait(lambda: str(rescued) in person.state.message.text)
    assert "The run is kept" not in person.state.message.text
    assert not folder.exists()
    kept = KeptRun.at(rescued)
    assert kept.status == "stopped"
    assert person.state.model is not None
    assert kept.snapshot().step == person.state.model.snapshot.step
    steps = [point.step for point in kept.points() if isinstance(point, MetricPoint)]
    assert steps[0] == 1
    assert len(set(steps)) >= len(person.training.training)
    # Resume continues in the new folder, not in one of the old name.
    before = kept.snapshot().step
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and person.step > before)
    person.click(person.window.left.training.stop)
    person.wait(lambda: person.training.phase == "ended")
    person.wait(lambda: "The run is kept" in person.state.message.text)
    assert KeptRun.at(rescued).snapshot().step > before
    assert not folder.exists()


def test_a_run_that_was_removed_elsewhere_is_not_resumed(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and person.step > 0)
    person.click(person.window.left.training.stop)
    person.wait(lambda: person.training.phase == "ended")
    folder = runs_folder() / person.training.run
    KeptRun.at(folder).move_to_trash()
    person.click(person.window.left.training.start)
    person.wait(lambda: "is gone" in person.state.message.text)
    assert not folder.exists()

"""A training that fails in the window resumes from the newest checkpoint in the folder of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.training.loop import TrainingLoop
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    import logging

    from tests.end_to_end.conftest import Person

BREAKS_AT = 40


@pytest.mark.thorough
def test_a_failed_training_resumes_from_the_newest_checkpoint(
    person: Person, logged_errors: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = TrainingLoop.advance

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        if loop.step >= BREAKS_AT:
            raise RuntimeError("the machine broke")
        real(loop, most, phase)

    monkeypatch.setattr(TrainingLoop, "advance", advance)
    person.show("train")
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "idle" and person.training.problem is not None)
    assert len(logged_errors) == 1
    folder = runs_folder() / person.training.run
    newest = KeptRun.at(folder).newest_state().step
    assert newest > 0
    offer = f"Resume continues from step {newest:,}."
    person.wait(lambda: offer in person.state.message.text)
    assert "the machine broke" in person.state.message.text
    checkpoint = person.training.checkpoint
    assert checkpoint is not None
    assert int(checkpoint.counters["step"]) == newest

    monkeypatch.setattr(TrainingLoop, "advance", real)
    assert person.window.left.training.start.text() == "Resume"
    person.click(person.window.left.training.start)
    assert f"going on from step {newest:,}" in person.state.message.text
    person.wait(lambda: person.training.phase == "running" and person.step > newest)
    assert person.training.started is not None
    assert person.training.started.step == newest
    assert person.training.problem is None
    assert runs_folder() / person.training.run == folder
    assert not (folder / "aside").exists(), "no state was newer than the one it resumed from"

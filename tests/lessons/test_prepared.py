"""A lesson is trained and measured ahead: the same bits in any order, against independent computations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.lessons import prepared as prepared_lessons
from aestudio.lessons.handout import handout
from aestudio.lessons.lesson_check import check_prepared
from aestudio.lessons.lesson_checks import recipe_of
from aestudio.lessons.lesson_file import LessonFile, read_lesson
from aestudio.lessons.prepared import Prepared, lesson_folder, prepare, read_prepared
from aestudio.progress import silent
from aestudio.runs.start import start_run
from aestudio.storage.digest import digest_of_arrays
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, Paused
from tests.lessons.conftest import LESSON

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.fixture
def ready(small_lesson: LessonFile, few_digits: Dataset) -> Prepared:
    """The small lesson, prepared."""
    return prepare(small_lesson, silent, few_digits)


def digests(prepared: Prepared, order: list[int]) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    for index in order:
        for name, point in prepared.state(index).points.items():
            found[index, name] = digest_of_arrays(dict(prepared.snapshot(point).weights))
    return found


def test_a_lesson_from_preparation_to_handout(
    ready: Prepared, small_lesson: LessonFile, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one: training takes most of the time."""
    steps = list(range(len(small_lesson.lesson.steps)))
    forward = digests(ready, steps)
    again = read_prepared(small_lesson)
    assert again is not None
    assert digests(again, steps[::-1]) == forward
    assert len(set(forward.values())) == 4  # vae at 0, 12, 26, and free at 24

    # The same numbers as from a training that nobody interrupted but for the change of beta.
    assert forward[2, "vae"] == _trained_alone(small_lesson, few_digits)

    # A mean squared error, computed here from the weights.
    from aestudio.inference.frozen_model import FrozenModel

    def error(index: int) -> float:
        model = FrozenModel(ready.snapshot(ready.state(index).points["vae"]))
        images = few_digits.test.images
        return float(np.square(model.reconstruct_exactly(images) - images / 255).mean())

    assert float(ready.numbers(0)["error"]) == pytest.approx(error(0), rel=0.01)
    assert ready.number(small_lesson.lesson.steps[3].expect[0], 3) == pytest.approx(error(2) / error(0))

    # A guess of a point is where the encoder puts the image.
    measured, spread = ready.measured_of(7)
    frozen = FrozenModel(ready.snapshot(ready.state(7).points["vae"]))
    assert measured == pytest.approx(frozen.encode(few_digits.test.images[4:5]).mean[0], rel=1e-4)
    every = frozen.encode(few_digits.test.images).mean
    assert spread == pytest.approx(np.sqrt(every.var(axis=0).sum()), rel=1e-3)

    # The curve is that of the run's own file, at most so many epochs later.
    run = ready.run_of(ready.state(6).points["vae"])
    per_epoch = run.require_record().steps_per_epoch
    losses = {
        point.step: point.terms["loss"]
        for point in run.points()
        if getattr(point, "split", "") == "validation"
    }
    curve, _ = ready.measured_of(4)
    ends = [12 + number * per_epoch for number in (1, 2)]
    assert curve == tuple(losses[max(step for step in losses if step <= end)] for end in ends)

    checked = check_prepared(ready)
    assert [step.id for step in checked] == [step.id for step in small_lesson.lesson.steps]
    assert not any(step.failures for step in checked)
    assert checked[2].training > 0
    assert checked[3].training == 0

    page = handout(ready, few_digits, silent, notes=True)
    assert "<h1>A small lesson</h1>" in page
    assert page.count("<figure>") >= 1
    assert f"<b>{ready.numbers(3)['left']}</b> is left." in page

    # What is prepared is not trained again.
    def refuse(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(prepared_lessons, "train_ahead", refuse)
    assert digests(prepare(small_lesson, silent, few_digits), steps) == forward


def _trained_alone(file: LessonFile, dataset: Dataset) -> str:
    recipe = recipe_of(file.lesson.runs["vae"])
    assert recipe is not None
    commands = Commands()
    commands.advance(6)
    events = start_run(recipe, dataset, commands, device="cpu", spare_cores=1_000)
    newest = None
    for event in events:
        if isinstance(event, CheckpointTaken):
            newest = event.checkpoint
        if isinstance(event, Paused):
            if event.step == 6:
                commands.change("beta", 4.0)
                commands.advance(6)
            else:
                commands.stop()
    assert newest is not None
    assert newest.snapshot.step == 12
    return digest_of_arrays(dict(newest.snapshot.weights))


def test_a_lesson_that_trains_too_far_says_so(written: Callable[..., Path], few_digits: Dataset) -> None:
    path = written(LESSON.replace("epochs = 4", "epochs = 1"))
    file = read_lesson(path)
    with pytest.raises(StudioError, match=r"trains The VAE to step 26, but it ends at 7.*raise epochs"):
        prepare(file, silent, few_digits)
    assert read_prepared(file) is None
    assert not [one for one in lesson_folder(file).iterdir() if one.is_dir()]  # nothing half is left


def test_an_expectation_that_does_not_hold_is_named(
    written: Callable[..., Path], few_digits: Dataset
) -> None:
    short = LESSON[: LESSON.index('[[steps]]\nid = "curve"')].replace("most = 1.2", "most = 0.001")
    from tests.lessons.conftest import texts_of

    file = read_lesson(written(short, texts_of(("fresh", "ask", "train", "why"))))
    steps = check_prepared(prepare(file, silent, few_digits))
    assert "mse_per_pixel of vae relative to vae at step 0 is" in steps[3].failures[0]
    assert steps[3].failures[0].endswith("expected at most 0.001")

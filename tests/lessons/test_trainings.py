"""The state of a step follows from the file alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.lessons.needs import needs_of
from aestudio.lessons.trainings import MadeChange, TrainingPoint, is_on, states_of

if TYPE_CHECKING:
    from aestudio.lessons.lesson_file import LessonFile


def test_states_follow_the_actions(small_lesson: LessonFile) -> None:
    lesson = small_lesson.lesson
    states = states_of(lesson)
    steps = {step.id: state for step, state in zip(lesson.steps, states, strict=True)}
    assert steps["fresh"].points["vae"].step == 0
    assert steps["fresh"].digit == 4
    trained = steps["train"].points["vae"]
    assert trained.step == 12
    assert trained.training.changes == (MadeChange(6, "beta", 4.0),)
    branched = steps["branch"]
    assert branched.shown == "free"
    assert branched.points["free"].step == 24
    branch = branched.points["free"].training.branch
    assert branch is not None
    assert (branch.step, branch.settings) == (12, (("beta", 0.0),))
    assert branched.points["vae"].step == 12
    assert branched.reached["vae"] == 26
    assert steps["compared"].points["vae"].step == 26
    assert steps["compared"].shown == "vae"


def test_one_training_passes_through_all_points_of_a_run(small_lesson: LessonFile) -> None:
    trainings = needs_of(small_lesson.lesson).trainings
    assert [training.branch is None for training in trainings] == [True, False]
    main, branch = trainings.values()
    assert main == (0, 12, 26)
    assert branch == (24,)


def test_a_point_before_a_change_lies_on_the_training_with_it(small_lesson: LessonFile) -> None:
    states = states_of(small_lesson.lesson)
    fresh, trained = states[0].points["vae"], states[2].points["vae"]
    assert is_on(fresh, trained.training)
    assert is_on(TrainingPoint("vae", fresh.training, 6), trained.training)
    assert not is_on(TrainingPoint("vae", fresh.training, 7), trained.training)
    assert not is_on(trained, fresh.training)

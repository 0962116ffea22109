"""What must hold between the parts of a lesson: names, order of the steps, settings, measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.lessons.actions import Branch, Change
from aestudio.lessons.declared_words import unknown_word
from aestudio.lessons.guesses import CurveGuess, MeasureOf, OrderGuess, PointGuess
from aestudio.lessons.measures import BY_CLASS, curve_names, scalar_names
from aestudio.lessons.trainings import StepState, UnclearState, states_of
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.lessons.declared_lesson import Lesson, LessonRun, Step
    from aestudio.recipes.recipe import Recipe

Place = tuple[str | int, ...]
PRECISION = "float32"
"""Of every run of a lesson: the same numbers on processors that are faster with another one."""


def recipe_of(run: LessonRun) -> Recipe | None:
    """What a run of a lesson trains, settings and all; None for a shipped model.

    Raises BadChoice, StudioError.
    """
    if run.recipe is None:
        return None
    recipe = find_recipe(run.recipe)
    return recipe.with_settings({**run.settings, "seed": run.seed, "precision": PRECISION})


def check_lesson(lesson: Lesson) -> None:
    """Raises UnclearState for the first thing that does not fit, StudioError where a recipe is damaged."""
    _check_names(lesson)
    _check_order(lesson)
    recipes = {name: _checked_recipe(name, run) for name, run in lesson.runs.items()}
    states = states_of(lesson)
    for index, step in enumerate(lesson.steps):
        _check_settings(lesson, step, index, states)
        for place, measured, at in _measured(lesson, index):
            _check_measure(measured, states[at], recipes, place)
        _check_guess(lesson, index, states, recipes)


def _check_names(lesson: Lesson) -> None:
    from aestudio.datasets.catalogue import dataset_names

    if lesson.dataset not in dataset_names():
        raise UnclearState(("dataset",), unknown_word(lesson.dataset, dataset_names()))
    seen: set[str] = set()
    for index, step in enumerate(lesson.steps):
        if step.id in seen:
            raise UnclearState(("steps", index, "id"), f"two steps are called {step.id}")
        seen.add(step.id)


def _check_order(lesson: Lesson) -> None:
    """No explanation before a commitment, and one after each."""
    committed = False
    for index, step in enumerate(lesson.steps):
        if step.phase == "explain" and not committed:
            raise UnclearState(
                ("steps", index, "phase"),
                f"step {step.id} explains before anything was guessed: put a step that predicts before it",
            )
        if step.phase != "predict":
            continue
        committed = True
        _check_reveal(lesson, index)


def _check_reveal(lesson: Lesson, index: int) -> None:
    step = lesson.steps[index]
    place: Place = ("steps", index, "guess", "reveal")
    wanted = None if step.guess is None else step.guess.reveal
    if wanted is not None and wanted not in [one.id for one in lesson.steps]:
        raise UnclearState(place, unknown_word(wanted, [one.id for one in lesson.steps]))
    reveal = lesson.reveal_of(index)
    if reveal is None:
        raise UnclearState(
            ("steps", index), f"nothing is explained after the guess of {step.id}: add a step that explains"
        )
    if reveal <= index or lesson.steps[reveal].phase != "explain":
        raise UnclearState(place, f"{lesson.steps[reveal].id} must come later, and explain")
    between = lesson.steps[index + 1 : reveal]
    if any(one.phase == "explain" for one in between):
        raise UnclearState(place, f"a step before {lesson.steps[reveal].id} explains already")
    if any(one.phase == "predict" for one in between):
        raise UnclearState(place, "another guess comes before what was measured about this one is shown")


def _checked_recipe(name: str, run: LessonRun) -> Recipe | None:
    try:
        return recipe_of(run)
    except BadChoice as problem:
        part = "recipe" if problem.subject == "recipe" else "settings"
        allowed = problem.allowed.split(", ")
        raise UnclearState(
            ("runs", name, part), f"{problem.subject}: {unknown_word(str(problem.value), allowed)}"
        ) from (problem)


def _check_settings(lesson: Lesson, step: Step, index: int, states: tuple[StepState, ...]) -> None:
    """That settings which are changed or branched with exist, and take these values."""
    for number, action in enumerate(step.actions):
        if not isinstance(action, Change | Branch):
            continue
        place: Place = ("steps", index, "actions", number)
        names = [action.run] if isinstance(action, Branch) else [states[index].shown]
        point = states[index].points[names[0]]
        recipe = recipe_of(lesson.runs[point.training.run])
        assert recipe is not None, "a shipped model is not changed"
        values = action.settings if isinstance(action, Branch) else {action.setting: action.value}
        try:
            changed = recipe.with_settings(dict(values))
        except BadChoice as problem:
            raise UnclearState(place, f"{problem.what}. {problem.advice}".rstrip(".")) from problem
        if isinstance(action, Change) and not changed.info(action.setting).live:
            live = [row.name for rows in recipe.settings().values() for row in rows if row.live]
            raise UnclearState(place, f"{action.setting} cannot change while training: {', '.join(live)} can")


def _measured(lesson: Lesson, index: int) -> Iterator[tuple[Place, MeasureOf, int]]:
    """The single numbers that a step needs: where they stand, what they are, in the state of which step."""
    step = lesson.steps[index]
    for name, value in step.values.items():
        yield ("steps", index, "values", name), value, index
    for number, expected in enumerate(step.expect):
        yield ("steps", index, "expect", number), expected, index
    reveal = lesson.reveal_of(index)
    if isinstance(step.guess, MeasureOf) and reveal is not None:
        yield ("steps", index, "guess"), step.guess, reveal


def _check_measure(
    measured: MeasureOf, state: StepState, recipes: dict[str, Recipe | None], place: Place
) -> None:
    for name in filter(None, (measured.run or state.shown, measured.relative_to)):
        recipe = _recipe_at(state, name, recipes, place)
        if recipe is not None and measured.measure not in scalar_names(recipe):
            raise UnclearState((*place, "measure"), unknown_word(measured.measure, scalar_names(recipe)))
    name = measured.run or state.shown
    for field, run, step in (
        ("step", name, measured.step),
        ("relative_step", measured.relative_to or name, measured.relative_step),
    ):
        if step is not None and step > state.reached.get(run, 0):
            raise UnclearState((*place, field), f"{run} has not reached step {step:,} there")


def _recipe_at(state: StepState, name: str, recipes: dict[str, Recipe | None], place: Place) -> Recipe | None:
    point = state.points.get(name)
    if point is None:
        begun = ", ".join(state.points) or "none"
        raise UnclearState((*place, "run"), f"no run called {name!r} has begun there. Begun: {begun}")
    return recipes.get(point.training.run)


def _check_guess(
    lesson: Lesson, index: int, states: tuple[StepState, ...], recipes: dict[str, Recipe | None]
) -> None:
    guess, reveal = lesson.steps[index].guess, lesson.reveal_of(index)
    if reveal is None or not isinstance(guess, CurveGuess | OrderGuess | PointGuess):
        return
    place: Place = ("steps", index, "guess")
    recipe = _recipe_at(states[reveal], guess.run or states[reveal].shown, recipes, place)
    if isinstance(guess, OrderGuess) and guess.measure not in BY_CLASS:
        raise UnclearState((*place, "measure"), unknown_word(guess.measure, BY_CLASS))
    if not isinstance(guess, CurveGuess):
        return
    known = () if recipe is None else curve_names(recipe)
    if guess.measure not in known:
        raise UnclearState((*place, "measure"), unknown_word(guess.measure, known))
    if (guess.run or states[reveal].shown) not in states[index].points:
        raise UnclearState((*place, "run"), "the run whose curve is drawn must have begun before the guess")


def problem_of(error: UnclearState | StudioError) -> tuple[Place, str]:
    """Place and sentence of what is wrong."""
    if isinstance(error, UnclearState):
        return error.place, error.what
    return (), str(error).rstrip(".")

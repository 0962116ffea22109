"""A lesson whose runs were trained ahead and whose numbers were measured: a step opens at once, offline.

Reading it needs no torch and no images; `prepare` makes it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from aestudio.lessons.guesses import ChoiceGuess, CurveGuess, NumberGuess, OrderGuess, PointGuess
from aestudio.lessons.measured_numbers import CODES, SPREAD, curve_value, is_curve, measure_snapshot, tested
from aestudio.lessons.needs import Needs, needs_of
from aestudio.lessons.number_text import number_text
from aestudio.lessons.scores import Outcome, outcome
from aestudio.lessons.training_ahead import TrainedAhead, read_trained, train_ahead, training_key
from aestudio.lessons.trainings import SHIPPED_STEP, TrainingPoint, is_on, measured_points
from aestudio.paths import prepared_lessons_folder
from aestudio.progress import silent
from aestudio.runs.index import find_run
from aestudio.runs.run_record import versions
from aestudio.storage.digest import digest_of_texts
from aestudio.storage.files import read_bytes, replace_file, to_text
from aestudio.storage.json_text import parse_json, table_of
from aestudio.storage.lock import locked
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.lessons.guesses import MeasureOf
    from aestudio.lessons.lesson_file import LessonFile
    from aestudio.lessons.trainings import StepState, Training
    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.events import Snapshot

MEASURED = "measured.json"
LOCK = ".preparing"
MOST_BYTES = 8_000_000
_LOCK_SECONDS = 1.0
_NOT_READY = "Prepare the lesson again: `aestudio lesson prepare`, or Prepare in its window."

Table = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Prepared:
    """A lesson and what was prepared for it.

    trained:  by training; measured: numbers by name, of each point by its key
    """

    file: LessonFile
    needs: Needs
    trained: dict[Training, TrainedAhead] = field(repr=False)
    measured: Table = field(repr=False)

    def state(self, index: int) -> StepState:
        """What a step shows, from 0 on: the same in whatever order steps are opened."""
        return self.needs.states[index]

    def run_of(self, point: TrainingPoint) -> KeptRun:
        """The run that passes through this point; raises StudioError if it is gone."""
        if point.step == SHIPPED_STEP:
            return find_run(str(self.file.lesson.runs[point.name].model))
        return self._home(point).run

    def snapshot(self, point: TrainingPoint) -> Snapshot:
        """The weights at this point, bit for bit those of any other preparation; raises StudioError."""
        run = self.run_of(point)
        return run.snapshot() if point.step == SHIPPED_STEP else run.history_weights(point.step)

    def seconds(self, index: int) -> float:
        """How long the runs of this step trained that no earlier step had, on the preparing machine."""
        before = {
            point for state in self.needs.states[:index] for point in state.points.values() if point.step >= 0
        }
        spent = 0.0
        for point in self.state(index).points.values():
            if point.step == SHIPPED_STEP or point in before:
                continue
            home = self._home(point)
            earlier = [
                home.seconds[one.step] for one in before if self._home(one) is home and one.step <= point.step
            ]
            spent += home.seconds[point.step] - max(earlier, default=0.0)
        return spent

    def number(self, measured: MeasureOf, index: int) -> float:
        """A measured number of the state of this step; raises StudioError if it was not measured."""
        values = [
            self._value(point, measured.measure) for point in measured_points(self.state(index), measured)
        ]
        if len(values) < 2:
            return values[0]
        return values[0] / values[1] if values[1] else float("inf")

    def numbers(self, index: int) -> dict[str, str]:
        """The measured numbers in the texts of this step, by name, as they are written."""
        values = self.file.lesson.steps[index].values
        return {name: number_text(self.number(value, index)) for name, value in values.items()}

    def measured_of(self, index: int) -> tuple[Any, float]:
        """What was measured about the guess of this step, as `scores.outcome` takes it, and the spread."""
        lesson = self.file.lesson
        guess, reveal = lesson.steps[index].guess, lesson.reveal_of(index)
        assert guess is not None
        assert reveal is not None, "a guess is revealed later"
        match guess:
            case ChoiceGuess() | NumberGuess():
                return self.number(guess, reveal), 1.0
            case PointGuess():
                table = self._table(self._point(guess.run, reveal))
                return table[CODES][str(guess.digit)], table[SPREAD]
            case OrderGuess():
                return self._table(self._point(guess.run, reveal))[guess.measure], 1.0
            case CurveGuess():
                return self.curve(index, reveal, guess), 1.0

    def curve(self, index: int, reveal: int, guess: CurveGuess) -> tuple[float, ...]:
        """The values of the guessed curve at the ends of its epochs; raises StudioError if one is missing."""
        begin, point = self._point(guess.run, index), self._point(guess.run, reveal)
        run = self.run_of(point)
        per_epoch = max(1, run.require_record().steps_per_epoch)
        ends = [begin.step + (number + 1) * per_epoch for number in range(guess.epochs)]
        if ends[-1] > point.step:
            raise StudioError(
                f"The curve of step {self.file.lesson.steps[index].id} is drawn to step {ends[-1]:,}, "
                f"but its run only trains to step {point.step:,}",
                where=str(self.file.path),
                advice="Advance further before it is revealed, or ask for fewer epochs.",
            )
        points = run.points()
        values = [curve_value(points, guess.measure, end) for end in ends]
        if None in values:
            raise StudioError(f"{guess.measure} was not measured in every epoch", where=str(self.file.path))
        return tuple(value for value in values if value is not None)

    def outcome(self, index: int, answer: Any) -> Outcome:
        """What an answer to the guess of this step is worth; raises BadChoice, StudioError."""
        guess = self.file.lesson.steps[index].guess
        assert guess is not None, "only a step with a guess has an outcome"
        return outcome(guess, answer, *self.measured_of(index))

    def _point(self, name: str | None, index: int) -> TrainingPoint:
        state = self.state(index)
        return state.points[name or state.shown]

    def _home(self, point: TrainingPoint) -> TrainedAhead:
        for training, steps in self.needs.trainings.items():
            if is_on(point, training) and point.step in steps:
                return self.trained[training]
        raise StudioError(f"{point.name} at step {point.step:,} is not prepared", advice=_NOT_READY)

    def _table(self, point: TrainingPoint) -> dict[str, Any]:
        return self.measured[point_key(self.file, point)]

    def _value(self, point: TrainingPoint, name: str) -> float:
        if is_curve(name):
            value = curve_value(self.run_of(point).points(), name, point.step)
            if value is None:
                raise StudioError(
                    f"{name} has no value yet at step {point.step:,}", where=str(self.file.path)
                )
            return value
        return float(self._table(point)[name])


def lesson_folder(file: LessonFile) -> Path:
    """Where a lesson is prepared."""
    return prepared_lessons_folder() / file.name


def point_key(file: LessonFile, point: TrainingPoint) -> str:
    """The name of what was measured at a point: another one if a number could be another."""
    if point.step == SHIPPED_STEP:
        model = str(file.lesson.runs[point.name].model)
        digest = digest_of_texts([file.lesson.dataset, to_text(versions())])[:12]
        return f"{model}-{digest}/{file.lesson.test_images}"
    return f"{training_key(file, point.training)}@{point.step}/{file.lesson.test_images}"


def read_prepared(file: LessonFile) -> Prepared | None:
    """What was prepared for a lesson; None if it is not there, not whole, or of another version."""
    needs = needs_of(file.lesson)
    folder = lesson_folder(file)
    trained: dict[Training, TrainedAhead] = {}
    for training, steps in needs.trainings.items():
        found = read_trained(folder / training_key(file, training))
        if found is None or not set(steps) <= found.seconds.keys():
            return None
        trained[training] = found
    measured = _read_measured(folder)
    if any(_missing(file, needs, measured, point) != (frozenset(), frozenset()) for point in _asked(needs)):
        return None
    return Prepared(file, needs, trained, measured)


def prepare(
    file: LessonFile,
    progress: Progress = silent,
    dataset: Dataset | None = None,
    data_dir: Path | None = None,
) -> Prepared:
    """Train and measure ahead what is not there yet.

    dataset: that of the lesson, if it is loaded
    Raises StudioError, BadChoice, and what `progress` raises: what was done until then stays.
    """
    needs = needs_of(file.lesson)
    folder = lesson_folder(file)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    data = dataset or load_dataset(file.lesson.dataset, data_dir=data_dir, progress=progress)
    with locked(folder / LOCK, _LOCK_SECONDS):
        trained: dict[Training, TrainedAhead] = {}
        for training, steps in needs.trainings.items():
            base = None if training.branch is None else _base(needs, trained, training)
            trained[training] = _trained(file, training, steps, data, base, progress)
        _remove_others(file, needs)
        measured = _measure(Prepared(file, needs, trained, _read_measured(folder)), data, progress)
    return Prepared(file, needs, trained, measured)


def _base(needs: Needs, trained: dict[Training, TrainedAhead], training: Training) -> KeptRun:
    branch = training.branch
    assert branch is not None
    point = TrainingPoint("", branch.base, branch.step)
    home = next(one for one, steps in needs.trainings.items() if is_on(point, one) and branch.step in steps)
    return trained[home].run


def _trained(
    file: LessonFile,
    training: Training,
    steps: tuple[int, ...],
    dataset: Dataset,
    base: KeptRun | None,
    progress: Progress,
) -> TrainedAhead:
    folder = lesson_folder(file) / training_key(file, training)
    found = read_trained(folder)
    if found is not None and set(steps) <= found.seconds.keys() and not found.run.difference(dataset):
        return found
    return train_ahead(file, training, steps, folder, dataset, base, progress)


def _remove_others(file: LessonFile, needs: Needs) -> None:
    """Remove what was trained for an earlier form of the lesson."""
    keys = {training_key(file, training) for training in needs.trainings}
    for folder in lesson_folder(file).iterdir():
        if folder.is_dir() and folder.name not in keys:
            shutil.rmtree(folder, ignore_errors=True)


def _measure(prepared: Prepared, dataset: Dataset, progress: Progress) -> Table:
    file, needs = prepared.file, prepared.needs
    data = tested(dataset, file.lesson.test_images)
    measured: Table = {}
    for point in _asked(needs):
        key = point_key(file, point)
        measured[key] = {**prepared.measured.get(key, {}), **measured.get(key, {})}
        names, digits = _missing(file, needs, measured, point)
        if names or digits:
            new = measure_snapshot(
                prepared.snapshot(point), _live(prepared, point), data, names, digits, progress
            )
            new[CODES] = {**measured[key].get(CODES, {}), **new.get(CODES, {})}
            measured[key] |= new
            replace_file(
                lesson_folder(file) / MEASURED, to_text(prepared.measured | measured, indent=1).encode()
            )
    return measured


def _live(prepared: Prepared, point: TrainingPoint) -> dict[str, float]:
    """The settings that were changed until this point, with their values."""
    changed = {one.setting: one.value for one in point.training.changes if one.step <= point.step}
    if point.step == SHIPPED_STEP:
        return dict(prepared.run_of(point).require_record().live)
    return changed


def _asked(needs: Needs) -> list[TrainingPoint]:
    return list(dict.fromkeys([*needs.measures, *needs.digits]))


def _missing(
    file: LessonFile, needs: Needs, measured: Table, point: TrainingPoint
) -> tuple[frozenset[str], frozenset[int]]:
    """The names and test images that are not measured yet at this point."""
    table = measured.get(point_key(file, point), {})
    names = {name for name in needs.measures.get(point, ()) if not is_curve(name) and name not in table}
    known = table.get(CODES, {})
    return frozenset(names), frozenset(one for one in needs.digits.get(point, ()) if str(one) not in known)


def _read_measured(folder: Path) -> Table:
    try:
        return cast("Table", table_of(parse_json(read_bytes(folder / MEASURED, MOST_BYTES))))
    except (OSError, ValueError, StudioError):
        return {}

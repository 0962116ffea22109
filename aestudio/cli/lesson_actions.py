"""What `aestudio lesson` can do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from aestudio.cli import loading
from aestudio.cli.output import print_json, print_result, print_warning, table
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.errors import BadChoice, StudioError
from aestudio.lessons.lesson_check import check_prepared
from aestudio.lessons.lesson_library import find_lesson, list_lessons
from aestudio.lessons.lesson_record import lesson_records, records_csv
from aestudio.lessons.prepared import prepare
from aestudio.storage.atomic_file import new_file
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.lessons.lesson_check import CheckedStep
    from aestudio.lessons.lesson_file import LessonFile
    from aestudio.lessons.prepared import Prepared


@dataclass(frozen=True)
class Chosen:
    """What the command line was told."""

    lesson: str
    language: str
    out: Path | None
    overwrite: bool
    notes: bool
    data_dir: Path | None
    json: bool


def _list(chosen: Chosen) -> None:
    lessons, problems = list_lessons(chosen.language)
    if chosen.json:
        print_json([_as_json(file) for file in lessons])
    else:
        rows = [
            (file.name, f"{file.lesson.minutes} min", file.lesson.dataset, file.texts.title)
            for file in lessons
        ]
        print_result(table(rows, ("NAME", "TIME", "DATA SET", "TITLE")) if rows else "There are no lessons.")
    for problem in problems:
        print_warning(problem)


def _as_json(file: LessonFile) -> dict[str, object]:
    lesson, texts = file.lesson, file.texts
    return {
        "name": file.name,
        "file": str(file.path),
        "title": texts.title,
        "summary": texts.summary,
        "minutes": lesson.minutes,
        "dataset": lesson.dataset,
        "steps": [
            {"id": step.id, "phase": step.phase, "title": texts.steps[step.id].title} for step in lesson.steps
        ],
        "slow": lesson.slow,
    }


def _check(chosen: Chosen) -> None:
    prepared, _ = _prepared(chosen)
    steps = check_prepared(prepared)
    failures = [f"{step.id}: {failure}" for step in steps for failure in step.failures]
    if chosen.json:
        print_json(
            {"lesson": prepared.file.name, "steps": [asdict(step) for step in steps], "passed": not failures}
        )
    else:
        print_result(_step_table(steps))
        tested = sum(step.expected for step in steps)
        print_result(f"{tested - len(failures)} of {tested} expectations hold.")
    if failures:
        raise StudioError(
            f"The lesson expects what was not measured ({'; '.join(failures)})",
            where=str(prepared.file.path),
            advice="Correct its expectations and what it says, or train longer.",
        )


def _step_table(steps: tuple[CheckedStep, ...]) -> str:
    rows = [
        (
            step.id,
            step.phase,
            f"{step.training:.1f}" if step.training else "",
            f"{step.opening:.2f}",
            "; ".join(step.failures) or ("prepared: over budget" if step.over_budget else "ok"),
        )
        for step in steps
    ]
    return table(rows, ("STEP", "PHASE", "TRAINING (s)", "OPENING (s)", "RESULT"))


def _prepare(chosen: Chosen) -> None:
    prepared, _ = _prepared(chosen)
    seconds = sum(prepared.seconds(index) for index in range(len(prepared.file.lesson.steps)))
    if chosen.json:
        print_json({"lesson": prepared.file.name, "seconds": seconds})
    else:
        print_result(f"{prepared.file.texts.title}: prepared. Its runs train for {seconds:.0f} s.")


def _handout(chosen: Chosen) -> None:
    from aestudio.lessons.handout import handout

    out = _target(chosen, ".html")
    prepared, dataset = _prepared(chosen)
    with TerminalProgress() as progress:
        page = handout(prepared, dataset, progress, notes=chosen.notes)
    _write(out, page)
    print_result(f"The handout of {prepared.file.texts.title} written to {out}")


def _guesses(chosen: Chosen) -> None:
    records = lesson_records(chosen.lesson or None)
    if chosen.out is None:
        print_result(records_csv(records).rstrip("\n"))
        return
    out = _target(chosen, ".csv")
    _write(out, records_csv(records))
    count = sum(len(record.guesses) for record in records)
    print_result(f"{count:,} guesses of {len(records):,} lessons written to {out}")


def _prepared(chosen: Chosen) -> tuple[Prepared, Dataset]:
    """The lesson, prepared; what was there already stays."""
    file = find_lesson(chosen.lesson, chosen.language)
    dataset = loading.load(file.lesson.dataset, chosen.data_dir)
    with TerminalProgress() as progress:
        return prepare(file, progress, dataset), dataset


def _target(chosen: Chosen, suffix: str) -> Path:
    """The file to write; raises BadChoice, StudioError."""
    if chosen.out is None or chosen.out.suffix != suffix:
        raise BadChoice(
            "--out", "" if chosen.out is None else str(chosen.out), f"a file that ends with {suffix}"
        )
    if is_there(chosen.out) and not chosen.overwrite:
        raise StudioError(
            "This file already exists",
            where=str(chosen.out),
            advice="Choose another name, or add --overwrite.",
        )
    return chosen.out


def _write(path: Path, text: str) -> None:
    with new_file(path) as file:
        file.write(text.encode())


ACTIONS: dict[str, Callable[[Chosen], None]] = {
    "list": _list,
    "check": _check,
    "prepare": _prepare,
    "handout": _handout,
    "guesses": _guesses,
}

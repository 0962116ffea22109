"""What was guessed and measured in a lesson that was given: one file for each time, and all as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from aestudio.errors import StudioError
from aestudio.paths import lesson_records_folder
from aestudio.printable import printable
from aestudio.storage.atomic_file import new_file
from aestudio.storage.files import free_name, read_bytes, to_text
from aestudio.storage.json_text import number, parse_json, table_of

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 8_000_000
COLUMNS = ("lesson", "begun", "step", "question", "kind", "guess", "committed", "measured", "score")


@dataclass(frozen=True)
class KeptGuess:
    """A guess that was committed. measured, score: None until it was revealed; committed: a date, ISO 8601"""

    step: str
    question: str
    kind: str
    guess: Any
    committed: str
    measured: Any = None
    score: float | None = None


@dataclass(frozen=True)
class LessonRecord:
    """One time that a lesson was given. begun: ISO 8601, in UTC"""

    lesson: str
    begun: str
    guesses: tuple[KeptGuess, ...] = field(default=())

    def with_guess(self, guess: KeptGuess) -> LessonRecord:
        """With a guess, which replaces none: the first commitment to a step counts."""
        if any(one.step == guess.step for one in self.guesses):
            return self
        return replace(self, guesses=(*self.guesses, guess))

    def with_measured(self, step: str, measured: Any, score: float) -> LessonRecord:
        """With what was measured about the guess of a step, and its score."""
        guesses = tuple(
            replace(one, measured=measured, score=score) if one.step == step else one for one in self.guesses
        )
        return replace(self, guesses=guesses)


def now_text() -> str:
    """The present time, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def record_path(record: LessonRecord) -> Path:
    """A new file for a record."""
    stamp = record.begun.replace(":", ".")[:19].replace("T", " ")
    return free_name(lesson_records_folder(), f"{record.lesson} {stamp}.json")


def write_lesson_record(record: LessonRecord, path: Path) -> None:
    """Write a record, replacing its file whole or not at all; raises StudioError."""
    with new_file(path) as file:
        file.write(f"{to_text(asdict(record), indent=1)}\n".encode())


def read_lesson_record(path: Path) -> LessonRecord:
    """The record in a file; raises StudioError."""
    try:
        table = table_of(parse_json(read_bytes(path, MOST_BYTES)))
        guesses = tuple(_guess(table_of(one)) for one in table["guesses"])
        return LessonRecord(str(table["lesson"]), str(table["begun"]), guesses)
    except (ValueError, KeyError, TypeError) as error:
        raise StudioError("This record of a lesson is damaged", where=str(path)) from error


def _guess(table: dict[str, Any]) -> KeptGuess:
    score = table.get("score")
    texts = (str(table[name]) for name in ("step", "question", "kind"))
    return KeptGuess(
        *texts,
        guess=table["guess"],
        committed=str(table["committed"]),
        measured=table.get("measured"),
        score=None if score is None else number(score),
    )


def lesson_records(lesson: str | None = None) -> tuple[LessonRecord, ...]:
    """The records of a lesson, or of all, the oldest first; damaged files are left out."""
    found: list[LessonRecord] = []
    for path in sorted(lesson_records_folder().glob("*.json")):
        try:
            record = read_lesson_record(path)
        except StudioError:
            continue
        if lesson in (None, record.lesson):
            found.append(record)
    return tuple(sorted(found, key=lambda record: record.begun))


def records_csv(records: tuple[LessonRecord, ...]) -> str:
    """A line for each guess; several numbers in a cell stand with spaces between."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for record in records:
        for one in record.guesses:
            cells = (one.step, one.question, one.kind, _cell(one.guess), one.committed, _cell(one.measured))
            score = "" if one.score is None else f"{one.score:.4f}"
            table.writerow([record.lesson, record.begun, *map(printable, cells), score])
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return " ".join(f"{name}={_cell(entry)}" for name, entry in table.items())
    if isinstance(value, list | tuple):
        return " ".join(_cell(entry) for entry in cast("list[Any]", value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)

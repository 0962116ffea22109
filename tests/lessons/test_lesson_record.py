"""What was guessed is kept as it was committed, and written as a table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.lessons.lesson_record import (
    COLUMNS,
    KeptGuess,
    LessonRecord,
    lesson_records,
    read_lesson_record,
    record_path,
    records_csv,
    write_lesson_record,
)

if TYPE_CHECKING:
    from pathlib import Path

BEGUN = "2026-11-29T20:00:00+00:00"
FIRST = KeptGuess("ask", "How, much?", "number", 0.4, BEGUN)
SECOND = KeptGuess("order", "In order?", "order", ("1", "0"), BEGUN)


def test_the_first_commitment_counts() -> None:
    record = LessonRecord("small", BEGUN).with_guess(FIRST)
    other = KeptGuess("ask", "How, much?", "number", 0.9, BEGUN)
    assert record.with_guess(other) == record


def test_a_record_reads_back_and_becomes_a_table() -> None:
    record = LessonRecord("small", BEGUN).with_guess(FIRST).with_guess(SECOND)
    record = record.with_measured("ask", 0.5, 0.8).with_measured("order", {"1": 0.25, "0": 0.5}, 1.0)
    path = record_path(record)
    write_lesson_record(record, path)
    assert record_path(record) != path  # another time in the same second has a file of its own
    (read,) = lesson_records("small")
    assert read.guesses[0] == record.guesses[0]
    assert lesson_records("other") == ()
    rows = list(csv.reader(io.StringIO(records_csv(lesson_records()))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1] == ["small", BEGUN, "ask", "How, much?", "number", "0.4", BEGUN, "0.5", "0.8000"]
    assert rows[2][5:] == ["1 0", BEGUN, "1=0.25 0=0.5", "1.0000"]


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"lesson": "small"}')
    with pytest.raises(StudioError, match="damaged"):
        read_lesson_record(path)

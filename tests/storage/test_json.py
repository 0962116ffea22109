"""JSON is read strictly, and an invalid line is skipped without the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.storage import json_lines
from aestudio.storage.files import floats, to_text
from aestudio.storage.json_lines import LONGEST_LINE, read_json_lines
from aestudio.storage.json_text import finite, number, parse_json, whole_number

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"NaN",
        b"-Infinity",
        b"[" * 100_000,
        b'"\xff"',
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b"9" * 5000,
        b'"\xed\xa0\x80"',
        b"\x80",
        b"{'a': 1}",
        b"1 2",
        b"\xff\xfe1\x00",
    ],
)
def test_invalid_json_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_valid_json_is_read() -> None:
    assert parse_json('{"a": [1, 2.5, "ä", "\\ud83d\\ude00", null, true]}'.encode()) == {
        "a": [1, 2.5, "ä", "😀", None, True]
    }


@pytest.mark.parametrize("value", [None, "1", True, 1.0, -1, 2**53 + 1, math.inf, [], {}])
def test_other_values_are_no_whole_numbers(value: object) -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        whole_number(value)


@pytest.mark.parametrize("value", [None, "1", "infinity", True, [], {}, 10**400])
def test_other_values_are_no_numbers(value: object) -> None:
    with pytest.raises(ValueError, match="number"):
        number(value)


def test_finite_numbers_are_numbers() -> None:
    assert (whole_number(0), whole_number(2**53), number("-inf"), finite(3)) == (0, 2**53, -math.inf, 3.0)
    assert math.isnan(number("nan"))
    for value in ("nan", math.inf):
        with pytest.raises(ValueError, match="not finite"):
            finite(value)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.floats()))
def test_every_table_of_numbers_is_restored(table: dict[str, float]) -> None:
    found = floats(parse_json(to_text(table).encode()))
    assert list(found) == list(table)
    assert all(a == b or (a != a and b != b) for a, b in zip(found.values(), table.values(), strict=True))


def test_invalid_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    long = b'"' + b"x" * (3 * LONGEST_LINE) + b'"'
    exact = b'"' + b"y" * (LONGEST_LINE - 3) + b'"\n'
    lines = [b"1", b"", b"{", long, b"2", b'"\xff"', b"NaN", b"[" * 50_000, b"3", exact.strip(), b'{"torn']
    path.write_bytes(b"\n".join(lines))

    def make(value: Any) -> Any:
        if value == 2:
            raise ValueError("not this one")
        return value

    assert list(read_json_lines(path, make)) == [1, 3, "y" * (LONGEST_LINE - 3)]


def test_an_unfinished_line_ends_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MOST_SKIPPED", 300_000)
    path = tmp_path / "lines"
    path.write_bytes(b"1\n" + b" " * 200_000 + b"\n2\n" + b" " * 700_000 + b"\n3\n")
    assert list(read_json_lines(path, int)) == [1, 2]

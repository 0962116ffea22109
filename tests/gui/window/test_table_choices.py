"""What the user chose for the table of runs is kept; an invalid file is ignored."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest

from aestudio.gui.window.runs.table_choices import (
    FILE,
    MAXIMUM_BYTES,
    NAMES,
    WIDEST,
    TableChoices,
    read_choices,
    write_choices,
)
from aestudio.paths import settings_folder

GOOD: dict[str, Any] = {
    "order": list(NAMES),
    "hidden": ["note"],
    "widths": {"date": 90},
    "sorted_by": "best",
    "descending": True,
}


def write(content: bytes) -> None:
    settings_folder().mkdir(parents=True, exist_ok=True)
    (settings_folder() / FILE).write_bytes(content)


def test_what_is_written_is_read() -> None:
    order = ("size", *(name for name in NAMES if name != "size"))
    choices = TableChoices(order, frozenset({"tags"}), MappingProxyType({"size": 70}), "size", True)
    write_choices(choices)
    assert read_choices() == choices


def test_columns_of_another_version_do_not_matter() -> None:
    write(json.dumps(GOOD | {"order": ["size", "colour", "size", "name"], "hidden": ["colour"]}).encode())
    found = read_choices()
    assert found.order[:2] == ("size", "name")
    assert sorted(found.order) == sorted(NAMES)
    assert found.hidden == frozenset()


def test_names_are_always_shown_and_no_column_is_endless() -> None:
    write(json.dumps(GOOD | {"hidden": ["name", "size"], "widths": {"size": 10**9}}).encode())
    found = read_choices()
    assert found.hidden == {"size"}
    assert found.widths == {"size": WIDEST}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff",
        json.dumps(GOOD | {"order": "name"}).encode(),
        json.dumps(GOOD | {"hidden": {"a": 1}}).encode(),
        json.dumps(GOOD | {"widths": {"size": -1}}).encode(),
        json.dumps(GOOD | {"widths": {"size": "wide"}}).encode(),
        json.dumps(GOOD | {"sorted_by": "colour"}).encode(),
        json.dumps(GOOD | {"descending": 1}).encode(),
        json.dumps(GOOD).encode() + b" " * MAXIMUM_BYTES,
    ],
)
def test_an_invalid_file_is_ignored(content: bytes) -> None:
    write(content)
    assert read_choices() == TableChoices()

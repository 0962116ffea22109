"""Reads texts that say something of files, a line for each: CSV, JSON, JSON Lines, as rows of texts."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".txt")
_DELIMITERS = (",", ";", "\t", " ")
_LOOKED_AT = 50  # lines
_FEW = 5  # entries of a table that is around another one
_MOST_ROWS = 2_000_000


@dataclass(frozen=True)
class Lines:
    """names: of the columns, () if none are known; rows: as many texts each"""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def label_lines(content: bytes, suffix: str) -> Lines:
    """The rows of a text; none if it is no table.

    suffix: of the file, ".csv"; of JSON these forms: {file: label}, {file: {column: value}},
            {class: [files]}, [{column: value}], [[file, label]], one of these under "labels", and COCO's
    """
    text = _text(content)
    if text is None:
        return Lines((), ())
    try:
        if suffix == ".jsonl":
            return _of_json([json.loads(line) for line in text.splitlines() if line.strip()])
        if suffix == ".json":
            return _of_json(json.loads(text))
    except (ValueError, RecursionError):
        return Lines((), ())
    return _of_csv(text)


def _text(content: bytes) -> str | None:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _of_csv(text: str) -> Lines:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines or len(lines) > _MOST_ROWS:
        return Lines((), ())
    rows = _cells(lines)
    if len(rows) > 2 and len(rows[0]) == 1 < len(rows[1]):  # CelebA's: how many lines follow
        rows = rows[1:]
    if len(rows) > 1 and len(rows[1]) == len(rows[0]) + 1:  # CelebA's: the names have no title
        rows[0].insert(0, "file")
    width = len(rows[0])
    cells = [tuple(row) for row in rows if len(row) == width]
    return Lines(cells[0], tuple(cells[1:])) if width > 1 and 2 * len(cells) > len(rows) else Lines((), ())


def _cells(lines: list[str]) -> list[list[str]]:
    """The cells of all lines, parted by what gives the lines after the first equally many, more than one."""
    found: list[list[list[str]]] = []
    for delimiter in _DELIMITERS:
        file = io.StringIO("\n".join(line.rstrip() for line in lines))
        rows: list[list[str]] = []
        with suppress(csv.Error):
            for row in csv.reader(file, delimiter=delimiter, skipinitialspace=True):
                rows.append([cell.strip() for cell in row])
        widths = {len(row) for row in rows[1:_LOOKED_AT] or rows}
        if len(widths) == 1 and min(widths) > 1:
            return rows
        found.append(rows)
    return max(found, key=lambda rows: max(map(len, rows), default=0)) or [[]]


def _of_json(content: Any) -> Lines:
    if isinstance(content, dict):
        return _of_table(cast("dict[str, Any]", content))
    entries = cast("list[Any]", content) if isinstance(content, list) else []
    if entries and all(isinstance(entry, dict) for entry in entries):
        return _of_records(cast("list[dict[str, Any]]", entries))
    pairs = [cast("list[Any]", entry) for entry in entries if isinstance(entry, list)]
    if pairs and len(pairs) == len(entries) and all(len(pair) == 2 for pair in pairs):
        return _joined((str(name), value) for name, value in pairs)
    return Lines((), ())


def _of_table(table: dict[str, Any]) -> Lines:
    if {"images", "annotations"} <= table.keys():
        return _of_coco(table)
    values = list(table.values())
    inner: list[Any] = [value for value in values if isinstance(value, (dict, list))]
    if len(inner) == 1 and len(table) < _FEW:  # under "labels", beside a remark
        return _of_json(inner[0])
    if values and all(_is_names(value) for value in values):
        return Lines(("file", "label"), tuple((name, kind) for kind in table for name in table[kind]))
    return _joined(table.items())


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in cast("list[Any]", value))


def _joined(pairs: Iterable[tuple[str, Any]]) -> Lines:
    """Of a name and what it means: a value, several, or several with names."""
    found = list(pairs)
    first = found[0][1] if found else None
    if isinstance(first, dict):
        tables = [(name, cast("dict[str, Any]", value)) for name, value in found if isinstance(value, dict)]
        return _of_records([{"file": name, **table} for name, table in tables])
    if isinstance(first, list):
        width = len(cast("list[Any]", first))
        lists = [(name, cast("list[Any]", value)) for name, value in found if isinstance(value, list)]
        rows = [(name, *map(_cell, values)) for name, values in lists]
        names = ("file", *(f"label {number + 1}" for number in range(width)))
        return Lines(names, tuple(row for row in rows if len(row) == width + 1))
    rows = [(name, _cell(value)) for name, value in found if not isinstance(value, (dict, list))]
    return Lines(("file", "label"), tuple(rows))


def _of_records(records: Sequence[dict[str, Any]]) -> Lines:
    names = tuple(name for name, value in records[0].items() if not isinstance(value, (dict, list)))
    return Lines(names, tuple(tuple(_cell(record.get(name)) for name in names) for record in records))


def _of_coco(table: dict[str, Any]) -> Lines:
    """Images and their first annotations, whose categories have names."""
    try:
        categories = {entry["id"]: str(entry["name"]) for entry in table.get("categories", ())}
        kinds: dict[Any, str] = {}
        for entry in table["annotations"]:
            kind = entry["category_id"]
            kinds.setdefault(entry["image_id"], categories.get(kind, str(kind)))
        rows = [(str(entry["file_name"]), kinds.get(entry["id"], "")) for entry in table["images"]]
    except (KeyError, TypeError):
        return Lines((), ())
    return Lines(("file", "label"), tuple(rows))


def _cell(value: Any) -> str:
    return "" if value is None else str(int(value) if isinstance(value, bool) else value).strip()

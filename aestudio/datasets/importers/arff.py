"""Reads ARFF, the tables of Weka and OpenML, as a table of text: attributes in a head, then a row an image.

The format: "Attribute-Relation File Format (ARFF)", University of Waikato; rows may be sparse: {place value}.
"""

from __future__ import annotations

import csv
import io
import re

from aestudio.datasets.memory_limit import check_free, check_size
from aestudio.storage.damage import Damage

_ATTRIBUTE = re.compile(r"@attribute\s+(\"[^\"]*\"|'[^']*'|\S+)\s+(.*)", re.IGNORECASE)
_MOST_ATTRIBUTES = 1 << 16
DAMAGE = Damage("This ARFF file cannot be read", "Save it again, or save it as .csv.")


def table_of_arff(content: bytes, where: str) -> bytes:
    """The same table as CSV with names; raises ValueError if it is none, StudioError if it is too large.

    The column of the labels is the one of names of classes, if only one is, whatever it is called.
    """
    check_free(4 * len(content), where)
    head, _, body = re.split(r"(?im)^\s*(@data)\b.*$", content.decode("utf-8", "replace"), maxsplit=1)
    found = [match for line in head.splitlines() if (match := _ATTRIBUTE.match(line.strip()))]
    if not 1 < len(found) <= _MOST_ATTRIBUTES:
        raise ValueError(f"its head has {len(found)} attributes")
    names = [match[1].strip("\"'") for match in found]
    nominal = [number for number, match in enumerate(found) if match[2].lstrip().startswith("{")]
    if len(nominal) == 1:
        names[nominal[0]] = "label"
    lines = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith("%")]
    if any(line.lstrip().startswith("{") for line in lines[:1]):
        check_size(2 * len(lines) * len(names), where)
        firsts = {number: _first_name(found[number][2]) for number in nominal}
        lines = [_filled(line, len(names), firsts) for line in lines]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(names)
    quoted = (line.replace("'", '"') if "'" in line else line for line in lines)
    return (text.getvalue() + "\n".join(line.replace("?", "") for line in quoted)).encode()


def _first_name(values: str) -> str:
    return values.strip().removeprefix("{").partition(",")[0].strip(" }\"'")


def _filled(line: str, count: int, firsts: dict[int, str]) -> str:
    """A sparse row with all of its cells: what is not named is 0, of names the first."""
    cells = [firsts.get(number, "0") for number in range(count)]
    for entry in line.strip().strip("{}").split(","):
        place, _, value = entry.strip().partition(" ")
        if place:
            cells[_place(place, count)] = value.strip(" \"'")
    return ",".join(cells)


def _place(text: str, count: int) -> int:
    number = int(text)
    if not 0 <= number < count:
        raise ValueError(f"a row names attribute {number}, and there are {count}")
    return number

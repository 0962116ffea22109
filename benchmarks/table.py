"""The rows of the table that is printed, saved as JSON and shown in README."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADINGS = ("section", "subject", "figure", "measured", "target", "met")
NUMBERS = (3, 4)  # columns aligned to the right


@dataclass(frozen=True)
class Row:
    """One measured value.

    section: "Training on the CPU", ...; subject: "deep-ae, batch 64"; figure: "of the plain loop"
    value, unit: 1.04, "x"; target: in the same unit, or None
    at_least: whether the target is a lower bound (of a speed) or an upper bound (of a lateness)
    note: one line that explains the value; rounds: the values of which `value` is the median, in order
    reason: why the value is missing (NaN); broke: whether the measurement failed
    """

    section: str
    subject: str
    figure: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = True
    note: str = ""
    rounds: tuple[float, ...] = ()
    reason: str = ""
    broke: bool = False

    @classmethod
    def broken(cls, section: str, subject: str, figure: str, reason: str, target: float | None = None) -> Row:
        """A measurement that failed; the command then fails too."""
        return cls(section, subject, figure, math.nan, "", target, reason=reason, broke=True)

    @classmethod
    def not_measured(
        cls, section: str, subject: str, figure: str, why: str, target: float | None = None, unit: str = ""
    ) -> Row:
        """A measurement that this machine cannot do, for instance without a GPU; not a failure."""
        return cls(section, subject, figure, math.nan, unit, target, reason=why)

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None without a target or without a value."""
        if self.target is None or math.isnan(self.value):
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def cells(self) -> tuple[str, ...]:
        """The row as text, one for each of HEADINGS."""
        if self.reason:
            measured = f"{'failed' if self.broke else 'not measured'}: {_one_line(self.reason)}"
        else:
            measured = with_unit(self.value, self.unit)
        target = "" if self.target is None else f"{'≥' if self.at_least else '≤'} {self._target_text()}"
        met = {True: "yes", False: "no", None: ""}[self.met]
        return self.section, self.subject, self.figure, measured, target, met

    def _target_text(self) -> str:
        assert self.target is not None
        number = f"{self.target:,g}" if abs(self.target) < 1e6 else f"{self.target:,.0f}"
        return _joined(number, self.unit)


def with_unit(value: float, unit: str) -> str:
    """A number with three significant digits, or all digits before the point."""
    decimals = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    return _joined(f"{value:,.{min(decimals, 4)}f}", unit)


def _joined(number: str, unit: str) -> str:
    return f"{number}{unit if unit in ('x', '%') else unit and ' ' + unit}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def text_table(rows: Sequence[Row]) -> str:
    """For a terminal: a block for each section, with the meaning of its values."""
    blocks = []
    for section in _sections(rows):
        section_rows = [row for row in rows if row.section == section]
        cells = [HEADINGS[1:], *(row.cells()[1:] for row in section_rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [_aligned(line, widths) for line in cells]
        lines.insert(1, "  ".join("-" * width for width in widths))
        blocks.append("\n".join([section, *lines, *(f"  {line}" for line in meanings(section_rows))]))
    return "\n\n".join(blocks)


def markdown_table(rows: Sequence[Row]) -> str:
    """For README: one table, then a list with the meaning of its values."""
    marks = ["--:" if column in NUMBERS else "---" for column in range(len(HEADINGS))]
    lines = [_piped(HEADINGS), "|" + "|".join(marks) + "|"]
    lines += [_piped([cell.replace("|", "\\|") for cell in row.cells()]) for row in rows]
    explained = [f"- {line}" for line in meanings(rows)]
    return "\n".join([*lines, *(["", *explained] if explained else [])]) + "\n"


def meanings(rows: Iterable[Row]) -> list[str]:
    """One line with the meaning of each figure, in the order of the table, without repetition."""
    return list(dict.fromkeys(f"{row.figure}: {row.note}" for row in rows if row.note))


def _sections(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row.section for row in rows))


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [
        cell.rjust(width) if column + 1 in NUMBERS else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""The results of a run of the benchmarks as JSON: machine, date, settings, every row with all its rounds."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import one_line
from benchmarks.table import Row, markdown_table

# The name of the home folder must not be in published results.
HOME = str(Path.home())


@dataclass(frozen=True)
class Report:
    """The results of one run.

    machine: from `machine.describe`; date: in UTC; rounds, seconds: as in Settings
    """

    machine: dict[str, str]
    date: str
    rounds: int
    seconds: float
    rows: tuple[Row, ...]

    @property
    def broke(self) -> bool:
        """Whether a measurement failed."""
        return any(row.broke for row in self.rows)

    def to_json(self) -> str:
        """The report as JSON; each row also has `met`, and a missing value is null."""
        whole = asdict(self)
        for row, written in zip(self.rows, whole["rows"], strict=True):
            written["value"] = None if math.isnan(row.value) else row.value
            written["reason"] = without_home(row.reason)
            written["met"] = row.met
        return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Read what `to_json` wrote."""
        whole = json.loads(text)
        return cls(**whole | {"rows": tuple(_row(written) for written in whole["rows"])})

    def to_markdown(self) -> str:
        """For README: the machine, the table and the meaning of its values."""
        method = f"Measured {self.date}, the medians of {self.rounds} rounds of {self.seconds:g} s."
        return f"{one_line(self.machine)}. {method}\n\n{without_home(markdown_table(self.rows))}"


def write(path: Path, text: str) -> None:
    """Replace the file atomically; make its folder if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def without_home(text: str) -> str:
    """The text with "~" for the user's own folder."""
    return text.replace(HOME, "~") if len(HOME) > 1 else text


def _row(written: dict[str, Any]) -> Row:
    fields = {name: value for name, value in written.items() if name != "met"}
    value = math.nan if fields["value"] is None else fields["value"]
    return Row(**fields | {"value": value, "rounds": tuple(fields["rounds"])})

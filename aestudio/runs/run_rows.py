"""Kept runs as rows of a list: one declaration for each column, and how rows are sorted and filtered.

A row is made without torch and without weights, of what the index of runs keeps (`search_index.py`) or of the
run's files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice
from aestudio.progress import silent
from aestudio.runs.best_validation import NO_VALIDATION, BestValidation
from aestudio.runs.list_facts import facts_of
from aestudio.runs.listed_run import ListedRun
from aestudio.runs.run_record import UNDER_WAY
from aestudio.runs.run_size import size_of
from aestudio.runs.search_index import remember
from aestudio.sabotage.sabotage_list import marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun

_LEAST_EPOCHS = 0.05
_NONE = "–"


@dataclass(frozen=True, eq=False)
class RunRow:
    """What a list shows of a run. None for what it has not, or what a damaged run does not tell.

    name:   for people: the user's, or what differs from the recipe
    best:   the best validation of the first phase's loss; no value without validation images
    epochs: trained; planned: of the recipe
    beta:   the newest value, if it was changed while training
    size:   bytes on the disk
    """

    run: KeptRun
    name: str
    recipe: str
    dataset: str
    status: str
    best: BestValidation
    epochs: float | None
    planned: int | None
    latent_size: int | None
    beta: float | None
    seed: int | None
    size: int
    date: datetime | None
    note: str
    tags: tuple[str, ...]

    @property
    def under_way(self) -> bool:
        """Whether it was being trained, or paused, when it was read: its figures are of then."""
        return self.status in UNDER_WAY


@dataclass(frozen=True)
class RunColumn:
    """One column. value: for programs and for sorting; text: for people, with its unit.

    name: on the command line; numeric: whether it is aligned to the right; unit: of the row's value, or ""
    """

    name: str
    title: str
    value: Callable[[RunRow], Any]
    text: Callable[[RunRow], str]
    numeric: bool = False
    unit: Callable[[RunRow], str] = lambda row: ""  # noqa: ARG005 - the unit of no row

    def sort_key(self, row: RunRow) -> Any:
        """What rows are sorted by: only values of the same unit are compared; texts as people count."""
        value = self.value(row)
        return (
            (self.unit(row), value) if self.numeric else _natural(value) if isinstance(value, str) else value
        )

    def known(self, row: RunRow) -> bool:
        """Whether the row has a value here."""
        return self.value(row) not in (None, "")


def run_row(run: KeptRun) -> RunRow:
    """The row of a run, also of a damaged one."""
    if isinstance(run, ListedRun):
        facts = run.facts
    elif run.record is not None:
        facts = facts_of(run, run.record)
    else:
        return _damaged_row(run)
    return RunRow(
        run=run,
        name=marked(facts.name if run.labels.title is None else run.labels.title, run.sabotage),
        recipe=facts.recipe,
        dataset=facts.dataset,
        status="shipped" if run.shipped else run.status or "damaged",
        best=facts.best,
        epochs=facts.epochs,
        planned=facts.planned,
        latent_size=facts.latent_size,
        beta=facts.beta,
        seed=facts.seed,
        size=facts.size,
        date=None if run.shipped else facts.created,
        note=run.note,
        tags=run.tags,
    )


def _damaged_row(run: KeptRun) -> RunRow:
    return RunRow(
        run=run,
        name=run.title,
        recipe="",
        dataset="",
        status="shipped" if run.shipped else "damaged",
        best=NO_VALIDATION,
        epochs=None,
        planned=None,
        latent_size=None,
        beta=None,
        seed=None,
        size=size_of(run.folder),
        date=None,
        note=run.note,
        tags=run.tags,
    )


def run_rows(runs: Sequence[KeptRun], progress: Progress = silent) -> tuple[RunRow, ...]:
    """The rows of these runs, in their order; what was read for them is kept in the index of runs."""
    rows: list[RunRow] = []
    for number, run in enumerate(runs):
        progress(number, len(runs), "Reading the runs")
        rows.append(run_row(run))
    remember(runs)
    return tuple(rows)


def sorted_rows(rows: Iterable[RunRow], column: str, descending: bool = False) -> tuple[RunRow, ...]:
    """The rows in the order of a column; those without a value last in any case, equal ones as they were.

    Raises BadChoice for a column that is not there.
    """
    chosen = column_of(column)
    rows = tuple(rows)
    known = [row for row in rows if chosen.known(row)]
    known.sort(key=chosen.sort_key, reverse=descending)
    return (*known, *(row for row in rows if not chosen.known(row)))


def matching_rows(rows: Iterable[RunRow], text: str) -> tuple[RunRow, ...]:
    """The rows that have every word of the text anywhere; "#word" is a whole tag."""
    words = text.casefold().split()
    return tuple(row for row in rows if all(_has(row, word) for word in words))


def column_of(name: str) -> RunColumn:
    """The column of this name; raises BadChoice."""
    for column in COLUMNS:
        if column.name == name:
            return column
    raise BadChoice("column", name, [column.name for column in COLUMNS])


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:.4g}"


def _whole(value: int | None) -> str:
    return _NONE if value is None else str(value)


def _best_text(row: RunRow) -> str:
    return _NONE if row.best.value is None else f"{_number(row.best.value)} {row.best.unit}".strip()


def _epochs_text(row: RunRow) -> str:
    return _NONE if row.epochs is None else epochs_of_text(row.epochs, row.planned)


def epochs_of_text(epochs: float, planned: int | None) -> str:
    """Trained and planned epochs for people: "0.1 of 3", "2 of 2"; all of them only if all were trained."""
    if 0 < epochs < _LEAST_EPOCHS:
        return f"under 0.1 of {planned}"
    text = f"{epochs:.1f}".removesuffix(".0")
    if planned is not None and epochs < planned <= float(text):
        text = f"{planned - 0.1:.1f}"  # it was stopped shortly before the end
    return f"{text} of {planned}"


def size_text(size: int) -> str:
    """Bytes for people: "61 MB", "2.7 MB", "12 kB"."""
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= factor:
            number = size / factor
            return f"{number:.1f} {unit}" if number < 9.95 else f"{number:,.0f} {unit}"
    return f"{size} B"


def _date_text(row: RunRow) -> str:
    return _NONE if row.date is None else f"{row.date.astimezone():%Y-%m-%d %H:%M}"


def _status_text(row: RunRow) -> str:
    return "training" if row.status == "running" else row.status.replace("_", " ")


COLUMNS = (
    RunColumn("name", "Name", lambda row: row.name, lambda row: row.name),
    RunColumn("recipe", "Recipe", lambda row: row.recipe, lambda row: row.recipe or _NONE),
    RunColumn("dataset", "Data set", lambda row: row.dataset, lambda row: row.dataset or _NONE),
    RunColumn("status", "Status", lambda row: row.status, _status_text),
    RunColumn(
        "best", "Best validation", lambda row: row.best.value, _best_text, True, lambda row: row.best.unit
    ),
    RunColumn("epochs", "Epochs", lambda row: row.epochs, _epochs_text, True),
    RunColumn(
        "latent", "Latent size", lambda row: row.latent_size, lambda row: _whole(row.latent_size), True
    ),
    RunColumn("beta", "β", lambda row: row.beta, lambda row: _number(row.beta), True),
    RunColumn("seed", "Seed", lambda row: row.seed, lambda row: _whole(row.seed), True),
    RunColumn("size", "Size", lambda row: row.size, lambda row: size_text(row.size), True, lambda _: "bytes"),
    RunColumn("date", "Begun", lambda row: row.date, _date_text),
    RunColumn("tags", "Tags", lambda row: ", ".join(row.tags), lambda row: ", ".join(row.tags)),
    RunColumn("note", "Note", lambda row: row.note, lambda row: row.note.partition("\n")[0]),
)


def _has(row: RunRow, word: str) -> bool:
    if word.startswith("#") and len(word) > 1:
        return word[1:] in (tag.casefold().replace(" ", "-") for tag in row.tags)
    texts = (row.name, row.run.name, row.recipe, row.dataset, row.status, row.note, *row.tags)
    return any(word in text.casefold() for text in texts)


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """Texts in the order in which people count: "run 2" before "run 10"."""
    parts = re.split(r"([0-9]{1,18})", text.casefold())
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts if part]

"""Kept runs as rows of a list: one declaration for each column, and how rows are sorted and filtered.

A row is made without torch and without weights. Reading it for 500 runs takes under a second the first time;
what is read from a file is kept until the file changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice
from aestudio.recipes.run_titles import run_title
from aestudio.runs.best_validation import NO_VALIDATION, BestValidation, best_validation
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.run_record import UNDER_WAY
from aestudio.runs.run_size import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.run_record import RunRecord

_MOST_CACHED = 5_000
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
    record = run.record
    shipped_or_damaged = "shipped" if run.shipped else run.status or "damaged"
    facts = _facts(run)
    return RunRow(
        run=run,
        name=facts.name,
        recipe="" if record is None else record.recipe.title,
        dataset="" if record is None else record.dataset_title or record.dataset,
        status=shipped_or_damaged,
        best=facts.best,
        epochs=None if record is None else record.epoch,
        planned=None if record is None else record.recipe.training.epochs,
        latent_size=None if record is None else _setting(record, "latent_size"),
        beta=None if record is None else _setting(record, "beta"),
        seed=None if record is None else record.seed,
        size=size_of(run.folder),
        date=None if record is None or run.shipped else record.created,
        note=run.note,
        tags=run.tags,
    )


def run_rows(runs: Iterable[KeptRun]) -> tuple[RunRow, ...]:
    """The rows of these runs, in their order."""
    return tuple(map(run_row, runs))


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


def _setting(record: RunRecord, name: str) -> Any:
    """The newest value of a setting; None if the recipe has none, or it has no effect."""
    recipe = record.recipe
    for rows in recipe.settings().values():
        for info in rows:
            if info.name == name:
                return record.live.get(name, recipe.value(name)) if recipe.has_effect(info) else None
    return None


def _has(row: RunRow, word: str) -> bool:
    if word.startswith("#") and len(word) > 1:
        return word[1:] in (tag.casefold().replace(" ", "-") for tag in row.tags)
    texts = (row.name, row.run.name, row.recipe, row.dataset, row.status, row.note, *row.tags)
    return any(word in text.casefold() for text in texts)


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """Texts in the order in which people count: "run 2" before "run 10"."""
    parts = re.split(r"([0-9]{1,18})", text.casefold())
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts if part]


# ---- what is read from files, until they change ----------------------------------------------------------


@dataclass(frozen=True)
class _Facts:
    name: str
    best: BestValidation


_Stamp = tuple[tuple[int, int, int] | None, ...]
_cache: dict[Path, tuple[_Stamp, _Facts]] = {}


def _facts(run: KeptRun) -> _Facts:
    """Name and best validation; kept until run.json or metrics.jsonl changes."""
    if run.record is None or run.shipped:
        return _Facts(run.title, NO_VALIDATION if run.record is None else best_validation(run))
    stamp = (_stamp(run.folder / RECORD), _stamp(run.folder / METRICS))
    cached = _cache.get(run.folder)
    if cached is None or cached[0] != stamp:
        if len(_cache) >= _MOST_CACHED:
            _cache.clear()
        cached = stamp, _Facts(_begun_with(run, run.record), best_validation(run))
        _cache[run.folder] = cached
    facts = cached[1]
    return facts if run.labels.title is None else _Facts(run.labels.title, facts.best)


def _begun_with(run: KeptRun, record: RunRecord) -> str:
    """The name without the user's: runs of earlier versions were called like their folders."""
    return run.title if record.title != record.name else run_title(record.recipe)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Changes whenever a file is written: files are replaced as a whole, or grow."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size

"""Two to eight kept runs beside each other: what they are called, and the settings in which they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.recipes.differences import value_text
from aestudio.recipes.recipe import SECTIONS
from aestudio.runs.distinct_names import distinct_names
from aestudio.runs.run_rows import run_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aestudio.recipes.setting import SettingInfo
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.run_record import RunRecord

FEWEST, MOST = 2, 8
NO_VALUE = "–"


@dataclass(frozen=True)
class ComparedSetting:
    """One setting of all runs. values: None for a run that has none, or where it has no effect.

    texts: for people; a setting that was moved while training has its first value too: "4 (1 at first)"
    """

    name: str
    title: str
    unit: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs do not all have the same."""
        return len(set(self.texts)) > 1


def require_comparable(runs: Sequence[KeptRun]) -> None:
    """Raises StudioError for fewer than two runs or more than eight, the same one twice, and damaged ones."""
    if not FEWEST <= len(runs) <= MOST:
        raise StudioError(f"{FEWEST} to {MOST} runs are compared, not {len(runs)}")
    folders = [run.folder.resolve() for run in runs]
    for run, folder in zip(runs, folders, strict=True):
        if folders.count(folder) > 1:
            raise StudioError("A run is compared with itself", where=run.name, advice="Name it once.")
        run.require_record()


def run_labels(runs: Sequence[KeptRun]) -> tuple[str, ...]:
    """A name for each run; equal ones are told apart by their time, otherwise by their folder."""
    return distinct_names(run_rows(runs))


def compared_settings(runs: Sequence[KeptRun], every: bool = False) -> tuple[ComparedSetting, ...]:
    """The settings in which the runs differ, in the order of the recipes; raises as `require_comparable`.

    every: those too that all have alike
    """
    require_comparable(runs)
    records = [run.require_record() for run in runs]
    rows = [
        _fact("recipe", "Recipe", records, lambda record: record.recipe.title),
        _fact("dataset", "Data set", records, lambda record: record.dataset_title or record.dataset),
        _fact("network", "Network", records, lambda record: record.recipe.network.title),
        _fact("objective", "Objective", records, lambda record: record.recipe.objective.title),
        *(_setting(info, records) for info in _declared(records)),
    ]
    return tuple(row for row in rows if every or row.differs)


def _fact(
    name: str, title: str, records: Sequence[RunRecord], value: Callable[[RunRecord], str]
) -> ComparedSetting:
    values = tuple(map(value, records))
    return ComparedSetting(name, title, "", values, values)


def _declared(records: Sequence[RunRecord]) -> list[SettingInfo]:
    """Every setting of any of the recipes, each once, section by section."""
    found: dict[tuple[str, str], SettingInfo] = {}
    for section in SECTIONS:
        for record in records:
            for info in record.recipe.settings()[section]:
                found.setdefault((section, info.name), info)
    return list({info.name: info for info in reversed(found.values())}.values())[::-1]


def _setting(info: SettingInfo, records: Sequence[RunRecord]) -> ComparedSetting:
    own = [_value(info.name, record) for record in records]
    values = tuple(newest for newest, _ in own)
    return ComparedSetting(
        info.name, info.title, info.unit, values, tuple(_text(info, *pair) for pair in own)
    )


def _value(name: str, record: RunRecord) -> tuple[Any, Any]:
    """The newest value of the setting and its first; None for a recipe without it, or if it has no effect."""
    recipe = record.recipe
    own = next((info for rows in recipe.settings().values() for info in rows if info.name == name), None)
    if own is None or not recipe.has_effect(own):
        return None, None
    first = recipe.value(name)
    return record.live.get(name, first), first


def _text(info: SettingInfo, newest: Any, first: Any) -> str:
    if newest is None:
        return NO_VALUE
    text = value_text(info, newest)
    return text if newest == first else f"{text} ({value_text(info, first)} at first)"

"""The settings that were changed while a run was trained, as marks of its curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.sabotage.sabotage_list import marked
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.plots.change_marks import ChangeMark
    from aestudio.gui.state.run_state import RunState
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import LiveChange


def change_texts(changes: tuple[LiveChange, ...], recipe: Recipe) -> tuple[str, ...]:
    """ "β 1 → 4" of each change, in order; "β 4" if the value before it is not known, as of a branch."""
    values: dict[str, float] = dict(live_values(recipe))
    texts: list[str] = []
    for change in changes:
        before = values.get(change.name)
        values[change.name] = change.value
        title = _title(change.name, recipe)
        known = before is not None and before != change.value
        texts.append(f"{title} {before:g} → {change.value:g}" if known else f"{title} {change.value:g}")
    return tuple(texts)


def change_marks(run: RunState, recipe: Recipe) -> tuple[ChangeMark, ...]:
    """The marks on an axis of epochs."""
    from aestudio.gui.plots.change_marks import ChangeMark

    texts = change_texts(run.changes, recipe)
    steps = _steps_per_epoch(run)
    if not steps:
        return ()
    pairs = zip(run.changes, texts, strict=True)
    marks = [ChangeMark(change.step / steps, text, change.step) for change, text in pairs]
    if run.sabotage is not None:
        step, text = run.sabotage.step, marked("", run.sabotage.name).strip()
        marks.append(ChangeMark(step / steps, text, step, colour_role="bad"))
    return tuple(sorted(marks, key=lambda mark: mark.x))


def _steps_per_epoch(run: RunState) -> float:
    """Of a run that was opened, what its points say; 0 without any."""
    if run.started is not None:
        return float(run.started.steps_per_epoch)
    for series in (run.training, run.validation):
        if len(series) and series.epoch[-1] > 0:
            return float(series.step[-1] / series.epoch[-1])
    return 0.0


def _title(name: str, recipe: Recipe) -> str:
    known: Mapping[str, str] = {info.name: info.title for rows in recipe.settings().values() for info in rows}
    return known.get(name, name)

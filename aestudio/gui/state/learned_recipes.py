"""Which recipes there are trained models of: shipped with the program, or among the kept runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aestudio.runs.kept_run import KeptRun

Learned = Literal["shipped", "kept"]


def learned_recipes(runs: Iterable[KeptRun]) -> Mapping[str, Learned]:
    """By the names of recipes; a run counts from its first whole epoch on, whatever was changed in it."""
    found: dict[str, Learned] = {}
    for run in runs:
        if run.record is None or run.record.epoch < 1:
            continue
        name = run.record.recipe.name
        if run.shipped or name not in found:
            found[name] = "shipped" if run.shipped else "kept"
    return found

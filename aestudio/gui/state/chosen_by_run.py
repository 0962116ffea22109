"""What the user chose for each run, so that it is there again when the run is. No Qt, no torch."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.training.events import RunKey

Choice = TypeVar("Choice")

MOST_RUNS = 64
"""Runs whose choices are remembered; of more, those in which something was chosen last."""


def remembered(
    chosen: Mapping[RunKey, Choice], run: RunKey, choice: Choice | None
) -> Mapping[RunKey, Choice]:
    """The choices with this one for a run, as the newest; None forgets that of the run."""
    others = {other: one for other, one in chosen.items() if other != run}
    if choice is None:
        return MappingProxyType(others)
    newest = list(others.items())[-(MOST_RUNS - 1) :]
    return MappingProxyType({**dict(newest), run: choice})

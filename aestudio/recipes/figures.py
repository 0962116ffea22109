"""What the shipped recipes reach on MNIST, as it was measured. Written by `tools/recipe_figures.py`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

FIGURES = "figures.json"


@dataclass(frozen=True)
class Figure:
    """One training of a recipe as it is shipped, measured on the 10,000 test images.

    processor_minutes: of all threads; squared_error: per image, None without reconstructions
    further: other figures of merit by the name of their term ("negative_elbo" in nats, "accuracy")
    """

    epochs: int
    steps: int
    seed: int
    processor_minutes: float
    squared_error: float | None
    further: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        return asdict(self)


@cache
def read_figures() -> Mapping[str, Figure]:
    """The figures by the names of their recipes; a recipe that was not measured has none."""
    table: dict[str, Any] = json.loads((resources_folder() / FIGURES).read_text(encoding="utf-8"))
    return {name: Figure(**row) for name, row in table.items()}

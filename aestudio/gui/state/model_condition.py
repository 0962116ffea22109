"""What one model is told of a code, and all that it could be told instead. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import DIGIT_NAMES
from aestudio.inference.conditions import class_of, row_of_class

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.objective import ConditionKind


@dataclass(frozen=True, eq=False)
class ModelCondition:
    """The condition of a model as a chooser shows it.

    architecture: of the model; None without one
    image_sets:   the images whose classes or factors the model is told
    row:          what it is told of the code; None for a model that is told nothing
    chosen:       whether the user chose that; otherwise it is that of the selected image
    foreign:      whether the images are of another data set than the model was trained on: their names are
                  not those of its classes and factors
    """

    architecture: Architecture | None = None
    image_sets: tuple[ImageSet, ...] = ()
    row: ConditionRow | None = None
    chosen: bool = False
    foreign: bool = False

    @property
    def kind(self) -> ConditionKind:
        """What the model is told; "none" without a model."""
        if self.architecture is None or not self.architecture.condition_size:
            return "none"
        return self.architecture.recipe.objective.condition

    @property
    def rows(self) -> tuple[ConditionRow, ...]:
        """A condition for every class; () for a model that is not told a class."""
        if self.architecture is None or self.kind != "labels":
            return ()
        rows = (row_of_class(self.architecture, label) for label in range(self.architecture.condition_size))
        return tuple(row for row in rows if row is not None)

    @property
    def titles(self) -> tuple[str, ...]:
        """The names of the model's classes: those of the images it was trained on, else their numbers."""
        count = 0 if self.architecture is None else self.architecture.data.classes
        names = self.image_sets[0].class_names if self.image_sets and not self.foreign else ()
        if len(names) == count:
            return names
        return DIGIT_NAMES if len(DIGIT_NAMES) == count else tuple(map(str, range(count)))

    @property
    def label(self) -> int | None:
        """The class that the code is decoded as; None for a model that is not told a class."""
        return None if self.row is None or self.kind != "labels" else class_of(self.row)

    @property
    def factor_names(self) -> tuple[str, ...]:
        """The names of the factors that the model is told: those of the images, else their numbers."""
        if self.architecture is None or self.kind != "factors":
            return ()
        count = self.architecture.condition_size
        names = self.image_sets[0].factor_names if self.image_sets and not self.foreign else ()
        return names if len(names) == count else tuple(str(number + 1) for number in range(count))

    @property
    def ranges(self) -> tuple[tuple[str, float, float], ...]:
        """Name, lowest and highest value of each factor, over all the images."""
        names = self.factor_names
        tables = [one.factors for one in self.image_sets if one.factors is not None and len(one)]
        tables = [table for table in tables if table.shape[1] == len(names)]
        if not tables:
            return tuple((name, 0.0, 1.0) for name in names)
        low = np.min([table.min(axis=0) for table in tables], axis=0)
        high = np.max([table.max(axis=0) for table in tables], axis=0)
        return tuple(zip(names, low.tolist(), high.tolist(), strict=True))

"""Which of the training images a run learns from, and what it is told of their labels."""

from __future__ import annotations

from typing import Literal

from aestudio.recipes.setting import Settings, describe, setting


class ImageChoice(Settings):
    """A part of the training images, for lessons: few, of some classes, unequal; labels missing or wrong.

    The test images stay as they are, so that one sees what the model makes of what it has not learned.
    The same settings choose the same images, whatever the seed.
    """

    classes_used: str = setting(
        "",
        title="Classes",
        help="Names of the classes to train on, with commas between; empty for all.",
    )
    class_draw: Literal["all", "balanced", "imbalanced"] = setting(
        "all",
        title="Images of each class",
        help="All; as many of each class as the smallest has (balanced); or fewer from class to class.",
    )
    imbalance: float = setting(
        100.0,
        title="Imbalance",
        unit="times as many",
        gt=1.0,
        le=10_000.0,
        logarithmic=True,
        applies_if=("class_draw", ("imbalanced",)),
        help="How many times as many images the first class has as the last; between them the same factor "
        "from class to class (Cui et al. 2019).",
    )
    first_images: int = setting(
        0,
        title="First images",
        unit="images, 0 = all",
        ge=0,
        le=10_000_000,
        help="How many of the images that are left are taken, from the first on; some are held back.",
    )
    hidden_labels: float = setting(
        0.0,
        title="Hidden labels",
        unit="of all, 0 = none",
        ge=0.0,
        le=1.0,
        help="Share of the training images whose label the model is not told.",
    )
    wrong_labels: float = setting(
        0.0,
        title="Wrong labels",
        unit="of all, 0 = none",
        ge=0.0,
        le=1.0,
        help="Share of the training images that are told as another class, each other one as likely.",
    )

    folds: int = setting(
        0,
        title="Folds",
        unit="parts, 0 = no cross-validation",
        ge=0,
        le=100,
        help="The training images are cut into this many parts with equal shares of each class. One of them "
        "is held back for validation, instead of the last images; a sweep holds back each in turn.",
    )
    fold: int = setting(
        1,
        title="Fold held back",
        ge=1,
        le=100,
        help="Which of the parts is held back, from 1 on.",
    )
    fold_draw: int = setting(
        1,
        title="Draw of the folds",
        ge=1,
        le=1_000,
        help="Another number cuts other parts, for cross-validation that is repeated.",
    )

    @property
    def active(self) -> bool:
        """Whether any of them is set."""
        return self != type(self)()

    @property
    def needs_labels(self) -> bool:
        """Whether it can be carried out with labels only."""
        without = ("first_images", "imbalance", "folds", "fold", "fold_draw")
        return any(
            getattr(self, info.name) != info.default
            for info in describe(type(self))
            if info.name not in without
        )

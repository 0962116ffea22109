"""What a conditional model is told of examples: the class of an image, of a bookmark, or the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.dataset import located
from aestudio.inference.conditions import any_condition, condition_of_image, fits, row_of_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.workspace import Example
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.architecture import Architecture


def condition_of_example(
    architecture: Architecture,
    image_sets: tuple[ImageSet, ...],
    example: Example,
    chosen: ConditionRow | None,
) -> ConditionRow | None:
    """What the model is told of one example; None for a model without conditions.

    image_sets: the sets through which images are numbered; chosen: for drawings, and for codes that were
    kept without a condition. A set of images takes the condition of the first of them.
    Raises StudioError if the model needs labels or factors and the images have none.
    """
    if not architecture.condition_size:
        return None
    if example.condition is not None and fits(architecture, example.condition):
        return example.condition
    number = example.number
    if example.numbers is not None and len(example.numbers):
        number = int(example.numbers[0])
    found = None if number is None else located(image_sets, number)
    if found is not None:
        return condition_of_image(architecture, *found)
    if example.label is not None and 0 <= example.label < architecture.data.classes:
        told = row_of_class(architecture, example.label)
        if told is not None:
            return told
    return chosen if chosen is not None and fits(architecture, chosen) else any_condition(architecture)


def needs_choice(examples: Iterable[Example]) -> bool:
    """Whether what a conditional model is told of one of them depends on what the user chose."""
    return any(
        example.number is None
        and example.numbers is None
        and example.label is None
        and example.condition is None
        for example in examples
    )

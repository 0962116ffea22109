"""What the curves of a run were measured on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import RunState
    from aestudio.recipes.recipe import Recipe

translate = QCoreApplication.translate
_MEASURED_INSTEAD = 1000  # training images, if none are held out (training/loop.py)


def training_name() -> str:
    """Of the points that are means over the steps of the training."""
    return translate("Splits", "Training")


def validation_name(run: RunState, recipe: Recipe) -> str:
    """Of the points that are measured between the steps: on validation images, if there are any."""
    started = run.started
    planned = recipe.training.validation_images or recipe.images.folds
    held_out = planned if started is None else started.validation_images
    if held_out:
        return translate("Splits", "Validation")
    measured = _MEASURED_INSTEAD if started is None else min(_MEASURED_INSTEAD, started.training_images)
    return translate("Splits", "Last {} training images").format(f"{measured:,}")

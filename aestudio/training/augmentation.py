"""Random changes of the training images; torchvision is imported when they are first needed."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Any

import torch

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from aestudio.recipes.augmentation_settings import Augmentation

# The training thread and the preview of the window may come to the import at the same time.
_importing = threading.Lock()


def augment(images: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Images (B, C, H, W), float in [0, 1], changed at random; the same images if everything is off.

    Each image gets random numbers of its own. All of them come from the generator, which is on the images'
    device. Nothing is drawn for what is off; nothing waits for the device, so that a step can be recorded.
    The order is: scale, shear, rotation, shift and elastic deformation in one interpolation, erasing, noise.
    Raises StudioError if torchvision cannot be used.
    """
    if not settings.active:
        return images
    with torch.no_grad():
        return _transforms().pipeline(settings, generator)(images)


def prepare_augmentation(settings: Augmentation) -> None:
    """Import torchvision if `augment` will need it, which takes seconds; raises StudioError if it fails."""
    if settings.active:
        _transforms()


def _transforms() -> Any:
    """The module with the transforms."""
    try:
        with _importing:
            return importlib.import_module("aestudio.training.augmentation_transforms")
    # Beside ImportError: a torchvision built for another torch raises what its compiled parts raise.
    except (ImportError, RuntimeError, OSError, AttributeError) as error:
        reason = str(error).strip().split("\n")[0]
        raise StudioError(
            f"Augmentation needs torchvision, which cannot be used ({reason})"[:400],
            where="torchvision",
            advice="Install torch and torchvision from the same place, or switch the augmentation off.",
        ) from error

"""Whether there is memory for a training; checked on the window's thread before the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.memory import available_memory
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.memory_estimate import check_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.device import DeviceInfo


def memory_problem(recipes: Sequence[Recipe], state: StudioState) -> StudioError | None:
    """Why these recipes cannot be trained at once on the chosen data and device, or None."""
    device = chosen_device(state)
    try:
        architectures = [Architecture(recipe, state.data_shape) for recipe in recipes]
        check_memory(architectures, memory_of(device), gpu=is_gpu(device))
    except StudioError as problem:
        return problem
    return None


def chosen_device(state: StudioState) -> DeviceInfo | None:
    """The device that Start would train on; None while torch is loading."""
    if state.device == "auto":
        return state.devices[0] if state.devices else None
    return next((device for device in state.devices if device.name == state.device), None)


def is_gpu(device: DeviceInfo | None) -> bool:
    """Whether the device is a GPU, with its own memory."""
    return device is not None and device.name.startswith("cuda")


def memory_of(device: DeviceInfo | None) -> int:
    """Bytes available; for a GPU its total, because asking for the free memory could wait for the GPU."""
    return device.memory if device is not None and is_gpu(device) else available_memory()

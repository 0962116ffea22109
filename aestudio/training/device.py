"""The devices to train on, and how the CPU is used."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, cast

import torch

from aestudio.errors import BadChoice
from aestudio.memory import available_memory, physical_memory


@dataclass(frozen=True)
class DeviceInfo:
    """One device: its name ("cuda:0", "mps", "cpu"), its title, its memory in bytes (0 unknown)."""

    name: str
    title: str
    memory: int


def list_devices() -> tuple[DeviceInfo, ...]:
    """Every usable device, the best first: CUDA, then MPS, then the CPU."""
    found: list[DeviceInfo] = []
    # A driver too old for this torch counts its devices but cannot use them.
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        properties = cast("Any", torch.cuda).get_device_properties(index)  # untyped in torch
        found.append(DeviceInfo(f"cuda:{index}", properties.name, properties.total_memory))
    if torch.backends.mps.is_available():
        found.append(DeviceInfo("mps", "Apple GPU (Metal)", int(torch.mps.recommended_max_memory())))
    found.append(DeviceInfo("cpu", f"CPU, {os.cpu_count() or 1} cores", physical_memory()))
    return tuple(found)


def choose_device(name: str = "auto") -> torch.device:
    """The device of that name, "auto" for the best; raises BadChoice if there is none."""
    devices = [device.name for device in list_devices()]
    if name == "auto":
        return torch.device(devices[0])
    if name == "cuda" and devices[0].startswith("cuda"):
        return torch.device(devices[0])
    if name not in devices:
        raise BadChoice("device", name, ["auto", *devices])
    return torch.device(name)


def prepare_device(device: torch.device) -> None:
    """Set a GPU to TF32 products and to deterministic kernels."""
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.deterministic = True


def memory_free(device: torch.device) -> int:
    """Bytes that a training may still take on the device; 0 if unknown."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        # Memory that torch has reserved but not allocated is free as well.
        return int(free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    return available_memory()


def memory_used(device: torch.device) -> int:
    """Bytes in use: of the GPU by this process, or resident memory of the process on the CPU."""
    if device.type == "cuda":
        return int(torch.cuda.memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.current_allocated_memory())
    return _resident_memory()


def _resident_memory() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError, ValueError):
        return 0

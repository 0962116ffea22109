"""Devices: the best first, and a clear refusal."""

from __future__ import annotations

import pytest
import torch

from aestudio.errors import BadChoice
from aestudio.training.device import choose_device, list_devices, memory_used


def test_the_cpu_is_always_there_and_last() -> None:
    devices = list_devices()
    assert devices[-1].name == "cpu"
    assert devices[-1].memory > 10**8
    assert str(choose_device()) == devices[0].name
    assert choose_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("name", ["", "gpu", "cuda:99", "abacus"])
def test_unknown_devices_name_the_allowed_ones(name: str) -> None:
    with pytest.raises(BadChoice, match="auto") as raised:
        choose_device(name)
    assert "cpu" in raised.value.allowed


def test_memory_of_this_process() -> None:
    assert 10**7 < memory_used(torch.device("cpu")) < 10**12

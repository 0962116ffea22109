"""Going on where another kind of device trained: its random state means nothing here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, Ended, MetricPoint, Paused
from tests.training.conftest import events_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint


def halted(digits: Dataset) -> Checkpoint:
    """A checkpoint of the VAE after 5 steps, with the 16 bytes that a CUDA generator gives."""
    commands = Commands()
    commands.advance(5)
    found = None
    for event in events_of(digits, commands):
        if isinstance(event, CheckpointTaken):
            found = event.checkpoint
        elif isinstance(event, Paused):
            commands.stop()
    assert found is not None
    return replace(found, noise=np.arange(16, dtype=np.uint8))


def losses(digits: Dataset, checkpoint: Checkpoint) -> list[float]:
    events = list(events_of(digits, checkpoint=checkpoint))
    assert isinstance(events[-1], Ended)
    assert events[-1].reason == "finished"
    return [event.terms["loss"] for event in events if isinstance(event, MetricPoint)]


def test_it_goes_on_and_the_same_twice(few_digits: Dataset) -> None:
    checkpoint = halted(few_digits)
    first = losses(few_digits, checkpoint)
    assert len(first) == 13 + 3  # steps 6 to 18, and the validations that were left
    assert first == losses(few_digits, checkpoint)

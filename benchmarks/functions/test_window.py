"""Functions that the window calls for each mouse movement and for the events of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.reducers import with_training_events
from aestudio.gui.state.studio_state import StudioState
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe
from aestudio.training.events import MetricPoint
from aestudio.training.initial import initial_snapshot

if TYPE_CHECKING:
    from benchmarks.functions.conftest import Measured

EVENTS = 1000


def test_decode_for_a_slider(measured: Measured) -> None:
    frozen_model = FrozenModel(initial_snapshot(find_recipe("conv-vae"), MNIST))
    code = np.zeros((1, 10), np.float32)
    images = measured("one image of `conv-vae`, as for a slider", frozen_model.decode, code)
    assert images.shape == (1, *MNIST.image.array)


def test_thousand_events(measured: Measured) -> None:
    terms = {"loss": 1.0, "reconstruction": 0.5, "kl": 0.5}
    points = [MetricPoint("training", step, step / 100, terms) for step in range(EVENTS)]
    state = StudioState(recipe=find_recipe("vae"))
    after = measured(
        f"the session's state after {EVENTS:,} metric points at once",
        with_training_events,
        state,
        {0: points},
    )
    assert len(after.training.training) == EVENTS

"""What the explored model itself tells: a code of its prior, and facts about a discrete code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import StudioError
from aestudio.gui.state.model_state import random_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.inference.frozen_model import FrozenModel


def drawn_code(
    store: Store, model: ExploredModel, frozen_model: FrozenModel | None
) -> NDArray[np.float32] | None:
    """A random code float32 (L,); None if the prior is learned and cannot be drawn from, or not yet.

    frozen_model: the model's module, None until it is there, soon after the model was chosen
    """
    generator = np.random.default_rng()
    if not model.snapshot.architecture.latent.learned_prior:
        return random_code(model, generator)
    if frozen_model is None:
        return None
    try:
        return frozen_model.sample_prior(1, generator)[0]
    except StudioError as problem:
        store.show_message(str(problem), "warn")
        return None


def entries_and_density(
    store: Store, frozen_model: FrozenModel, code: NDArray[np.float32]
) -> tuple[NDArray[np.float32] | None, float | None]:
    """What the entries of a discrete code (L,) stand for, (P,), and its log-density under a learned prior."""
    latent = frozen_model.snapshot.architecture.latent
    if not latent.choices:
        return None, None
    try:
        entries = frozen_model.points(code[None])[0]
        densities = frozen_model.prior_log_density(code[None]) if latent.learned_prior else None
    except StudioError as problem:
        store.show_message(str(problem), "warn")
        return None, None
    return entries, None if densities is None else float(densities[0])

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

def optimize_layout_euclidean(
    head_embedding: NDArray[np.float32],
    tail_embedding: NDArray[np.float32],
    head: NDArray[np.int32],
    tail: NDArray[np.int32],
    n_epochs: int,
    n_vertices: int,
    epochs_per_sample: NDArray[np.float64],
    a: float,
    b: float,
    rng_state: NDArray[np.int64],
    *,
    initial_alpha: float,
    move_other: bool,
    tqdm_kwds: Mapping[str, Any],
) -> NDArray[np.float32]: ...

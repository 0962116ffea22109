from typing import Any

import numpy as np
from numpy.typing import NDArray

def find_ab_params(spread: float, min_dist: float) -> tuple[float, float]: ...
def make_epochs_per_sample(weights: NDArray[Any], n_epochs: int) -> NDArray[np.float64]: ...

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from openTSNE.affinity import PerplexityBasedNN

# A subclass of numpy.ndarray.
class TSNEEmbedding(NDArray[np.float64]):
    def __new__(
        cls,
        embedding: NDArray[np.float64],
        affinities: PerplexityBasedNN,
        *,
        learning_rate: float | str,
        n_jobs: int,
        negative_gradient_method: str,
        callbacks_every_iters: int,
    ) -> TSNEEmbedding: ...
    def optimize(
        self,
        n_iter: int,
        *,
        exaggeration: float = ...,
        momentum: float,
        inplace: bool,
        callbacks: Callable[[int, float, NDArray[np.float64]], object],
    ) -> TSNEEmbedding: ...

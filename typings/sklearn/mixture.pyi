import numpy as np
from numpy.typing import NDArray

class GaussianMixture:
    weights_: NDArray[np.float64]
    means_: NDArray[np.float64]
    covariances_: NDArray[np.float64]
    def __init__(self, n_components: int, *, random_state: int, max_iter: int, reg_covar: float) -> None: ...
    def fit(self, X: NDArray[np.float64], /) -> GaussianMixture: ...  # noqa: N803 - the name in scikit-learn

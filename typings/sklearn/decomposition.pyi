import numpy as np
from numpy.typing import NDArray

class PCA:
    components_: NDArray[np.float32]
    explained_variance_: NDArray[np.float32]
    explained_variance_ratio_: NDArray[np.float32]
    def __init__(self, n_components: int, *, svd_solver: str, random_state: int) -> None: ...
    def fit(self, X: NDArray[np.float32], /) -> PCA: ...  # noqa: N803 - the name in scikit-learn

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

class RandomForestRegressor:
    def __init__(self, n_estimators: int, *, random_state: int, n_jobs: int) -> None: ...
    def fit(self, X: Numbers, y: Numbers, /) -> RandomForestRegressor: ...  # noqa: N803 - the name in scikit-learn
    def predict(self, X: Numbers, /) -> Numbers: ...  # noqa: N803

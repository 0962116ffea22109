import numpy as np
from numpy.typing import NDArray

class PrecomputedNeighbors:
    def __init__(self, neighbors: NDArray[np.int64], distances: NDArray[np.float32]) -> None: ...

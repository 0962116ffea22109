import numpy as np
from numpy.typing import NDArray

def skeletonize(image: NDArray[np.bool_]) -> NDArray[np.bool_]: ...

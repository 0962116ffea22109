from typing import Any

import numpy as np
from numpy.typing import NDArray

def zoom(
    image: NDArray[Any],
    zoom: tuple[float, ...],
    /,
    *,
    order: int = ...,
    mode: str = ...,
    grid_mode: bool = ...,
) -> NDArray[np.float64]: ...
def gaussian_filter1d(image: NDArray[Any], sigma: float, /, axis: int = ...) -> NDArray[np.float64]: ...
def distance_transform_edt(image: NDArray[Any], /) -> NDArray[np.float64]: ...

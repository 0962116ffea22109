import numpy as np
from numpy.typing import NDArray

class ArpackError(RuntimeError): ...

def eigsh(
    A: NDArray[np.float64],  # noqa: N803 - the name in scipy
    k: int = ...,
    *,
    which: str = ...,
    v0: NDArray[np.float64] | None = ...,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...

from numpy import float64
from numpy.typing import NDArray

class ArpackError(RuntimeError): ...

def eigsh(
    A: NDArray[float64],  # noqa: N803 - the name in scipy
    k: int = ...,
    *,
    which: str = ...,
    v0: NDArray[float64] | None = ...,
) -> tuple[NDArray[float64], NDArray[float64]]: ...

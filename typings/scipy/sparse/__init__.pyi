from typing import Any

import numpy as np
from numpy.typing import NDArray

class csr_array:  # noqa: N801 - the name in scipy
    @property
    def T(self) -> csc_array: ...  # noqa: N802 - the name in scipy
    def __add__(self, other: csr_array) -> csr_array: ...
    def __sub__(self, other: csr_array) -> csr_array: ...
    def multiply(self, other: csr_array) -> csr_array: ...
    def tocoo(self) -> coo_array: ...

class csc_array:  # noqa: N801 - the name in scipy
    def tocsr(self) -> csr_array: ...

class coo_array:  # noqa: N801 - the name in scipy
    data: NDArray[np.float64]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    shape: tuple[int, int]
    def __init__(
        self,
        arg1: tuple[NDArray[np.float64], tuple[NDArray[Any], NDArray[Any]]],
        *,
        shape: tuple[int, int],
    ) -> None: ...
    def tocsr(self) -> csr_array: ...

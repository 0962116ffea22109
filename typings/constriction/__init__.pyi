from typing import overload

import numpy as np
from numpy.typing import NDArray

# Submodules that the compiled library makes by itself; they cannot be imported by their names.
class stream:  # noqa: N801
    class model:  # noqa: N801
        class Categorical:
            def __init__(
                self, probabilities: NDArray[np.float64] | None = ..., *, perfect: bool = ...
            ) -> None: ...

    class stack:  # noqa: N801
        class AnsCoder:
            def __init__(self, compressed: NDArray[np.uint32] | None = ...) -> None: ...
            def encode_reverse(
                self,
                symbols: NDArray[np.int32],
                model: stream.model.Categorical,
                probabilities: NDArray[np.float64] = ...,
            ) -> None: ...
            @overload
            def decode(self, model: stream.model.Categorical, count: int) -> NDArray[np.int32]: ...
            @overload
            def decode(
                self, model: stream.model.Categorical, probabilities: NDArray[np.float64]
            ) -> NDArray[np.int32]: ...
            def pos(self) -> tuple[int, int]: ...
            def get_compressed(self) -> NDArray[np.uint32]: ...

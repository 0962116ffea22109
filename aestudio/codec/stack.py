"""The stack of an entropy coder: ANS (Duda et al. 2015), by the library `constriction`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from constriction import stream as coders
    from numpy.typing import NDArray

WORD = 32  # bits of a word of the stack


class Stack:
    """Bits, the last ones on top: `push` codes symbols, `pop` decodes them, in the opposite order.

    Each undoes the other exactly, whichever comes first: popping under any probabilities and pushing the same
    symbols back leaves the stack as it was. Bits-back coding rests on it.
    """

    def __init__(self, words: NDArray[np.uint32] | None = None) -> None:
        from constriction import stream

        coder = stream.stack.AnsCoder
        self._coder = coder() if words is None or not len(words) else coder(words)
        # The library gives each symbol 1 and scales the rest to 2^24 minus their number. Our tables less 1
        # have exactly that sum, so that it uses them as they are.
        self._model = stream.model.Categorical(perfect=False)

    def push(self, symbols: NDArray[np.int64], frequencies: NDArray[np.int64]) -> None:
        """Code symbols (N,), each under its row of frequencies (N, K) out of 2^24."""
        if len(symbols):
            self._coder.encode_reverse(
                symbols.astype(np.int32), self._model, (frequencies - 1).astype(np.float64)
            )

    def pop(self, frequencies: NDArray[np.int64]) -> NDArray[np.int64]:
        """Decode a symbol for each row of frequencies (N, K) out of 2^24: (N,)."""
        if not len(frequencies):
            return np.empty(0, np.int64)
        return self._coder.decode(self._model, (frequencies - 1).astype(np.float64)).astype(np.int64)

    def push_alike(self, symbols: NDArray[np.int64], frequencies: NDArray[np.int64]) -> None:
        """Code symbols (N,), all under the same frequencies (K,); what is certain takes nothing."""
        if len(frequencies) > 1:
            self._coder.encode_reverse(symbols.astype(np.int32), self._of(frequencies))

    def pop_alike(self, count: int, frequencies: NDArray[np.int64]) -> NDArray[np.int64]:
        """Decode `count` symbols that were coded under the same frequencies (K,): (count,)."""
        if len(frequencies) == 1:
            return np.zeros(count, np.int64)
        return self._coder.decode(self._of(frequencies), count).astype(np.int64)

    def _of(self, frequencies: NDArray[np.int64]) -> coders.model.Categorical:
        from constriction import stream

        return stream.model.Categorical((frequencies - 1).astype(np.float64), perfect=False)

    @property
    def bits(self) -> float:
        """How much is on the stack, in bits with their fractions."""
        words, state = self._coder.pos()
        return WORD * words + (math.log2(state) if state > 0 else 0.0)

    def words(self) -> NDArray[np.uint32]:
        """All of it as words (W,), to be written."""
        return self._coder.get_compressed()


def to_bytes(words: NDArray[np.uint32]) -> bytes:
    """Words (W,), the lowest byte of each first, without the zeros at the end of the last one."""
    return words.astype("<u4").tobytes().rstrip(b"\0")


def from_bytes(data: bytes) -> NDArray[np.uint32]:
    """The words (W,) in bytes as `to_bytes` made them; raises ValueError for others."""
    if data.endswith(b"\0"):
        raise ValueError("the coded numbers end with a zero")
    whole = data + bytes(-len(data) % 4)
    return np.frombuffer(whole, "<u4").astype(np.uint32)

"""Digests of arrays and texts, which detect any changed bit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

BYTES = 16  # 128 bits; nothing here is secret


def digest_of_arrays(arrays: Mapping[str, NDArray[Any]]) -> str:
    """Hexadecimal BLAKE2b over names, types, shapes and numbers of the arrays (any shape), in any order."""
    digest = hashlib.blake2b(digest_size=BYTES)
    for name, array in sorted(arrays.items()):
        whole = np.ascontiguousarray(array)
        head = f"{name}\0{whole.dtype.str}\0{','.join(map(str, array.shape))}\0{whole.nbytes}\0"
        digest.update(head.encode())
        digest.update(whole.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def digest_of_texts(texts: Iterable[str]) -> str:
    """Hexadecimal BLAKE2b over texts in their order."""
    digest = hashlib.blake2b(digest_size=BYTES)
    for text in texts:
        data = text.encode()
        digest.update(f"{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()

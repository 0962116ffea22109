"""Remembers what a part of the window shows, so that the part updates only what changed."""

from __future__ import annotations

from typing import Any

from aestudio.datasets.image_shape import DataShape, ImageShape

# A shape is made anew each time that a data set is asked for it.
_BY_VALUE = (int, float, str, bool, type(None), DataShape, ImageShape)


class Shown:
    """Compares states by identity, numbers, texts and shapes by value.

    States are immutable, and the contents of arrays are never compared.
    """

    def __init__(self) -> None:
        self._parts: tuple[Any, ...] | None = None

    def differs(self, *parts: Any) -> bool:
        """Whether these are not the parts of the last call; they are remembered."""
        old, self._parts = self._parts, parts
        return old is None or len(old) != len(parts) or not all(map(_same, old, parts))

    def forget(self) -> None:
        """Make the next call return True."""
        self._parts = None


def _same(old: Any, new: Any) -> bool:
    return old is new or (isinstance(new, _BY_VALUE) and type(old) is type(new) and old == new)

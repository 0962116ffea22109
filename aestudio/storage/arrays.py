"""Type and shape of an array in a file, known before its numbers are read, and rules for them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DIMENSIONS = 32
LONGEST = 2**47  # more bytes than any memory has; products of it still fit into 64 bits

Kind = Literal["text", "float32", "uint8", "int64", "bool"]
Length = int | str


@dataclass(frozen=True)
class ArrayInfo:
    """Type and shape of an array in a file."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Memory that its numbers take."""
        return math.prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True)
class ArrayRule:
    """The required type, shape and values of an array.

    kind:   "text" for unicode of any length, otherwise the exact type
    shape:  for each dimension its length, or a name; lengths of the same name must be equal
    finite: whether NaN and infinity are refused
    most:   how far its numbers may be from 0; with `finite`
    """

    kind: Kind
    shape: tuple[Length, ...]
    finite: bool = False
    most: float = math.inf


def check_shape(shape: object) -> tuple[int, ...]:
    """The shape of an array, read from a file; raises ValueError for an impossible one."""
    if not isinstance(shape, list | tuple):
        raise ValueError("its shape is not a list of lengths")
    lengths = cast("list[object]", shape)
    if len(lengths) > MOST_DIMENSIONS:
        raise ValueError("its shape is not a list of lengths")
    checked = tuple(length for length in lengths if type(length) is int and 0 <= length <= LONGEST)
    if len(checked) < len(lengths):
        raise ValueError(f"its shape is impossible: {str(lengths)[:60]}")
    return checked


def check_array(name: str, info: ArrayInfo, rule: ArrayRule, lengths: dict[str, int]) -> None:
    """Raises ValueError unless the array fits the rule; lengths with a name are learned and compared."""
    fits = info.dtype.kind == "U" if rule.kind == "text" else info.dtype == np.dtype(rule.kind)
    empty = info.shape == (0,)  # numpy's array of an empty list has no other dimensions
    if not fits or not (empty or len(info.shape) == len(rule.shape)):
        raise ValueError(f"{name} is {info.dtype} with {len(info.shape)} dimensions")
    for length, rule_length in zip(info.shape, rule.shape, strict=not empty):
        expected = lengths.setdefault(rule_length, length) if isinstance(rule_length, str) else rule_length
        if length != expected:
            raise ValueError(f"{name} has length {length:,} where {expected:,} is expected")


def check_values(name: str, array: NDArray[Any], rule: ArrayRule) -> None:
    """Raises ValueError for bad texts, numbers not finite or too large, booleans above 1; any shape."""
    if rule.kind == "text":
        check_texts(name, array)
    elif rule.kind == "bool" and array.size and array.view(np.uint8).max() > 1:
        raise ValueError(f"{name} holds values other than true and false")
    elif rule.finite and not np.isfinite(array).all():
        raise ValueError(f"{name} holds numbers that are not finite")
    elif rule.most < math.inf and array.size and np.abs(array).max() > rule.most:
        raise ValueError(f"{name} holds numbers beyond {rule.most:,.0f}")


def check_texts(name: str, array: NDArray[Any]) -> None:
    """Raises ValueError if texts, any shape, hold invalid characters: numpy would find them one by one."""
    native = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("="))
    characters = native.reshape(-1).view(np.uint32) if native.dtype.itemsize else np.zeros(0, np.uint32)
    if (characters > 0x10FFFF).any() or ((characters >= 0xD800) & (characters <= 0xDFFF)).any():
        raise ValueError(f"{name} holds values that are not text")


def in_shape(array: NDArray[Any], rule: ArrayRule, lengths: dict[str, int]) -> NDArray[Any]:
    """A checked array with the dimensions of the rule: own shape, or (0, ...) if saved from an empty list."""
    if array.size or array.ndim == len(rule.shape):
        return array
    rest = (lengths.get(length, 0) if isinstance(length, str) else length for length in rule.shape[1:])
    return array.reshape(0, *rest)

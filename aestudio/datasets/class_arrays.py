"""Arrays of images of which each is one class: a file or an array for each, as drawings are published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.labels import in_natural_order
from aestudio.datasets.row_reader import Rows, array_of, rows_of
from aestudio.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.progress import Progress

Shape = tuple[int, ...]

_WORD = re.compile(r"[^\W\d_]+|\d+")
# What arrays are called that are pieces of one: their numbers are no classes.
_PIECES = {
    "arr",
    "array",
    "batch",
    "shard",
    "chunk",
    "fold",
    "file",
    "piece",
    "block",
    "split",
    "page",
    "part",
    "x",
    "images",
    "data",
}
_ROWS_OF_TABLE = 4  # times as many rows as numbers in a row: no picture is as high
_MOST_CLASSES = 1000


@dataclass(frozen=True)
class ClassArray:
    """An array of the images of one class. name: its own; part: "train", "test" ..., "" if none has any"""

    name: str
    part: str
    label: str


def arrays_of_classes(
    shapes: Mapping[str, Shape], part_of: Mapping[str, str], may_be_numbers: bool = True
) -> tuple[ClassArray, ...]:
    """The class of each array by what differs in their names, "cat" and "dog"; () if they are not like that.

    shapes:         of two or more arrays, each (N, ...), all with rows of the same shape
    part_of:        the parts that words mean, such as "testing": "test"
    may_be_numbers: whether numbers alone are classes; they may count the pieces of one array

    Arrays of two dimensions that have the same size are more likely single pictures than flat images.
    """
    if not 2 <= len(shapes) <= _MOST_CLASSES or len({shape[1:] for shape in shapes.values()}) > 1:
        return ()
    if may_be_pictures(list(shapes.values())):
        return ()
    stacks = _stacks_in_folders(shapes)
    if stacks:
        return stacks
    words = {name: list(_WORD.finditer(name)) for name in shapes}
    parts = {name: part for name, found in words.items() if (part := _part(found, part_of)) is not None}
    if len(parts) == len(shapes):  # then they are parts, of each class one
        without = {name: _without_part(found, part_of) for name, found in words.items()}
        found = _labelled(without, {name: part for name, (part, _) in parts.items()}, may_be_numbers)
        return found if len({array.label for array in found}) > 1 and _tested_are_trained(found) else ()
    if parts:  # "seven", "seven_test": those without the word are the training part
        without = {name: _without_part(found, part_of) for name, found in words.items()}
        named = {name: parts[name][0] if name in parts else "train" for name in shapes}
        found = _labelled(without, named, may_be_numbers)
        if found and len({array.label for array in found}) < len(found) and _tested_are_trained(found):
            return found
    return _labelled(words, dict.fromkeys(shapes, ""), may_be_numbers)


def rows_of_classes(
    arrays: Sequence[ClassArray], rows: Callable[[str], Rows]
) -> tuple[tuple[tuple[Rows, Rows], ...], tuple[str, ...]]:
    """Images (N, ...) and labels (N,) of training, test and validation part as far as there are any; names.

    rows: reads the array of a name
    """
    names = in_natural_order(array.label for array in arrays)
    parts = [part for part in ("", "train", "test", "val") if any(array.part == part for array in arrays)]
    found: list[tuple[Rows, Rows]] = []
    for part in parts:
        own = [array for array in arrays if array.part == part]
        images = [rows(array.name) for array in own]
        labels = np.repeat([names.index(array.label) for array in own], [len(one) for one in images])
        found.append((joined(images), rows_of(labels.astype(np.int64), images[0].where)))
    return tuple(found), tuple(names)


def note_on_classes(arrays: Sequence[ClassArray]) -> str:
    """What was decided, for people."""
    labels = in_natural_order(array.label for array in arrays)
    more = f" and {len(labels) - 5} more" if len(labels) > 5 else ""
    return f"Each array is a class: {', '.join(shortened(label, 40) for label in labels[:5])}{more}."


def joined(parts: Sequence[Rows]) -> Rows:
    """Arrays (N, ...) with rows of the same shape as one, read one after the other."""
    kind = np.result_type(*(part.dtype for part in parts))
    shape = (sum(map(len, parts)), *parts[0].shape[1:])

    def batches(count: int) -> Iterator[NDArray[Any]]:
        for part in parts:
            for batch in part.batches(count):
                yield batch.astype(kind, copy=False)

    def whole(progress: Progress) -> NDArray[Any]:
        return np.concatenate([array_of(part, progress) for part in parts]).astype(kind, copy=False)

    in_rows = all(part.whole is None for part in parts)
    packed = sum(part.packed for part in parts)
    return Rows(shape, kind, parts[0].where, packed, batches, None if in_rows else whole)


def _stacks_in_folders(shapes: Mapping[str, Shape]) -> tuple[ClassArray, ...]:
    """Several numbered arrays in each folder: the folder is the class; () if they do not lie so."""
    folders = {name: name.rpartition("/")[0] for name in shapes}
    numbered = all(name.rpartition("/")[2].isdecimal() for name in shapes)
    if not numbered or not 2 <= len(set(folders.values())) < len(shapes) or not all(folders.values()):
        return ()
    return tuple(ClassArray(name, "", folder.rpartition("/")[2]) for name, folder in folders.items())


def may_be_pictures(shapes: Sequence[Shape]) -> bool:
    """Whether arrays (H, W) may be single pictures: all of one size that is no table of many images."""
    height, width = (*shapes[0], 0)[:2]
    if len(shapes[0]) != 2 or width == MNIST.image.size:
        return False
    return len(set(shapes)) == 1 and height <= _ROWS_OF_TABLE * width


def _part(words: Sequence[re.Match[str]], part_of: Mapping[str, str]) -> tuple[str, int] | None:
    """The part that the first or last word says, and which word it is."""
    for place in (0, -1):
        if len(words) > 1 and words[place][0].lower() in part_of:
            return part_of[words[place][0].lower()], place
    return None


def _without_part(words: list[re.Match[str]], part_of: Mapping[str, str]) -> list[re.Match[str]]:
    found = _part(words, part_of)
    if found is None:
        return words
    return words[1:] if found[1] == 0 else words[:-1]


def _labelled(
    words: Mapping[str, list[re.Match[str]]], part: Mapping[str, str], may_be_numbers: bool
) -> tuple[ClassArray, ...]:
    """Each array with what is left of its name without the words that all of them begin or end with."""
    every = list(words.values())
    if not all(every):
        return ()
    first, last = _common(every), _common([found[::-1] for found in every])
    shared = {one[0].lower() for one in (*every[0][:first], *every[0][len(every[0]) - last :])}
    found: list[ClassArray] = []
    for name, own in words.items():
        middle = own[first : len(own) - last]
        if not middle:
            return ()
        found.append(ClassArray(name, part[name], name[middle[0].start() : middle[-1].end()]))
    if len({(array.part, array.label) for array in found}) < len(found):
        return ()
    numbers = all(array.label.isdecimal() for array in found)
    return () if numbers and (not may_be_numbers or shared & _PIECES) else tuple(found)


def _common(every: Sequence[Sequence[re.Match[str]]]) -> int:
    """How many words all lists begin with; 0 for lists of one word."""
    count = 0
    for words in zip(*every, strict=False):
        if len({word[0] for word in words}) > 1:
            break
        count += 1
    return min(count, min(map(len, every)) - 1)


def _tested_are_trained(arrays: Sequence[ClassArray]) -> bool:
    """Whether there is a training part that has all classes of the others."""
    trained = {array.label for array in arrays if array.part == "train"}
    return bool(trained) and {array.label for array in arrays} <= trained

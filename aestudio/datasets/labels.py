"""Converts users' labels (whole numbers, names, one column per class) to indices and class names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.reading import RULES
from aestudio.datasets.row_reader import rows_in
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.arrays import check_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.row_reader import Rows

NO_LABEL = "no label"
_MISSING = -1
_MISSING_ROWS_SINCE = 6  # rules
_MOST_CLASSES = 1000
_MOST_COLUMNS = 10_000
_LARGEST = 2**31
_LONGEST_NAME = 80
_LONGEST_TEXT = 4_000  # bytes: a thousand characters
_BATCH = 1 << 20  # bytes at a time


def check_labels(parts: Sequence[Rows]) -> None:
    """Raises StudioError if the parts have types or shapes that labels cannot have, or different shapes."""
    if len({part.shape[1:] for part in parts}) > 1:
        raise StudioError(
            "Training labels and test labels are of different shapes",
            where=parts[-1].where,
            advice="Save both in the same form.",
        )
    for part in parts:
        if part.dtype.kind not in "buifUS" or len(part.shape) not in (1, 2) or part.row > _MOST_COLUMNS:
            raise StudioError(
                f"Labels of type {part.dtype} and shape {part.shape} cannot be understood",
                where=part.where,
                advice="Allowed: one whole number or text per image.",
            )
        if part.dtype.itemsize > _LONGEST_TEXT:
            raise StudioError(
                "A single label is longer than any name",
                where=part.where,
                advice="Save the labels as whole numbers or as short names.",
            )


def index_labels(
    parts: Sequence[Rows], rules: int = RULES, class_names: Sequence[str] = ()
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Indices int64 (N,) and the names of the classes they point at, in natural order: 2 before 10.

    parts:       (N,) or (N, 1) whole numbers or texts, or (N, classes) with a single 1 per row, or none for
                 an unknown class; they are read twice, a batch at a time. Beside other classes than 1, -1 is
                 an image without label, as NaN or an empty text is: the class NO_LABEL, the last.
    class_names: names for the numbers 0, 1 ..., or 1, 2 ...; without them the numbers are the names

    Raises StudioError if they are none of these, or more than 1,000 classes.
    """
    check_labels(parts)
    kind = np.result_type(*(part.dtype for part in parts))
    if kind.kind == "S":
        kind = np.dtype(f"U{kind.itemsize}")
    columns = len(parts[0].shape) > 1 and parts[0].row != 1
    values = np.zeros(0, np.int64 if columns else kind)
    for labels in _batches(parts, kind, rules):
        values = np.union1d(values, labels)
        if len(values) > _MOST_CLASSES:
            raise StudioError(
                f"There are more than {_MOST_CLASSES:,} different labels",
                where=parts[0].where,
                advice="Choose labels that are classes, or leave the labels out.",
            )
    names = [str(value) for value in (values if values.dtype.kind == "U" else values.astype(np.int64))]
    named = _named(names, values, class_names, rules)
    order = sorted(range(len(names)), key=lambda at: _place(named[at], names[at], rules))
    place = np.argsort(np.array(order, np.int64))
    indices = np.empty(sum(map(len, parts)), np.int64)
    done = 0
    for labels in _batches(parts, kind, rules):
        indices[done : done + len(labels)] = place[np.searchsorted(values, labels)]
        done += len(labels)
    return indices, tuple(class_name(named[at]) for at in order)


def in_natural_order(names: Iterable[str]) -> list[str]:
    """The different names, 2 before 10; those that are equal as numbers, 1 and 01, by their letters."""
    return sorted(set(names), key=lambda name: (natural_key(name), name))


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts names as people do: 2 before 10, and numbers before letters."""
    pieces = (piece for piece in re.split(r"(\d+)", text) if piece)
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)


def _named(names: list[str], values: NDArray[Any], given: Sequence[str], rules: int) -> list[str]:
    """The names of classes: those that are given for numbers, and of images without label."""
    if rules == 1:
        return names
    numbers = [] if values.dtype.kind == "U" else [int(name) for name in names]
    known = [number for number in numbers if number >= 0]
    missing = "" if not numbers else str(_MISSING) if known != [1] else None
    first = 1 if known and min(known) == 1 and max(known) == len(given) else 0
    if known and given and max(known) - first < len(given):
        names = [str(given[number - first]) if number >= 0 else str(number) for number in numbers]
    return [NO_LABEL if name == missing else name for name in names]


def _place(shown: str, name: str, rules: int) -> Any:
    """By what classes are sorted: by their names in the file, images without label last."""
    if rules == 1:
        return ()  # as they are
    number = (0, int(name), ()) if re.fullmatch(r"-?\d{1,18}", name) else (1, 0, natural_key(name))
    return shown == NO_LABEL, number


def class_name(text: str) -> str:
    """A class's name as it is shown and exported: printable, and no longer than a legend can take."""
    return shortened(text, _LONGEST_NAME)


def check_counts(images: int, labels: int, where: str) -> None:
    """Raises StudioError unless there is one label per image."""
    if images != labels:
        raise StudioError(
            f"There are {images:,} images, but {labels:,} labels",
            where=where,
            advice="Choose images and labels that belong together.",
        )


def _batches(parts: Sequence[Rows], kind: np.dtype[Any], rules: int) -> Iterator[NDArray[Any]]:
    """Labels of one type, (n,) at a time; raises StudioError for those that are out of range."""
    least = 0 if rules >= _MISSING_ROWS_SINCE else 1
    for part in parts:
        for batch in part.batches(rows_in(_BATCH, part.row * max(kind.itemsize, part.dtype.itemsize))):
            texts = batch if batch.dtype.kind != "S" else np.char.decode(batch, "utf-8", "backslashreplace")
            labels = _flatten(texts.astype(kind, copy=False), part.where, least)
            if labels.dtype.kind == "U":
                _check_texts(labels, part.where)
            else:
                if labels.dtype.kind == "f" and rules > 1:
                    labels = np.where(np.isnan(labels), _MISSING, labels)
                _check_numbers(labels, part.where, -_LARGEST if rules > 1 else 0)
            yield labels


def _flatten(labels: NDArray[Any], where: str, least: int) -> NDArray[Any]:
    """Labels (N,) of (N,), (N, 1) or (N, classes); least: how many ones a row must have, 0 or 1."""
    if labels.ndim == 1:
        return labels
    if labels.shape[1] == 1:
        return labels[:, 0]
    ones = labels.sum(axis=1) if labels.dtype.kind != "U" and np.isin(labels, (0, 1)).all() else None
    if ones is None or ones.max(initial=0) > 1 or (least > 0 and ones.min(initial=1) < 1):
        raise StudioError(
            f"Labels of shape {labels.shape} are not a single 1 per row",
            where=where,
            advice="Allowed: one whole number or text per image.",
        )
    return np.where(ones == 1, labels.argmax(axis=1), _MISSING)


def _check_texts(labels: NDArray[Any], where: str) -> None:
    try:
        check_texts("An array of labels", labels)
    except ValueError as error:
        advice = "Correct the labels, or leave them out."
        raise StudioError(str(error), where=where, advice=advice) from error


def _check_numbers(labels: NDArray[Any], where: str, least: int) -> None:
    if labels.dtype.kind == "b":
        return
    bad = ~((labels >= least) & (labels < _LARGEST) & (labels == np.rint(labels)))  # NaN is bad, too
    if bad.any():
        raise StudioError(
            f"A label is out of range: {labels[bad][0]} where whole numbers are allowed",
            where=where,
            advice="Correct the labels, or leave them out.",
        )

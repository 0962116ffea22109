"""Reads many pictures as one data set: looks at each once, decides for all together, then converts them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.earlier_folder import earlier_class_order
from aestudio.datasets.entries import chosen_files
from aestudio.datasets.image_edges import edges_of
from aestudio.datasets.image_shape import MNIST, ImageShape, size_text
from aestudio.datasets.importers.image_files import read_pages, small_picture
from aestudio.datasets.importers.label_lines import SUFFIXES as TEXTS
from aestudio.datasets.label_table import LabelTable
from aestudio.datasets.labels import class_name
from aestudio.datasets.memory_limit import check_count, check_free, check_size
from aestudio.datasets.own_data import dataset_of, find_parts
from aestudio.datasets.own_shape import shape_of, size_within
from aestudio.datasets.pages.page_looks import offered_pages
from aestudio.datasets.picture_looks import cutter_of, look_at_all
from aestudio.datasets.picture_tree import class_order
from aestudio.datasets.pixel_conversion import inversion, size_notes
from aestudio.datasets.pixel_range import Numbers, range_of
from aestudio.datasets.prepare import pad, padded
from aestudio.datasets.provenance import Decided, provenance_of
from aestudio.datasets.split_arrays import SplitArrays
from aestudio.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.entries import Entry
    from aestudio.datasets.importers.image_channels import Ends, EndsOf
    from aestudio.datasets.importers.image_files import Look, Picture
    from aestudio.datasets.own_shape import Size
    from aestudio.datasets.picture_looks import Seen
    from aestudio.datasets.picture_tree import Tree
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

_EACH_FILE = 1000  # bytes of memory for the path and the like of each image (measured: 600 to 900)
_ADDED = 256  # images that are added together
_TOGETHER = 4096  # images whose edges are looked at together
_MOST_SIZES = 20  # that are kept with a run


def picture_dataset(path: Path, tree: Tree, progress: Progress, reading: Reading) -> Dataset:
    """The data set of these pictures; those that are broken are left out, and named.

    Raises StudioError if there are none, if more than a tenth is broken, or if they take too much memory.
    """
    check_size(len(tree.placed) * MNIST.image.size, str(path), "This number of images")
    cutter = cutter_of(tree, reading)
    found = look_at_all(path, tree, progress, reading, cutter)
    seen = found.all
    looks = [one.look for one in seen]
    coloured = reading.colour and any(look.coloured for look in looks)
    shape = reading.image or shape_of({look.size for look in looks}, coloured)
    check_count(len(looks), shape, str(path))
    check_free(len(looks) * (shape.size + _EACH_FILE), str(path))
    unlabelled = reading.labels == "none"
    table = _table(tree, seen, reading)
    digests = np.array([look.digest for look in looks], np.uint64) if reading.by_content else None
    part_of, split_notes = find_parts(
        path, [len(part) for part in found.parts if part], table.classes, digests
    )
    split_set = SplitArrays(part_of, shape)
    ends, shown_ends, depth_notes = _ends(looks, path, reading)
    done = _convert(seen, shape, split_set, ends, reading.by_area, progress)
    how = reading if cutter is None else replace(reading, invert="no")  # what was cut out is light ink
    edges = _edges(split_set, done.insides, shape) if reading.sees_frames and shape.grey else None
    inverted, why = inversion(done.borders, shape, how, edges)
    offered, offer = (0, "") if cutter else offered_pages([one.placed.entry for one in seen], looks)
    _invert(split_set, inverted, done.insides, shape, progress)
    read = f"{len(looks):,} images read from {printable(str(path))}."
    own = [*depth_notes, *_grey_notes(done.grey, shape), *_size_notes([look.size for look in looks], shape)]
    if unlabelled:
        own.append("The labels are left out.")
    own += table.notes
    notes = [read, *([offer] if offer else ()), *tree.notes, *found.notes, *own, *why, *split_notes]
    decided = Decided(
        "",
        *shown_ends,
        int(inverted.sum()) if cutter is None else cutter.light,
        _sizes(looks),
        "" if table.classes is None and table.attributes is None else tree.labelled,
        0 if tree.beside is None or len(tree.beside.columns) == 1 else len(tree.beside.columns),
        stacks=found.stacks,
        coloured=any(look.coloured for look in looks),
        cut=0 if cutter is None else cutter.digits,
        offered=offered,
    )
    rows = np.array([look.page for look in looks], np.int64)
    provenance = replace(
        provenance_of(part_of, rows, found.files, decided),
        file_of=np.array([one.file for one in seen], np.int32),
        files=(*found.files, *(() if tree.beside is None else tree.beside.files)),
        left_out=(*tree.left_out, *found.broken),
    )
    return dataset_of(path, split_set, table, notes, reading, provenance)


def with_later_files(dataset: Dataset, count: int) -> Dataset:
    """The data set of a run, with a note on files that came after its training; count: how many."""
    if not count:
        return dataset
    files = "1 file that is" if count == 1 else f"{count:,} files that are"
    return replace(dataset, notes=(*dataset.notes, f"Without {files} not of this run's training."))


def _sizes(looks: Sequence[Look]) -> tuple[tuple[int, int, int], ...]:
    """Height, width and number of the images of each size, the most frequent first."""
    counts = Counter(look.size for look in looks)
    return tuple((*size, count) for size, count in counts.most_common(_MOST_SIZES))


def texts_beside(entries: Sequence[Entry], files: frozenset[str] | None, reading: Reading) -> list[Entry]:
    """The files that may have the labels of pictures, of these names; none by the rules of kept runs."""
    if not reading.labels_beside:
        return []
    return chosen_files([entry for entry in entries if entry.suffix in TEXTS], files)[0]


def _table(tree: Tree, seen: Sequence[Seen], reading: Reading) -> LabelTable:
    if reading.labels == "none":
        return LabelTable()
    if tree.beside is not None:
        return tree.beside.table([one.placed.entry.place for one in seen], reading)
    return _classes([one.placed.name for one in seen], reading.rules)


def _classes(names: Sequence[str], rules: int) -> LabelTable:
    if not any(names):
        return LabelTable()
    order = class_order(names) if rules > 1 else earlier_class_order(names)
    index = {name: number for number, name in enumerate(order)}
    shown = tuple(class_name(name) for name in order)
    return LabelTable(np.array([index[name] for name in names], np.int64), shown)


def _ends(looks: Sequence[Look], path: Path, reading: Reading) -> tuple[EndsOf, Ends, tuple[str, ...]]:
    """Black and white of pictures of more than 8 bits, and a note: one range for all of one type."""
    plain = (0.0, 255.0)
    deep = [look.deep for look in looks if look.deep is not None]
    if not deep or reading.rules == 1:
        return lambda values: (0.0, 65535.0 if values.max() > 255 else 255.0), plain, ()
    floats = any(numbers.dtype.kind == "f" for numbers in deep)
    kind = np.dtype(np.float64 if floats else np.int64)
    whole = Numbers(kind, min(numbers.low for numbers in deep), max(numbers.high for numbers in deep))
    if not floats and whole.high <= 255 and len(deep) < len(looks):
        return lambda _: plain, plain, ()
    bottom, top = range_of(whole, str(path), reading)
    note = f"Values from {bottom:g} to {top:g} turned into 0 to 255."
    return lambda _: (bottom, top), (bottom, top), () if (bottom, top) == plain else (note,)


@dataclass(frozen=True, eq=False)
class _Converted:
    """borders: float32 (N,), of grey images; insides: (N, 2), sizes before padding; grey: bool (N,)"""

    borders: NDArray[np.float32]
    insides: NDArray[np.uint8]
    grey: NDArray[np.bool_]


def _convert(
    seen: Sequence[Seen],
    shape: ImageShape,
    split_set: SplitArrays,
    ends: EndsOf,
    area: bool,
    progress: Progress,
) -> _Converted:
    """Fill both parts with the pictures."""
    done = _Converted(
        np.empty(len(seen), np.float32), np.empty((len(seen), 2), np.uint8), np.empty(len(seen), np.bool_)
    )
    waiting: list[NDArray[np.uint8]] = []
    for index, (entry, picture) in enumerate(_pictures(seen, shape, ends, area)):
        progress(index, len(seen), f"Reading {printable(entry.name)}")
        done.borders[index], done.insides[index] = picture.border, picture.channels.shape[1:]
        done.grey[index] = picture.grey
        waiting.append(pad(picture.channels, shape))
        if len(waiting) == _ADDED or index == len(seen) - 1:
            split_set.append(np.stack(waiting))
            waiting.clear()
    return done


def _pictures(
    seen: Sequence[Seen], shape: ImageShape, ends: EndsOf, area: bool
) -> Iterator[tuple[Entry, Picture]]:
    """All pictures in their order; the pages of a file are read together."""
    at = 0
    while at < len(seen):
        entry = seen[at].placed.entry
        small = small_picture(seen[at].look, shape, area)
        if small is not None:
            yield entry, small
            at += 1
            continue
        end = at
        while end < len(seen) and seen[end].placed.entry is entry:
            end += 1
        pages = [one.look.page for one in seen[at:end]]
        for picture in read_pages(entry.path, entry.read(), pages, shape, ends, area):
            yield entry, picture
        at = end


def _edges(split_set: SplitArrays, insides: NDArray[np.uint8], shape: ImageShape) -> NDArray[np.uint8]:
    """What the edges of all grey images hold (N, 4), without their padding; insides: (N, 2) before `pad`."""
    edges = np.empty((len(insides), 4), np.uint8)
    for part, images in enumerate(split_set.parts):
        own = np.flatnonzero(split_set.part_of == part)
        sizes = insides[own]
        for size in np.unique(sizes, axis=0):
            alike = np.flatnonzero((sizes == size).all(axis=1))
            rows, columns = padded((int(size[0]), int(size[1])), shape)
            for first in range(0, len(alike), _TOGETHER):
                some = alike[first : first + _TOGETHER]
                edges[own[some]] = edges_of(images[some, 0][:, rows, columns])
    return edges


def _invert(
    split_set: SplitArrays,
    inverted: NDArray[np.bool_],
    insides: NDArray[np.uint8],
    shape: ImageShape,
    progress: Progress,
) -> None:
    """Invert the chosen images in place where they are not padding; insides: (N, 2) before `pad`."""
    for part, images in enumerate(split_set.parts):
        own = split_set.part_of == part
        chosen = inverted[own]
        for index, (height, width) in enumerate(insides[own].tolist()):
            if index % 1000 == 0:
                progress(index, len(images), "Inverting images")
            if chosen[index]:
                inside = padded((height, width), shape)
                np.subtract(255, images[index, 0][inside], out=images[index, 0][inside])


def _grey_notes(grey: NDArray[np.bool_], shape: ImageShape) -> tuple[str, ...]:
    """A sentence on images that get other channels than they have in their files."""
    others = int(np.count_nonzero(grey != shape.grey))
    if not others:
        return ()
    if shape.grey:
        return (f"{others:,} of them, in colour or with equal channels, turned into grey.",)
    return (f"{others:,} of them, in grey, given three equal channels.",)


def _size_notes(sizes: Sequence[Size], shape: ImageShape) -> tuple[str, ...]:
    counts = Counter(sizes)
    if len(counts) == 1:
        return size_notes(sizes[0], shape)
    box = shape.height, shape.width
    others = len(sizes) - sum(count for size, count in counts.items() if size_within(size, shape) == size)
    return (
        f"Scaled from {len(counts)} sizes to fit {size_text(*box)}: {others:,} of {len(sizes):,} images.",
    )

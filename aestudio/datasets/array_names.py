"""Which of a file's arrays are images and labels, and of which part, by their names and shapes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.class_arrays import ClassArray, arrays_of_classes, note_on_classes
from aestudio.datasets.labels import NO_LABEL, class_name
from aestudio.datasets.picture_parts import validation_note
from aestudio.datasets.reading import RULES, Reading
from aestudio.datasets.row_reader import array_of
from aestudio.errors import StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.datasets.row_reader import Rows

Shape = tuple[int, ...]

IMAGES = (
    "images",
    "image",
    "imgs",
    "img",
    "x",
    "data",
    "features",
    "inputs",
    "pixels",
    "digits",
    "faces",
    "ff",
)
LABELS = ("labels", "label", "y", "targets", "target", "classes", "class", "lbls", "lbl")
_NAMES = {"class_names", "label_names", "target_names", "classes", "names", "categories"}
_PARTS = {
    "train": ("train", "training", "trn", "tr"),
    "val": ("val", "valid", "validation", "dev"),
    "test": ("test", "testing", "tst", "te", "t10k"),
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}
_FUSED = re.compile(rf"({'|'.join(_PART_OF)})?(images|labels|targets|data|x|y)({'|'.join(_PART_OF)})?")
_ONLY_A_PART = 99  # rank of a name such as "train"
_FEWEST_NUMBERS = 64  # of an image: 8 x 8
_MOST_NAMES = 1000
_ONLY_TWO_SINCE, _CLASSES_SINCE = 5, 6  # rules

# Of the first rules: names of (images, labels), tried in this order.
_WHOLE_BEFORE = (
    ("images", "labels"),
    ("x", "y"),
    ("X", "y"),
    ("data", "target"),
    ("data", "labels"),
    ("arr_0", "arr_1"),
)
_PARTED_BEFORE = (
    (("x_train", "y_train"), ("x_test", "y_test")),
    (("X_train", "y_train"), ("X_test", "y_test")),
    (("train_images", "train_labels"), ("test_images", "test_labels")),
)


@dataclass(frozen=True)
class ChosenArrays:
    """The names of the arrays that are used.

    parts: images, and labels or None, of the training part, and of test and validation part if there are any
    names: that of an array of class names, or None
    notes: on what was decided, for people
    classes: arrays of which each is a class; then there are no parts
    """

    parts: tuple[tuple[str, str | None], ...]
    names: str | None = None
    notes: tuple[str, ...] = ()
    classes: tuple[ClassArray, ...] = ()


@dataclass(frozen=True)
class _Named:
    """What the name of an array says. kind: images, labels or nothing; rank: smaller is more usual"""

    name: str
    shape: Shape
    part: str
    kind: str
    rank: int


def choose_arrays(shapes: Mapping[str, Shape | None], path: Path, rules: int = RULES) -> ChosenArrays:
    """The arrays of these names and shapes that are images and labels.

    shapes: None for an array that cannot be read, which is refused only if it is needed

    Raises StudioError if no array can be images.
    """
    if rules == 1:
        return _by_first_rules(shapes, path)
    whole = rules >= _CLASSES_SINCE
    found = [
        _named(name if whole else name.rpartition("/")[2], name, (0,) if shape is None else shape)
        for name, shape in shapes.items()
    ]
    known = {name for name, shape in shapes.items() if shape is not None}
    names = _class_names(found)
    found = [entry for entry in found if entry.name != names]
    classes = _by_classes(found, known) if rules >= _CLASSES_SINCE else ()
    if classes:
        return _chosen_classes(found, classes)
    images = {
        part: min(fitting, key=lambda entry: entry.rank)
        for part in ("train", "", "val", "test")
        if (fitting := [entry for entry in found if _may_be_images(entry, part, known)])
    }
    if not images:
        return _by_shapes(found, path, rules)
    first = next(iter(images))
    second = "test" if "test" in images else "val"
    chosen = [first, second] if first not in (second, "test") and second in images else [first]
    keeps = Reading(rules=rules).keeps_validation
    if keeps and chosen == ["train", "test"] and "val" in images:
        chosen.append("val")
    parts = tuple((images[part].name, _labels_for(found, images[part], part)) for part in chosen)
    return ChosenArrays(parts, names, _notes(found, images, parts, chosen))


def _chosen_classes(found: list[_Named], classes: tuple[ClassArray, ...]) -> ChosenArrays:
    left = {entry.name for entry in found} - {array.name for array in classes}
    notes = [note_on_classes(classes)]
    tested = {array.part for array in classes}
    if "val" in tested and "test" in tested:
        names = {array.name for array in classes if array.part == "val"}
        notes.append(validation_note(sum(entry.shape[0] for entry in found if entry.name in names), True))
    elif "val" in tested:
        notes.append("The validation part is taken for testing.")
    return ChosenArrays((), None, (*notes, *_not_used(found, left)), classes)


def labelled_by(chosen: ChosenArrays) -> str:
    """The names of the arrays of labels, "" without any."""
    if chosen.classes:
        return "array names"
    return ", ".join(shortened(labels, 40) for _, labels in chosen.parts if labels)


def class_names_in(rows: Rows) -> tuple[str, ...]:
    """The names of classes in an array of texts (K,), () if they are none."""
    if rows.dtype.kind not in "US" or len(rows.shape) != 1 or len(rows) > _MOST_NAMES:
        return ()
    array = array_of(rows)
    texts = np.char.decode(array, "utf-8", "backslashreplace") if array.dtype.kind == "S" else array
    return tuple(class_name(str(text)) or NO_LABEL for text in texts)


def _named(said: str, name: str, shape: Shape) -> _Named:
    """said: the words of the name that count"""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", said)
    words = [word for word in re.split(r"[\W_]+", spaced.lower()) if word and word != "set"]
    words = [piece for word in words for piece in _pieces(word)]
    part = next((_PART_OF[word] for word in words if word in _PART_OF), "")
    rest = [word for word in words if word not in _PART_OF]
    for kind, usual in (("labels", LABELS), ("images", IMAGES)):
        for rank, word in enumerate(usual):
            if word in rest:
                return _Named(name, shape, part, kind, rank + 100 * (len(rest) - 1))
    return _Named(name, shape, part, "" if rest or not part else "images", _ONLY_A_PART)


def _pieces(word: str) -> tuple[str, ...]:
    """A word such as "xtrain" as its two words."""
    fused = _FUSED.fullmatch(word)
    return tuple(piece for piece in fused.groups() if piece) if fused else (word,)


def _may_be_images(entry: _Named, part: str, known: set[str]) -> bool:
    flat = len(entry.shape) == 2 and entry.shape[1] == 1
    enough = entry.name not in known or (len(entry.shape) != 1 and not flat)
    return entry.kind == "images" and entry.part == part and enough


def _labels_for(found: list[_Named], images: _Named, part: str) -> str | None:
    """The labels of a part's images: by name, the ones of the right number before others."""
    fitting = [entry for entry in found if entry.kind == "labels" and entry.part == part]
    counts = (images.shape[0], images.shape[-1]) if images.shape else ()
    if not fitting and part == "train":
        whole = [entry for entry in found if entry.kind == "labels" and not entry.part]
        fitting = [entry for entry in whole if set(entry.shape[:2]) & set(counts)]
    fitting.sort(key=lambda entry: (not set(entry.shape[:2]) & set(counts), entry.rank))
    return fitting[0].name if fitting else None


def _class_names(found: list[_Named]) -> str | None:
    """An array of class names: one of these names that has fewer entries than there are images."""
    most = max((entry.shape[0] for entry in found if len(entry.shape) > 1), default=0)
    for entry in found:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", entry.name).lower()
        if name in _NAMES and len(entry.shape) == 1 and 0 < entry.shape[0] < most:
            return entry.name
    return None


def _by_classes(found: list[_Named], known: set[str]) -> tuple[ClassArray, ...]:
    """Arrays without labels of which each is one class, () if they are not like that.

    Names that all say "images" may count the pieces of one array, "x_1", "x_2".
    """
    candidates = [entry for entry in found if entry.name in known and _looks_like_images(entry.shape)]
    named = [entry for entry in candidates if entry.kind == "images"]
    labels = [entry for entry in found if entry.kind == "labels" and entry not in candidates]
    if labels or _one_dimensional(found):
        return ()
    shapes = {entry.name: entry.shape for entry in candidates}
    if len(named) == 1 and named[0].rank == _ONLY_A_PART and len(candidates) > 2:
        return arrays_of_classes(shapes, {}, may_be_numbers=False)  # a class that is called train
    if any(entry.part for entry in named):
        return ()
    if named and (len(named) < len(candidates) or len({entry.rank for entry in named}) > 1):
        return ()
    files = {entry.name.rpartition("/")[2] for entry in candidates if "/" in entry.name}
    return arrays_of_classes(shapes, _PART_OF, may_be_numbers=not named or len(files) == 1)


def _by_shapes(found: list[_Named], path: Path, rules: int) -> ChosenArrays:
    """Without usual names: images have two or more dimensions, labels are as many as they.

    Many arrays without any labels are one for each class or part, of which the names tell nothing: the first
    two would be taken for a training and a test part. Before rules 5 they were.
    """
    candidates = [entry for entry in found if _looks_like_images(entry.shape)]
    if rules >= _ONLY_TWO_SINCE and len(candidates) > 2 and not _one_dimensional(found):
        raise _too_many_images([entry.name for entry in candidates], path)
    images = candidates[:2]
    if rules >= _CLASSES_SINCE:
        images = _with_labels(candidates, found, path)
    others = [entry for entry in found if entry not in images and len(entry.shape) in (1, 2)]
    if not images:
        raise _no_images([entry.name for entry in found], path)
    parts: list[tuple[str, str | None]] = []
    for entry in images:
        lengths = {entry.shape[0], entry.shape[-1]}
        labels = next(
            (other for other in others if set(other.shape) - {1} and other.shape[0] in lengths), None
        )
        others = [other for other in others if other is not labels]
        parts.append((entry.name, labels.name if labels else None))
    shown = ", ".join(shortened(f"{image} with {labels}" if labels else image, 60) for image, labels in parts)
    rest = {entry.name for entry in found} - {name for pair in parts for name in pair}
    return ChosenArrays(tuple(parts), None, (f"Taken by their shapes: {shown}.", *_not_used(found, rest)))


def _with_labels(candidates: list[_Named], found: list[_Named], path: Path) -> list[_Named]:
    """The one or two arrays of images that are taken: those that have labels, if any have.

    Raises StudioError for labels that only all arrays together are as many as, and for two arrays that are no
    parts by their names or numbers.
    """
    labels = [entry for entry in found if _may_be_labels(entry) and entry not in candidates]
    lengths = [max(entry.shape) for entry in labels]
    fitting = [entry for entry in candidates if {entry.shape[0], entry.shape[-1]} & set(lengths)]
    numbered = all(re.fullmatch(r"arr_\d+", entry.name) for entry in candidates)
    if fitting or numbered or len(candidates) < 2:
        return [entry for entry in candidates if entry in fitting[: len(labels)] or not labels][:2]
    raise _too_many_images([entry.name for entry in candidates], path)


def _may_be_labels(entry: _Named) -> bool:
    return entry.shape not in ((), (0,)) and (len(entry.shape) == 1 or 1 in entry.shape[1:2])


def _one_dimensional(found: list[_Named]) -> bool:
    """Whether any array may be labels: numbers or texts, one for each image."""
    return any(map(_may_be_labels, found))


def _looks_like_images(shape: Shape) -> bool:
    if len(shape) == 2:
        return shape[1] >= _FEWEST_NUMBERS
    return len(shape) in (3, 4) and shape[0] * shape[1] * shape[2] >= _FEWEST_NUMBERS


def _notes(
    found: list[_Named],
    images: Mapping[str, _Named],
    parts: tuple[tuple[str, str | None], ...],
    chosen: list[str],
) -> tuple[str, ...]:
    used = {name for pair in parts for name in pair}
    notes: list[str] = []
    if "val" in chosen and len(chosen) == 2:
        notes.append("The validation part is taken for testing.")
    elif "val" in images and chosen != ["val"]:
        notes.append(validation_note(images["val"].shape[0], "val" in chosen))
        used |= {entry.name for entry in found if entry.part == "val"}
    return (*notes, *_not_used(found, {entry.name for entry in found} - used))


def _not_used(found: list[_Named], names: set[str]) -> tuple[str, ...]:
    """A sentence on arrays that are not used; numbers about the file are no images."""
    left = [entry.name for entry in found if entry.name in names and entry.shape not in ((), (0,))]
    if not left:
        return ()
    more = f" and {len(left) - 5} more" if len(left) > 5 else ""
    return (f"Not used: {', '.join(shortened(name, 40) for name in left[:5])}{more}.",)


def _no_images(names: list[str], path: Path) -> StudioError:
    found = ", ".join(shortened(name, 40) for name in names[:20])
    return StudioError(
        f"It has no array of images (it has {found or 'none'})",
        where=str(path),
        advice="Save it with numpy.savez(file, images=..., labels=...), or as x_train, y_train, x_test ...",
    )


def _too_many_images(names: list[str], path: Path) -> StudioError:
    shown = ", ".join(shortened(name, 40) for name in names[:6])
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return StudioError(
        f"It has {len(names)} arrays of images ({shown}{more}), and nothing tells their classes or parts",
        where=str(path),
        advice="If each is one class, save them as one array with labels: numpy.savez(file, "
        "images=numpy.concatenate(arrays), labels=numpy.repeat(names, [len(a) for a in arrays])). "
        "If they are parts, name them x_train, x_val and x_test.",
    )


def _by_first_rules(shapes: Mapping[str, Any], path: Path) -> ChosenArrays:
    def labels(name: str) -> str | None:
        return name if name in shapes else None

    for train, test in _PARTED_BEFORE:
        if train[0] in shapes:
            pairs = [train, test] if test[0] in shapes else [train]
            return ChosenArrays(tuple((images, labels(name)) for images, name in pairs))
    for images, name in _WHOLE_BEFORE:
        if images in shapes:
            return ChosenArrays(((images, labels(name)),))
    raise _no_images(list(shapes), path)

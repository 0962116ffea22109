"""Words by which folders and files are called training, validation or test part."""

from __future__ import annotations

import re

_PARTS = {
    "train": ("train", "training"),
    "val": ("val", "valid", "validation"),
    "test": ("test", "testing"),
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}


def part_named(name: str) -> str:
    """The part, "train", "val" or "test", that a folder of this name is; "" if it is none."""
    return _PART_OF.get(name.lower(), "")


def part_of_words(name: str) -> str:
    """The part that one of the words in a name is called after, the first of several; "" without one."""
    words = re.split(r"[\W_\d]+", name.lower())
    return next((_PART_OF[word] for word in words if word in _PART_OF), "")


def validation_note(count: int, kept: bool) -> str:
    """What happens to the images of a validation part that is beside a test part."""
    what = "is neither trained nor tested on" if kept else "is left out"
    return f"The validation part ({count:,} images) {what}."

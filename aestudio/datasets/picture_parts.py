"""Words by which folders and files are called training, validation or test part."""

from __future__ import annotations

import re

_PARTS = {
    "train": ("train", "training"),
    "val": ("val", "valid", "validation"),
    "test": ("test", "testing"),
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}
_OF_A_SET = {
    "set",
    "sets",
    "images",
    "image",
    "imgs",
    "img",
    "data",
    "dataset",
    "pictures",
    "sample",
    "samples",
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FUSED = re.compile(rf"({'|'.join(_PART_OF)})(set|images|imgs|data)")


def part_named(name: str) -> str:
    """The part, "train", "val" or "test", that a folder of this name is; "" if it is none."""
    return _PART_OF.get(name.lower(), "")


def part_said(name: str) -> tuple[str, str]:
    """The part that a folder's name says in any usual form, and what else it says, as words.

    "training_set" is ("train", ""), "seg_train" ("train", "seg"), "cats" ("", "cats"). Words that say that
    these are images of a set are left out, as numbers that order folders.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    words = [piece for word in words for piece in _pieces(word)]
    parts = [_PART_OF[word] for word in words if word in _PART_OF]
    others = [word for word in words if word not in _PART_OF and word not in _OF_A_SET]
    return (parts[0] if len(parts) == 1 else ""), " ".join(others)


def _pieces(word: str) -> tuple[str, ...]:
    """A word such as "trainset" as its two words."""
    found = _FUSED.fullmatch(word)
    return found.groups() if found else (word,)


def part_of_words(name: str) -> str:
    """The part that one of the words in a name is called after, the first of several; "" without one."""
    words = re.split(r"[\W_\d]+", name.lower())
    return next((_PART_OF[word] for word in words if word in _PART_OF), "")


def validation_note(count: int, kept: bool) -> str:
    """What happens to the images of a validation part that is beside a test part."""
    what = "is neither trained nor tested on" if kept else "is left out"
    return f"The validation part ({count:,} images) {what}."

"""Files of the other parts beside one of a training part: X_test.npy beside X_train.npy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WORDS = {
    "training": {"test": ("testing", "test"), "val": ("validation", "val", "valid")},
    "train": {"test": ("test",), "val": ("val", "valid", "validation")},
}
_TITLES = {"test": "test", "val": "validation"}


def parts_beside(path: Path) -> dict[str, Path]:
    """Test and validation file, under "test" and "val", of the same name with another word; {} without any.

    Only of a file with "train" in its name, in any case: one of a test part was chosen alone.
    """
    for word, others in _WORDS.items():
        at = path.stem.lower().rfind(word)
        if at < 0:
            continue
        before, own, after = path.stem[:at], path.stem[at : at + len(word)], path.stem[at + len(word) :]
        names = {
            part: [f"{before}{_like(own, other)}{after}{path.suffix}" for other in words]
            for part, words in others.items()
        }
        files = {part: [path.with_name(name) for name in found] for part, found in names.items()}
        first = {
            part: next((file for file in found if file.is_file()), None) for part, found in files.items()
        }
        return {part: file for part, file in first.items() if file is not None}
    return {}


def note_on_parts(files: Mapping[str, Path]) -> str:
    """Which files the other parts are from, for people."""
    said = [f"the {_TITLES[part]} part is {shortened(file.name, 60)}" for part, file in files.items()]
    text = ", ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def _like(word: str, other: str) -> str:
    """The other word in the letters of this one: TRAIN, Train, train."""
    if word.isupper():
        return other.upper()
    return other.capitalize() if word[:1].isupper() else other

"""Two files named in one text, with a comma between them; their names may hold commas, too."""

from __future__ import annotations

from pathlib import Path


def split_pair(text: str) -> tuple[Path, Path] | None:
    """The files of images and of labels; None if the text is one path, or its first file is not there.

    The comma is the one that leaves two existing files, otherwise the first one behind an existing file.
    """
    if existing(text) is not None:
        return None
    pairs = [(text[:place], text[place + 1 :]) for place, letter in enumerate(text) if letter == ","]
    for images, labels in pairs:
        found, found_labels = existing(images), existing(labels)
        if found is not None and found_labels is not None:
            return found, found_labels
    for images, labels in pairs:
        found = existing(images)
        if found is not None and labels.strip():
            return found, Path(labels.strip()).expanduser()
    return None


def existing(text: str) -> Path | None:
    """The path if it exists; None for a text that cannot be a path."""
    for spelling in dict.fromkeys((text, text.strip())):
        try:
            path = Path(spelling).expanduser()
            if spelling and path.exists():
                return path
        except (OSError, ValueError, RuntimeError):
            continue
    return None

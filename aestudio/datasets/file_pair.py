"""Two files named in one text, with a comma between them; their names may hold commas, too."""

from __future__ import annotations

from pathlib import Path


def split_pair(text: str) -> tuple[Path, Path] | None:
    """The files of images and of labels; None if the text is one path, or its first file does not exist.

    The comma is the one that leaves two existing files, otherwise the first one behind an existing file.
    """
    if existing(text) is not None:
        return None
    pairs = [(text[:index], text[index + 1 :]) for index, character in enumerate(text) if character == ","]
    for images, labels in pairs:
        images_path, labels_path = existing(images), existing(labels)
        if images_path is not None and labels_path is not None:
            return images_path, labels_path
    for images, labels in pairs:
        images_path = existing(images)
        if images_path is not None and labels.strip():
            return images_path, Path(labels.strip()).expanduser()
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

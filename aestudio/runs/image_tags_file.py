"""Tags that the user gave to images of a data set, "wrong label" or "ambiguous": a file for each data set.

An entry names its image by part and index, and by a checksum of its pixels: where the image at that index is
another one now, the entry belongs to none and is kept. The file's name has the data set's own checksum, so
that another version of a data set has a file of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aestudio.errors import StudioError
from aestudio.paths import data_folder
from aestudio.printable import printable
from aestudio.recipes.model_file import read_model_file
from aestudio.runs.labels_file import valid_note, valid_tags
from aestudio.storage.atomic_file import new_file
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file, to_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet

Part = Literal["test", "train"]
SUGGESTED = ("wrong label", "ambiguous")
"""Tags that the program offers before the user has written one."""
COLUMNS = ("index", "set", "label", "tags", "note")
_LENGTH = 8  # bytes of a checksum
_MOST_BYTES, _MOST_IMAGES = 64_000_000, 200_000
_DAMAGE = Damage("The tags of this data set cannot be read", "Restore the file from a copy, or remove it.")
_LONGEST_NAME = 40


@dataclass(frozen=True)
class ImageTags:
    """What the user wrote about an image.

    part, index: which one; digest: checksum of its pixels; label: the name of its class then, "" without
    tags:        in the order in which they were given
    """

    part: Part
    index: int
    digest: str
    label: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""

    @property
    def key(self) -> Hashable:
        """What two entries have in common that are the same."""
        return self

    @property
    def image(self) -> tuple[Part, int, str]:
        """The image that this is about."""
        return self.part, self.index, self.digest

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not self.tags and not self.note

    def joined(self, other: ImageTags) -> ImageTags:
        """Both together, of the same image: another window may have written about it, too."""
        tags = (*self.tags, *(tag for tag in other.tags if tag not in self.tags))
        notes = [self.note, *([other.note] if other.note not in self.note else [])]
        return ImageTags(*self.image, self.label or other.label, tags, "\n".join(filter(None, notes)))


def image_digest(image: NDArray[np.uint8]) -> str:
    """Checksum of an image uint8 (C, H, W), of its shape as well."""
    digest = hashlib.blake2b(np.ascontiguousarray(image).tobytes(), digest_size=_LENGTH)
    digest.update("x".join(map(str, image.shape)).encode())
    return digest.hexdigest()


def untagged(part: Part, image_set: ImageSet, index: int) -> ImageTags:
    """An image about which nothing is written yet."""
    label = "" if image_set.labels is None else image_set.class_names[int(image_set.labels[index])]
    return ImageTags(part, index, image_digest(image_set.images[index]), label)


def of_dataset(
    entries: Iterable[ImageTags], parts: Mapping[Part, ImageSet]
) -> dict[tuple[Part, int], ImageTags]:
    """What is written about images of these sets, by part and index, without entries about other images."""
    found: dict[tuple[Part, int], ImageTags] = {}
    for entry in entries:
        image_set = parts.get(entry.part)
        if image_set is None or not 0 <= entry.index < len(image_set) or entry.empty:
            continue
        if image_digest(image_set.images[entry.index]) == entry.digest:
            known = found.get((entry.part, entry.index))
            found[entry.part, entry.index] = entry if known is None else known.joined(entry)
    return found


def changed(entries: Sequence[ImageTags], new: Sequence[ImageTags]) -> tuple[ImageTags, ...]:
    """The entries with these instead of those about the same images; what says nothing is removed."""
    about = {entry.image for entry in new}
    kept = [entry for entry in entries if entry.image not in about]
    return (*kept, *(entry for entry in new if not entry.empty))


# ---- the file ---------------------------------------------------------------------------------------------


def tags_path(dataset: Dataset) -> Path:
    """Where the tags of a data set are kept; takes about 0.1 s for MNIST, the first time."""
    prints = dataset.train.fingerprint.images, dataset.test.fingerprint.images
    digest = hashlib.blake2b("".join(prints).encode(), digest_size=_LENGTH).hexdigest()
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", dataset.name).strip("-")[:_LONGEST_NAME]
    return data_folder() / "tags" / f"{name or 'images'}-{digest}.json"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    part: Part
    index: Annotated[int, Field(ge=0)]
    image: Annotated[str, Field(max_length=2 * _LENGTH)]
    label: Annotated[str, AfterValidator(lambda text: printable(text)[:200])] = ""
    tags: Annotated[tuple[str, ...], AfterValidator(valid_tags)] = ()
    note: Annotated[str, AfterValidator(valid_note)] = ""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    images: Annotated[tuple[_Entry, ...], Field(max_length=_MOST_IMAGES)] = ()


def read_tags(path: Path) -> tuple[ImageTags, ...]:
    """The entries in the file; () without a file. Raises StudioError if it is damaged."""
    if not path.exists():
        return ()
    kept = read_model_file(_File, path, _MOST_BYTES, _DAMAGE, _DAMAGE.what)
    return tuple(
        ImageTags(entry.part, entry.index, entry.image, entry.label, entry.tags, entry.note)
        for entry in kept.images
    )


def write_tags(path: Path, entries: Sequence[ImageTags]) -> None:
    """Replace the file by these entries, completely or not at all; raises StudioError."""
    if len(entries) > _MOST_IMAGES:
        raise StudioError(
            f"{len(entries):,} images have tags, more than {_MOST_IMAGES:,}", advice="Remove some tags."
        )
    images = [
        {
            "part": entry.part,
            "index": entry.index,
            "image": entry.digest,
            "label": entry.label,
            "tags": list(entry.tags),
            "note": entry.note,
        }
        for entry in entries
    ]
    replace_file(path, (to_text({"format": 1, "images": images}, indent=1) + "\n").encode())


def write_tag_table(path: Path, entries: Iterable[ImageTags]) -> int:
    """Write a CSV table, one row an image, the test set first; returns the number of rows.

    UTF-8 with a heading; several tags of an image have semicolons between them. Raises StudioError.
    """
    told = (entry for entry in entries if not entry.empty)
    rows = sorted(told, key=lambda entry: (entry.part, entry.index))
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for entry in rows:
        texts = entry.label, "; ".join(entry.tags), entry.note
        table.writerow([entry.index, entry.part, *map(_cell, texts)])
    with new_file(path) as file:
        file.write(text.getvalue().encode())
    return len(rows)


def _cell(text: str) -> str:
    """As a spreadsheet takes it: what begins like a formula is text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

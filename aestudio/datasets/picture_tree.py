"""What folders and names say of pictures: which part and which class each belongs to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aestudio.datasets.label_file import label_file, no_label_file
from aestudio.datasets.labels import in_natural_order
from aestudio.datasets.picture_parts import part_named, part_said, validation_note
from aestudio.datasets.provenance import LeftOut
from aestudio.datasets.reading import PLAIN
from aestudio.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.datasets.entries import Entry
    from aestudio.datasets.label_file import LabelFile
    from aestudio.datasets.reading import Labels, Reading

_TOKEN = re.compile(r"([^\W\d_]{1,30}|\d{1,2})[ _.\-].*")
_MOST_CLASSES = 1000
_BY_FOLDER = "the folders"


@dataclass(frozen=True)
class Placed:
    """A picture, and the name of its class or ""."""

    entry: Entry
    name: str


@dataclass(frozen=True)
class Tree:
    """Pictures by part, training first; notes on what was decided and left out, for people.

    labelled: what the classes are from, in a few words
    beside:   the labels that a file beside them has; then the pictures have no names of classes
    left_out: pictures that belong to no part or to no class
    """

    parts: tuple[tuple[Placed, ...], ...]
    notes: tuple[str, ...]
    labelled: str = ""
    left_out: tuple[LeftOut, ...] = ()
    beside: LabelFile | None = None

    @property
    def placed(self) -> tuple[Placed, ...]:
        return tuple(placed for part in self.parts for placed in part)


def tree_of(
    entries: Sequence[Entry], texts: Sequence[Entry] = (), reading: Reading = PLAIN, where: str = ""
) -> Tree:
    """The parts and classes of these pictures: by their folders, the first word of their names, or a file.

    texts: files beside them that may have their labels; they are taken before the folders if the column is
           called label and its classes are not those of the folders

    Raises StudioError for a text that cannot be read, and if labels are to be from a file and none has any.
    """
    folders = _unwrapped([entry.parts[:-1] for entry in entries])
    if reading.reads_tables and _train_is_a_class(folders):
        parts, notes = ["train"] * len(folders), list[str]()
    else:
        folders = _plain_parts(folders) if reading.reads_tables else folders
        parts, folders, notes = _parts(entries, folders, reading.keeps_validation)
    labels = reading.labels
    chosen = ["train", "test", "val"] if reading.keeps_validation else ["train", "test"]
    chosen = chosen if "test" in parts else ["train", "val"]
    kept = [number for number, part in enumerate(parts) if part in chosen]
    folders = _unwrapped([folders[number] for number in kept])
    placed = {number: folder[0] if folder else "" for number, folder in zip(kept, folders, strict=True)}
    beside, more = _beside(texts, [entries[number] for number in kept], list(placed.values()), labels)
    if labels == "file" and beside is None:
        raise no_label_file(where)
    notes += more
    if beside is not None:
        placed, labelled, more = dict.fromkeys(placed, ""), beside.titles, list(beside.notes)
    else:
        placed, labelled, more = _classes(entries, placed, labels)
    notes += more
    left_out = [
        LeftOut(entry.place, _why_left(parts[number], parts[number] in chosen))
        for number, entry in enumerate(entries)
        if number not in placed
    ]
    groups = [
        tuple(Placed(entries[number], name) for number, name in placed.items() if parts[number] == part)
        for part in chosen
    ]
    found = tuple(group for group in groups if group)
    return Tree(found, tuple(notes), labelled, tuple(left_out), beside)


def _beside(
    texts: Sequence[Entry], entries: Sequence[Entry], folders: Sequence[str], labels: Labels
) -> tuple[LabelFile | None, list[str]]:
    """The labels from a file, None if there are none or the folders are the classes; notes."""
    if labels in ("folders", "names", "none"):
        return None, []
    found, notes = label_file(texts, entries)
    if found is None or labels == "file" or len(set(folders)) < 2:
        return found, list(notes)
    pairs = {
        (folder, found.values[entry.place])
        for entry, folder in zip(entries, folders, strict=True)
        if entry.place in found.values
    }
    same = len(pairs) == len({folder for folder, _ in pairs}) == len({label for _, label in pairs})
    if same or not found.sure:
        return None, [f"Classes by the folders, not from {found.titles}, which is beside them."]
    return replace(found, notes=(*found.notes, "The folders are not taken as classes.")), list(notes)


def _why_left(part: str, in_part: bool) -> str:
    """Why a picture is left out: of a part that is used, it has no class."""
    if in_part:
        return "beside the folders of classes"
    return "in the validation part" if part == "val" else "outside the parts"


def _classes(
    entries: Sequence[Entry], placed: dict[int, str], labels: Labels
) -> tuple[dict[int, str], str, list[str]]:
    """The pictures that stay, by number, with the names of their classes; what those are from; notes."""
    loose = [number for number, name in placed.items() if not name]
    by_name = len(set(placed.values())) <= 1  # one folder, or none: the names of the files may tell more
    if (by_name and labels != "folders") or labels == "names":
        words = _first_words([entries[number].name for number in placed])
        if words:
            note = f"Classes by the first word of the files' names: {_some(in_natural_order(words))}."
            return dict(zip(placed, words, strict=True)), "the files' names", [note]
    if by_name:
        return (
            placed,
            "" if loose else _BY_FOLDER,
            ["Without labels, because there are no subfolders."] if loose else [],
        )
    if len(loose) > len(placed) // 2:
        return dict.fromkeys(placed, ""), "", ["Without labels, because most pictures are in no subfolder."]
    if loose:
        names = _some([entries[number].name for number in loose])
        note = f"{len(loose):,} pictures beside the folders of classes are left out ({names})."
        return {number: name for number, name in placed.items() if name}, _BY_FOLDER, [note]
    return placed, _BY_FOLDER, []


def class_order(names: Sequence[str]) -> tuple[str, ...]:
    """The different names of classes, 2 before 10."""
    return tuple(in_natural_order(names))


def _unwrapped(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The folders below the one that all are in, as long as there are others below it."""
    while (
        folders and all(len(folder) > 1 for folder in folders) and len({folder[0] for folder in folders}) == 1
    ):
        folders = [folder[1:] for folder in folders]
    return folders


def _plain_parts(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The same folders, with "train", "val" and "test" where names such as "training_set" say the part.

    All first folders must say one, and nothing else that differs; the same again below is left out.
    """
    said = {folder[0]: part_said(folder[0]) for folder in folders if folder}
    if not all(folders) or not all(part for part, _ in said.values()):
        return folders
    if len({others for _, others in said.values()}) > 1 or "train" not in {part for part, _ in said.values()}:
        return folders
    found: list[tuple[str, ...]] = []
    for folder in folders:
        part, rest = said[folder[0]][0], folder[1:]
        while rest and part_said(rest[0])[0] == part:
            rest = rest[1:]
        found.append((part, *rest))
    return found


def _train_is_a_class(folders: list[tuple[str, ...]]) -> bool:
    """Whether "train" is among other folders, none of which is a part or has folders: car, boat, train."""
    firsts = {folder[0] for folder in folders if folder}
    parts = [name for name in firsts if part_named(name)]
    return len(firsts) > 2 and len(parts) == 1 and all(len(folder) == 1 for folder in folders)


def _parts(
    entries: Sequence[Entry], folders: list[tuple[str, ...]], keeps_validation: bool
) -> tuple[list[str], list[tuple[str, ...]], list[str]]:
    """The part of each picture ("" for none, which is left out), its folders below it, and notes."""
    notes: list[str] = []
    found = {part_named(folder[0]) for folder in folders if folder and part_named(folder[0])}
    deeper = all(len(folder) > 1 and part_named(folder[1]) for folder in folders)
    if deeper and folders and not found:
        parts = [part_named(folder[1]) for folder in folders]
        folders = [(folder[0], *folder[2:]) for folder in folders]
    elif "train" in found:
        parts = [part_named(folder[0]) if folder else "" for folder in folders]
        outside = [entries[number].name for number, part in enumerate(parts) if not part]
        if outside:
            notes.append(f"{len(outside):,} pictures outside the parts are left out ({_some(outside)}).")
        folders = [folder[1:] for folder in folders]
    else:
        return ["train"] * len(folders), folders, notes
    present = set(parts)
    if "train" not in present:
        return ["train"] * len(folders), folders, notes
    if "val" in present and "test" in present:
        notes.append(validation_note(parts.count("val"), keeps_validation))
    elif "val" in present:
        notes.append("The validation part is taken for testing.")
    return parts, folders, notes


def _first_words(names: Sequence[str]) -> list[str]:
    """The class of each file by the first word or number of its name; [] if these are no classes.

    Each must be there twice at least, and there must be two: "frame_1", "frame_2" tell no classes.
    """
    found = [_TOKEN.fullmatch(name.rpartition(".")[0]) for name in names]
    words = [match[1] for match in found if match]
    counts = Counter(words)
    if len(words) < len(names) or not 2 <= len(counts) <= _MOST_CLASSES or min(counts.values()) < 2:
        return []
    return words


def _some(names: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(shortened(name, 40) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"

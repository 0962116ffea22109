"""Looks at every picture of a data set once, before anything is decided for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aestudio.datasets.importers.image_files import look_at
from aestudio.datasets.own_shape import COMMON_GREY
from aestudio.datasets.pages.page_looks import PageCutter
from aestudio.datasets.provenance import LeftOut, content_held, taken_file
from aestudio.errors import StudioError
from aestudio.printable import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aestudio.datasets.importers.image_files import Look
    from aestudio.datasets.picture_tree import Placed, Tree
    from aestudio.datasets.provenance import SourceFile
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

_FEW_BROKEN, _SHARE_BROKEN = 5, 0.1
_MOST_SMALL = 256 * 2**20  # bytes of small images that are held from the first look on


class ManyBroken(StudioError):
    """More than a tenth of the pictures is broken: they are left out if that is chosen."""


@dataclass(frozen=True)
class Seen:
    """A picture that can be read: where it is, the index of its file, and what was seen of one page of it."""

    placed: Placed
    file: int
    look: Look


@dataclass(frozen=True)
class Found:
    """All pictures by part; their files; those that are broken; how many hold several; notes."""

    parts: list[list[Seen]]
    files: list[SourceFile]
    broken: list[LeftOut]
    stacks: int
    notes: list[str]

    @property
    def all(self) -> list[Seen]:
        return [one for part in self.parts for one in part]


def cutter_of(tree: Tree, reading: Reading) -> PageCutter | None:
    """What cuts the digits out of pictures, None where each picture is an image.

    One picture alone is no data set, so it is taken for a page; raises StudioError if it cannot be read.
    """
    cut = reading.cut == "digits"
    if reading.cut == "auto" and len(tree.placed) == 1:
        entry = tree.placed[0].entry
        cut = len(look_at(entry.path, entry.read(), reading.frames == "all")) == 1
    inverted = {"auto": None, "yes": True, "no": False}[reading.invert]
    return PageCutter(reading.image or COMMON_GREY, inverted) if cut else None


def look_at_all(
    path: Path, tree: Tree, progress: Progress, reading: Reading, cutter: PageCutter | None
) -> Found:
    """Every picture of each part with what is seen of it; each file is read once, also for its digest."""
    look = look_at if cutter is None else cutter.looks
    broken: list[StudioError] = []
    unread: list[LeftOut] = []
    files: list[SourceFile] = []
    seen: list[list[Seen]] = []
    count, done, held, stacks = len(tree.placed), 0, 0, 0
    for part in tree.parts:
        own: list[Seen] = []
        for placed in part:
            progress(done, count, f"Looking at {printable(placed.entry.name)}")
            done += 1
            try:
                entry = placed.entry
                content = content_held(entry.path, entry.read())
                looks = look(entry.path, content, reading.frames == "all")
                file = taken_file(entry.place, entry.path, content)
            except StudioError as error:
                if reading.rules == 1:
                    raise
                broken.append(error)
                unread.append(LeftOut(placed.entry.place, "broken"))
                continue
            if not looks:
                unread.append(LeftOut(entry.place, "no digits found on it"))
                continue
            stacks += len(looks) > 1 and cutter is None
            files.append(file)
            for one in looks:
                held += 0 if one.small is None else one.small.nbytes
                own.append(
                    Seen(placed, len(files) - 1, one if cutter or held < _MOST_SMALL else _without_image(one))
                )
        seen.append(own)
    _check_seen(path, seen, broken, count, reading)
    notes = _notes(broken, stacks) if cutter is None else [*cutter.notes, *_notes(broken, stacks)]
    return Found(seen, files, unread, stacks, notes)


def _check_seen(
    path: Path, seen: Sequence[Sequence[Seen]], broken: Sequence[StudioError], count: int, reading: Reading
) -> None:
    """Raises StudioError if too many of the pictures are broken, or nothing was found."""
    if reading.broken == "few":
        _check_broken(path, broken, count)
    if any(seen):
        return
    if broken:
        raise broken[0]
    raise StudioError(
        "No digits were found to be cut out",
        where=str(path),
        advice="Take each picture as an image (--cut no), or scan it with more contrast.",
    )


def _notes(broken: Sequence[StudioError], stacks: int) -> list[str]:
    notes: list[str] = []
    if broken:
        names = ", ".join(shortened(error.where.rpartition("/")[2], 60) for error in broken[:_FEW_BROKEN])
        more = f" and {len(broken) - _FEW_BROKEN:,} more" if len(broken) > _FEW_BROKEN else ""
        what = "1 broken picture is" if len(broken) == 1 else f"{len(broken):,} broken pictures are"
        notes.append(f"{what} left out: {names}{more}.")
    if stacks:
        notes.append(f"Every page and frame of {stacks:,} files is an image of its own.")
    return notes


def _without_image(look: Look) -> Look:
    return replace(look, small=None)


def _check_broken(path: Path, broken: Sequence[StudioError], count: int) -> None:
    if not broken or (len(broken) + 1 < count and len(broken) <= max(_FEW_BROKEN, _SHARE_BROKEN * count)):
        return
    if len(broken) == 1:
        raise broken[0]
    raise ManyBroken(
        f"{len(broken):,} of {count:,} pictures cannot be read, the first of them "
        f"{shortened(broken[0].where.rpartition('/')[2], 60)}",
        where=str(path),
        advice="Copy them again, or leave them out (--broken any).",
    )

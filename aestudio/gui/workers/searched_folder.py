"""Whether there are runs or pictures in a folder, found by looking at a bounded number of its files.

A folder can be a whole disk, or have a million files. The answer has to come at once either way, so the
nearest files are looked at first, and the search ends after `MOST_FILES`.
"""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aestudio.datasets.entries import is_hidden
from aestudio.datasets.importers.image_files import SUFFIXES
from aestudio.runs.run_record import FILE as RECORD
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.progress import Progress

MOST_FILES = 20_000  # a few tenths of a second on a local disk
_MOST_RUNS = 2_000  # folders that are asked whether they are those of runs
_REPORT_EVERY = 500


def is_whole_disk(folder: Path) -> bool:
    """Whether this is the disk that the system and the user's own folder are on, as / or C:.

    A stick or card that is attached may well hold nothing but images.
    """
    with reading(folder):
        found = folder.resolve()
        return found == found.parent and Path.home().resolve().is_relative_to(found)


def holds_runs(folder: Path) -> bool:
    """Whether folders in this one are those of runs."""
    with reading(folder), os.scandir(folder) as entries:
        return any(os.path.isfile(os.path.join(one.path, RECORD)) for one in islice(entries, _MOST_RUNS))


def search_pictures(folder: Path, progress: Progress) -> Literal["some", "none", "not among the first"]:
    """Whether there are image files in a folder or below it, among the first `MOST_FILES`.

    What is hidden is left out, as are folders that cannot be read, or are removed meanwhile; a folder that is
    linked to twice is looked at once. Raises StudioError if the folder itself cannot be read, Cancelled.
    """
    with reading(folder):
        os.scandir(folder).close()
    for number, entry in enumerate(_nearest_first(str(folder))):
        if number == MOST_FILES:
            return "not among the first"
        if number % _REPORT_EVERY == 0:
            progress(number, MOST_FILES, "looking for images")
        if os.path.splitext(entry.name)[1].lower() in SUFFIXES and os.path.isfile(entry.path):
            return "some"
    return "none"


def _nearest_first(folder: str) -> Iterator[os.DirEntry[str]]:
    """Everything below the folder, by depth."""
    waiting, seen = deque([folder]), set[tuple[int, int]]()
    while waiting:
        path = waiting.popleft()
        try:
            place = os.stat(path)
            if (place.st_dev, place.st_ino) in seen:
                continue
            seen.add((place.st_dev, place.st_ino))
            with os.scandir(path) as entries:
                for entry in entries:
                    if not is_hidden(entry.name):
                        yield entry
                        if entry.is_dir():
                            waiting.append(entry.path)
        except OSError:
            continue

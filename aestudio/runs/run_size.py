"""What runs take on the disk. A checkpoint that a branch shares with its origin is one file, counted once."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun

Identity = tuple[int, int]


def size_of(folder: Path) -> int:
    """Bytes of the files in a run's folder and below; links are not followed, unreadable folders count 0."""
    return sum(size for _, size in _files(folder))


def total_size(runs: Sequence[KeptRun], progress: Progress = silent) -> int:
    """Bytes of all these runs; what several of them share counts once."""
    sizes: dict[Identity, int] = {}
    for number, run in enumerate(runs):
        progress(number, len(runs), "Measuring the runs")
        sizes.update(_files(run.folder))
    return sum(sizes.values())


def _files(folder: Path) -> Iterator[tuple[Identity, int]]:
    """Identity and size of every file, also of those in folders below."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it was removed meanwhile
                status = os.lstat(os.path.join(parent, name))
                if stat.S_ISREG(status.st_mode):
                    yield (status.st_dev, status.st_ino), status.st_size

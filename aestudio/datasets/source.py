"""What a source of digits declares; each module in `aestudio.datasets.sources` exports one as SOURCE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.progress import Progress


@dataclass(frozen=True)
class Places:
    """Where datasets may lie on this machine.

    given: a folder named by the user (torchvision's layout), only ever read; or None
    cache: the program's own folder, into which it downloads and generates
    """

    given: Path | None
    cache: Path


@dataclass(frozen=True)
class Source:
    """A dataset that has a name.

    name:    its name on the command line
    title:   for people
    summary: one line saying what it is
    kind:    whether it comes over the network, or is on or made by this machine
    order:   position in lists, smaller first
    find:    where it lies on this machine already, or None; never uses the network
    load:    the dataset, fetched or made first where necessary; raises StudioError, Cancelled
    """

    name: str
    title: str
    summary: str
    kind: Literal["download", "generated"]
    order: int
    find: Callable[[Places], Path | None]
    load: Callable[[Places, Progress], Dataset]


@dataclass(frozen=True)
class FileSource:
    """A form in which users have data of their own.

    name, title, summary, order: as for Source
    accepts: whether this path looks like one of this form (a glance, not a check)
    load:    the dataset at this path; raises StudioError, Cancelled
    """

    name: str
    title: str
    summary: str
    order: int
    accepts: Callable[[Path], bool]
    load: Callable[[Path, Progress], Dataset]

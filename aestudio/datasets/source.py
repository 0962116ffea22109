"""The declaration of a data source; each module in `aestudio.datasets.sources` exports one as SOURCE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aestudio.datasets.image_shape import MNIST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


@dataclass(frozen=True)
class DataFolders:
    """The folders of this machine that may hold data sets.

    given: a folder named by the user (torchvision's layout), only ever read; or None
    cache: the program's own folder, into which it downloads and generates
    """

    given: Path | None
    cache: Path


def _whole(path: Path) -> str:  # noqa: ARG001 - the declaration's shape
    return ""


@dataclass(frozen=True)
class Source:
    """A data set that has a name.

    name:    its name on the command line
    title:   for people
    summary: one line saying what it is
    kind:    whether it comes over the network, or is on or made by this machine
    order:   position in lists, smaller first
    find:    its folder or file on this machine, or None; never uses the network
    load:    the data set, fetched or made first where necessary; raises StudioError, Cancelled
    image:   the shape of its images
    damage:  the name of a file that is not whole in what `find` found, "" if none is; looks at lengths only
    """

    name: str
    title: str
    summary: str
    kind: Literal["download", "generated"]
    order: int
    find: Callable[[DataFolders], Path | None]
    load: Callable[[DataFolders, Progress], Dataset]
    image: ImageShape = MNIST.image
    damage: Callable[[Path], str] = _whole


@dataclass(frozen=True)
class FileSource:
    """A form in which users have data of their own.

    name, title, summary, order: as for Source
    accepts: whether this path looks like one of this form; the content is not checked
    load:    the data set at this path, read in this way; raises StudioError, Cancelled
    load_files: the same of some of its files only, by their names (`SourceFile.name`); None for a form whose
             files cannot be told apart
    """

    name: str
    title: str
    summary: str
    order: int
    accepts: Callable[[Path], bool]
    load: Callable[[Path, Progress, Reading], Dataset]
    load_files: Callable[[Path, Progress, Reading, frozenset[str]], Dataset] | None = None

"""Where a list of the workspace is kept: bookmarks, drawings, tags of images. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

ListName = Literal["bookmarks", "drawings", "tags"]
"""The names of these lists in `Workspace`."""


@dataclass(frozen=True, eq=False)
class KeptList:
    """The file of one list, and what need not be written to it.

    path:    None if the list is not kept
    saved:   the list as it was read or written last; while the file is being read, as it was before
    before:  the list of the run before, which Undo brings back; it is written after a change only
    """

    path: Path | None = None
    saved: tuple[Any, ...] = ()
    before: tuple[Any, ...] | None = None
    reading: bool = False

"""Folders that are written completely or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def new_folder(path: Path) -> Generator[Path]:
    """An empty folder to fill, which becomes `path` when the block ends well; it is gone if the block raises.

    Raises StudioError if there is something of this name, then too, and if the disk refuses.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
        try:
            inside = scratch / path.name  # made by us: mkdtemp's own folder is for its owner only
            inside.mkdir()
            yield inside
            if os.path.lexists(path):  # a rename would replace an empty folder
                raise StudioError(
                    "There is something of this name already", where=str(path), advice="Choose another name."
                )
            inside.rename(path)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

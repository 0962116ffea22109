"""Libraries that only some file formats need: imported when such a file is opened, or a sentence says how."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from types import ModuleType


def optional_library(name: str, package: str, where: str) -> ModuleType:
    """The module of this name; raises StudioError with the command that installs its package."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise StudioError(
            f"Files of this kind need the library {package}, which is not installed",
            where=where,
            advice=f"Install it and open the file again: {sys.executable} -m pip install {package}",
        ) from error

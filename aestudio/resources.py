"""Finds the files that ship with the program, in a wheel as well as in a checkout.

A wheel carries `resources/` as `aestudio/_resources`; an editable install reads the checkout's folder.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resources_folder() -> Path:
    """The folder with icons, recipes and pretrained models."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "_resources", package.parent / "resources"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"resources/ is missing beside {package}; reinstall aestudio")

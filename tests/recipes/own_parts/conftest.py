"""The user's folder with the examples of what a user writes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.paths import user_parts_folder, user_recipes_folder
from aestudio.recipes.own_parts.answers import remember_answer
from aestudio.recipes.own_parts.part_folder import PartFolder, read_part_folder

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).parents[2] / "data" / "own_models"


def put(group: str, name: str, source: str | None = None, examples: Path = EXAMPLES) -> Path:
    """Copy an example into the user's folder; returns its new folder. source: its name, if it differs."""
    folder = user_parts_folder(group) / name
    shutil.copytree(examples / group / (source or name), folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def put_recipe() -> Path:
    """Copy the example of a recipe, which needs both examples of parts."""
    user_recipes_folder().mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(EXAMPLES / "recipe.json", user_recipes_folder() / "mine.json"))


def allow(group: str, name: str) -> PartFolder:
    """Agree to the folder as it is now."""
    content = read_part_folder(group, name)
    remember_answer(content, allowed=True)
    return content


@pytest.fixture
def network() -> Path:
    """The folder networks/two_layers, about which nobody was asked."""
    return put("networks", "two_layers")


@pytest.fixture
def objective() -> Path:
    """The folder objectives/mean_absolute, about which nobody was asked."""
    return put("objectives", "mean_absolute")


@pytest.fixture
def written() -> Callable[..., Path]:
    """`written("networks", "mine", config="...")` writes a folder of files, and agrees to it."""

    def write(group: str, name: str, **files: str) -> Path:
        folder = user_parts_folder(group) / name
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / f"{file}.py").write_text(text, encoding="utf-8")
        allow(group, name)
        return folder

    return write

"""The folders of the user's data, cache and settings; no other module knows these paths.

`AESTUDIO_HOME` moves everything below one folder (tests and portable installations use it).
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APP = "aestudio"


def _below_home(name: str) -> Path | None:
    home = os.environ.get("AESTUDIO_HOME")
    return Path(home).expanduser() / name if home else None


def data_folder() -> Path:
    """The user's own data: runs, recipes."""
    return _below_home("data") or Path(platformdirs.user_data_dir(_APP, appauthor=False))


def cache_folder() -> Path:
    """Data that can be downloaded or computed again: data sets."""
    return _below_home("cache") or Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def settings_folder() -> Path:
    """The window's preferences, and which of the user's Python folders may be loaded."""
    return _below_home("settings") or Path(platformdirs.user_config_dir(_APP, appauthor=False))


def settings_lock() -> Path:
    """The lock file that is held while a settings file is read, changed and written."""
    return settings_folder() / ".settings.lock"


def runs_folder() -> Path:
    """Kept runs, one folder each."""
    return data_folder() / "runs"


def user_recipes_folder() -> Path:
    """Recipes that the user saved, one JSON file each."""
    return data_folder() / "recipes"


def user_lessons_folder() -> Path:
    """Lessons of the user's own: NAME.lesson.toml, and texts beside it."""
    return data_folder() / "lessons"


def prepared_lessons_folder() -> Path:
    """What was trained ahead for lessons, a folder for each; it can be computed again."""
    return data_folder() / "prepared-lessons"


def lesson_records_folder() -> Path:
    """What was guessed and measured in each lesson that was given."""
    return data_folder() / "lesson-records"


def user_parts_folder(group: str) -> Path:
    """Python folders of the user's own models, of one group: "networks" or "objectives"."""
    return data_folder() / group

"""Intents about what the user prefers, and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.controllers.settings_file import read_table, write_table
from aestudio.gui.state.effects.reactions import KeepPreferences
from aestudio.gui.state.preferences import (
    NORMAL_TEXT,
    TEXT_SIZES,
    other_text_size,
    text_size_in,
    with_preferences,
)

if TYPE_CHECKING:
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate

FILE = "preferences.json"


class PreferencesController:
    """Changes the size of the text, and keeps what is preferred."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.react_with(KeepPreferences, _keep)

    def change_text_size(self, steps: int) -> None:
        """Make the text larger by this number of steps, or smaller if it is negative."""
        self._set_text_size(other_text_size(self._store.state.text_size, steps))

    def restore_text_size(self) -> None:
        """Make the text as large as it is at first."""
        self._set_text_size(NORMAL_TEXT)

    def _set_text_size(self, size: int) -> None:
        self._store.update(text_size=size)
        text = translate("preferences", "Text size: {} %").format(size)
        if size == TEXT_SIZES[-1]:
            text = translate("preferences", "Text size: {} %, the largest").format(size)
        self._store.show_message(text)


def _keep(reaction: KeepPreferences) -> None:
    """Other windows of the program may have written other values."""
    write_table(FILE, {**read_table(FILE), **dict(reaction.changed)})


def with_kept_preferences(state: StudioState) -> StudioState:
    """The state with what was kept."""
    return with_preferences(state, read_table(FILE))


def kept_text_size() -> int:
    """The size of the text that was kept, in per cent."""
    return text_size_in(read_table(FILE))

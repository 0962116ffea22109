"""Intents about what the user prefers, and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.controllers.settings_file import change_table, read_table
from aestudio.gui.state.effects.reactions import KeepLastShown, KeepPreferences
from aestudio.gui.state.preferences import (
    NORMAL_TEXT,
    TEXT_SIZES,
    other_text_size,
    text_size_in,
    theme_in,
    with_preferences,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.schemes import Scheme

translate = QCoreApplication.translate

FILE, LAST_SHOWN = "preferences.json", "last_shown.json"


class PreferencesController:
    """Changes the size of the text, and keeps what is preferred."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.react_with(KeepPreferences, _keep)

    def choose_curves(self, *, smoothing: float, logarithmic: bool) -> None:
        """Smooth the curves over this share of the epochs to each side, on a logarithmic or linear axis."""
        state = self._store.state
        if (state.smoothing, state.logarithmic) != (smoothing, logarithmic):
            self._store.update(smoothing=smoothing, logarithmic=logarithmic)

    def keep_last_shown(self) -> None:
        """Keep from now on what the next start shows: in windows, and not for pictures of them."""
        self._store.react_with(KeepLastShown, _keep_last_shown)

    def change_text_size(self, steps: int) -> None:
        """Make the text larger by this number of steps, or smaller if it is negative."""
        self.choose_text_size(other_text_size(self._store.state.text_size, steps))

    def restore_text_size(self) -> None:
        """Make the text as large as it is at first."""
        self.choose_text_size(NORMAL_TEXT)

    def choose_text_size(self, size: int) -> None:
        """Make the text this large, in per cent; raises BadChoice for a size that is not offered."""
        if size not in TEXT_SIZES:
            raise BadChoice("text size", size, map(str, TEXT_SIZES))
        self._store.update(text_size=size)
        text = translate("preferences", "Text size: {} %").format(size)
        if size == TEXT_SIZES[-1]:
            text = translate("preferences", "Text size: {} %, the largest").format(size)
        self._store.show_message(text)


def _keep(reaction: KeepPreferences) -> None:
    """Other windows of the program may have written other values."""
    change_table(FILE, dict(reaction.changed))


def with_kept_preferences(state: StudioState) -> StudioState:
    """The state with what was kept."""
    return with_preferences(state, read_table(FILE))


def _keep_last_shown(reaction: KeepLastShown) -> None:
    """A model that is kept nowhere leaves the run before as it is."""
    run = {"run": reaction.run} if reaction.run else {}
    change_table(LAST_SHOWN, {"view": reaction.view, **run})


def last_view(views: Collection[str], usual: str) -> str:
    """The view that was in front last, if there is one of this name; otherwise the usual one."""
    view = read_table(LAST_SHOWN).get("view")
    return view if isinstance(view, str) and view in views else usual


def last_run(usual: str) -> str:
    """The run that was shown last, if it is still there and can be read; otherwise the usual one."""
    from aestudio.runs.index import find_run

    run = read_table(LAST_SHOWN).get("run")
    if not isinstance(run, str) or not run:
        return usual
    try:
        find_run(run)
    except (StudioError, OSError, ValueError):
        return usual
    return run


def kept_theme() -> Scheme:
    """The theme that was chosen last in a window."""
    return theme_in(read_table(FILE))


def kept_text_size() -> int:
    """The size of the text that was kept, in per cent."""
    return text_size_in(read_table(FILE))

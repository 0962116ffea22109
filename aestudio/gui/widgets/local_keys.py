"""Keys that a widget handles itself while it has the focus, declared with untranslated ids.

The widget asks its table which command an event means, and the list in Help shows the same table, so that
what is listed is what works. (Keys of the whole window are commands: `gui/window/commands/`.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent


DIGITS = tuple("0123456789")
_LISTED = 3  # more digits in a row are written as a range


@dataclass(frozen=True)
class LocalKey:
    """id: "slider.mute"; keys: as in QKeySequence, without modifiers; text: gives its translated meaning."""

    id: str
    keys: tuple[str, ...]
    text: Callable[[], str]


class LocalKeys:
    """The keys of one kind of widget. title: returns its translated name, for the list in Help."""

    def __init__(self, title: Callable[[], str], *keys: LocalKey) -> None:
        """Raises ValueError if a key has two meanings."""
        self.title = title
        self.keys = keys
        self._ids: dict[int, str] = {}
        for local in keys:
            for text in local.keys:
                code = _code(text)
                if code in self._ids:
                    raise ValueError(f"{text} means {self._ids[code]} and {local.id}")
                self._ids[code] = local.id

    def command(self, event: QKeyEvent) -> str:
        """The id of what the key of this event does, whatever modifiers are held; "" if it does nothing."""
        return self._ids.get(event.key(), "")

    def rows(self) -> list[tuple[str, str]]:
        """Return (keys in the notation of this system, meaning); keys of one meaning share a row."""
        meanings: dict[str, list[str]] = {}
        for local in self.keys:
            meanings.setdefault(local.text(), []).extend(local.keys)
        return [(_in_words(keys), meaning) for meaning, keys in meanings.items()]


def _code(text: str) -> int:
    sequence: Any = QKeySequence(text)  # its items are missing in the types of PySide6
    return sequence[0].key().value


def _in_words(keys: list[str]) -> str:
    if len(keys) > _LISTED and all(key.isdecimal() for key in keys):
        return f"{keys[0]} – {keys[-1]}"
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in keys)

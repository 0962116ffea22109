"""The entries of the palette, made of the table of commands, and their order for what is typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from aestudio.gui.window.palette.word_match import Searchable, score, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aestudio.gui.window.commands.command import Command, Value


@dataclass(frozen=True, eq=False)
class PaletteEntry:
    """A command, or a command with one of its choices.

    key:      distinguishes it in the list of recent ones, across starts
    kind:     "Recipe", "View" or the like, "Command" for the rest; keys: its shortcut as the system writes it
    obstacle: why it cannot be done now, "" if it can
    values:   what the command is told
    """

    key: str
    text: str
    kind: str
    help: str
    keys: str
    obstacle: str
    command: Command
    values: Mapping[str, Value]
    searchable: Searchable = field(repr=False)


def palette_entries(commands: Iterable[Command], presentation: bool) -> tuple[PaletteEntry, ...]:
    """Everything that can be done without being told a number or a text, in the order of the menus."""
    entries: list[PaletteEntry] = []
    for command in commands:
        if command.keys_in == "escape" or (command.keys_in == "presentation" and not presentation):
            continue
        if command.choices is not None:
            for choice in command.choices():
                key = f"{command.id} {choice.value}"
                entries.append(_entry(command, key, choice.text, choice.help, command.chosen(choice)))
        elif command.complete:
            entries.append(_entry(command, command.id, _shown(command), command.help, {}))
    return tuple(entries)


def matching(entries: Sequence[PaletteEntry], typed: str, recent: Sequence[str]) -> tuple[PaletteEntry, ...]:
    """The entries that match what is typed, the best first; of equal ones the most recently chosen first.

    Without typed words: all, the recent ones first.
    recent: keys of entries, the newest first
    """
    ages = {key: age for age, key in enumerate(recent)}
    query = words_of(typed)
    scored = [(score(query, entry.searchable), entry) for entry in entries]
    found = [(value, entry) for value, entry in scored if value is not None]
    found.sort(key=lambda pair: (-pair[0], ages.get(pair[1].key, len(ages))))
    return tuple(entry for _, entry in found)


def _entry(
    command: Command, key: str, text: str, help_text: str, values: Mapping[str, Value]
) -> PaletteEntry:
    kind = command.kind or QCoreApplication.translate("palette", "Command")
    native = QKeySequence.SequenceFormat.NativeText
    keys = QKeySequence(command.shortcut).toString(native) if command.shortcut and not values else ""
    searchable = Searchable.of(text, kind, help_text)
    return PaletteEntry(key, text, kind, help_text, keys, command.obstacle(), command, values, searchable)


def _shown(command: Command) -> str:
    return command.text.replace("&", "").removesuffix("...").rstrip()

"""Keeps what the user chose for the sidebars, in sidebars.json; an invalid file is ignored."""

from __future__ import annotations

from typing import Any

from aestudio.gui.controllers.settings_file import change_table, read_table
from aestudio.gui.window.sidebars.sidebar_arrangement import LEFT, RIGHT, SidebarChoices
from aestudio.storage.json_text import whole_number

FILE = "sidebars.json"


def read_choices() -> SidebarChoices:
    """What was chosen, the usual for what was not; the usual if there is no valid file."""
    table = {**_table(SidebarChoices()), **read_table(FILE)}
    try:
        left, right = map(whole_number, table["widths"])
        choices = SidebarChoices(
            wide=_two(table["wide"]),
            narrow=_two(table["narrow"]),
            last=RIGHT if table["last"] == "right" else LEFT,
        )
    except (ValueError, TypeError):
        return SidebarChoices()
    return choices.with_width(LEFT, left).with_width(RIGHT, right)


def write_choices(choices: SidebarChoices, before: SidebarChoices | None = None) -> None:
    """Keep the choices; no error if the file cannot be written.

    before: what this window began with; what it did not change stays as another window has left it
    """
    known = {} if before is None else _table(before)
    table = _table(choices)
    change_table(FILE, {name: value for name, value in table.items() if known.get(name) != value})


def _table(choices: SidebarChoices) -> dict[str, Any]:
    """As JSON has it, which knows no tuples."""
    return {
        "wide": list(choices.wide),
        "narrow": list(choices.narrow),
        "last": "right" if choices.last == RIGHT else "left",
        "widths": list(choices.widths),
    }


def _two(value: object) -> tuple[bool, bool]:
    match value:
        case [bool() as left, bool() as right]:
            return left, right
    raise ValueError("these are not two values, true or false")

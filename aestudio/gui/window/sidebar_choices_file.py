"""Keeps what the user chose for the sidebars, in sidebars.json; an invalid file is ignored."""

from __future__ import annotations

from aestudio.gui.controllers.settings_file import read_table, write_table
from aestudio.gui.window.sidebars.sidebar_arrangement import LEFT, RIGHT, SidebarChoices
from aestudio.storage.json_text import whole_number

FILE = "sidebars.json"


def read_choices() -> SidebarChoices:
    """What was chosen; the usual if there is no valid file."""
    table = read_table(FILE)
    try:
        left, right = map(whole_number, table["widths"])
        choices = SidebarChoices(
            wide=_two(table["wide"]),
            narrow=_two(table["narrow"]),
            last=RIGHT if table["last"] == "right" else LEFT,
        )
    except (ValueError, KeyError, TypeError):
        return SidebarChoices()
    return choices.with_width(LEFT, left).with_width(RIGHT, right)


def write_choices(choices: SidebarChoices) -> None:
    """Keep the choices; no error if the file cannot be written."""
    write_table(
        FILE,
        {
            "wide": choices.wide,
            "narrow": choices.narrow,
            "last": "right" if choices.last == RIGHT else "left",
            "widths": choices.widths,
        },
    )


def _two(value: object) -> tuple[bool, bool]:
    match value:
        case [bool() as left, bool() as right]:
            return left, right
    raise ValueError("these are not two values, true or false")

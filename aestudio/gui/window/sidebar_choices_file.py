"""Keeps what the user chose for the sidebars, in sidebars.json; an invalid file is ignored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.gui.window.sidebars.sidebar_arrangement import LEFT, RIGHT, SidebarChoices
from aestudio.paths import settings_folder
from aestudio.storage.atomic_file import new_file
from aestudio.storage.json_text import parse_json, table_of, whole_number

if TYPE_CHECKING:
    from pathlib import Path

FILE = "sidebars.json"
MAXIMUM_BYTES = 10_000


def read_choices() -> SidebarChoices:
    """What was chosen; the usual if there is no valid file."""
    path = settings_folder() / FILE
    try:
        table = table_of(parse_json(_content(path)))
        left, right = map(whole_number, table["widths"])
        choices = SidebarChoices(
            wide=_two(table["wide"]),
            narrow=_two(table["narrow"]),
            last=RIGHT if table["last"] == "right" else LEFT,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return SidebarChoices()
    return choices.with_width(LEFT, left).with_width(RIGHT, right)


def write_choices(choices: SidebarChoices) -> None:
    """Keep the choices; no error if the file cannot be written."""
    table = {
        "wide": choices.wide,
        "narrow": choices.narrow,
        "last": "right" if choices.last == RIGHT else "left",
        "widths": choices.widths,
    }
    path = settings_folder() / FILE
    if path.exists() and not path.is_file():
        return
    try:
        with new_file(path, durable=False) as file:
            file.write(json.dumps(table, indent=1).encode())
    except StudioError:
        return


def _two(value: object) -> tuple[bool, bool]:
    match value:
        case [bool() as left, bool() as right]:
            return left, right
    raise ValueError("these are not two values, true or false")


def _content(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > MAXIMUM_BYTES:
        return b""
    return path.read_bytes()

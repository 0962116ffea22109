"""Keeps whether the drawer of the Latent view is open, and how large the user dragged it, in latent.ini.

An invalid file is ignored, and so is each invalid value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from PySide6.QtCore import QSettings

from aestudio.paths import settings_folder
from aestudio.printable import printable

FILE = "latent.ini"
_MAXIMUM_BYTES = 10_000
_MOST = 10_000  # logical pixels


@dataclass(frozen=True)
class DrawerChoices:
    """What the user chose.

    is_open:       whether a panel is shown
    panel:         the name of the one in front, "" for the first
    width, height: of a panel beside and below the map, in logical pixels at 100 % of the type; 0: as is best
    """

    is_open: bool = False
    width: int = 0
    height: int = 0
    panel: str = ""

    def length(self, beside: bool) -> int:
        """What was chosen for a panel beside the map, or below it; 0: as is best."""
        return self.width if beside else self.height

    def with_length(self, beside: bool, length: int) -> DrawerChoices:
        """With this width of a panel beside the map, or height of one below it."""
        return replace(self, width=length) if beside else replace(self, height=length)


def read_choices() -> DrawerChoices:
    """What was chosen when the drawer was used last."""
    path = settings_folder() / FILE
    try:
        if not path.is_file() or path.stat().st_size > _MAXIMUM_BYTES:
            return DrawerChoices()
        text = path.read_bytes().decode("latin-1")
    except OSError:
        return DrawerChoices()
    found = dict(re.findall(r"^(\w+)=(\w+)\s*$", text, re.MULTILINE))
    return DrawerChoices(
        found.get("panels_open") == "true",
        _length(found.get("panel_width", "")),
        _length(found.get("panel_height", "")),
        found.get("panel", "").replace("_", " "),
    )


def write_choices(choices: DrawerChoices, before: DrawerChoices | None = None) -> None:
    """Keep what was chosen; no error if the file cannot be written.

    before: what it was until now; what did not change stays as another window has left it
    """
    path = settings_folder() / FILE
    if printable(str(path)) == str(path) and (path.is_file() or not path.exists()):
        settings = QSettings(str(path), QSettings.Format.IniFormat)
        known = {} if before is None else _values(before)
        for name, value in _values(choices).items():
            if known.get(name) != value:
                settings.setValue(name, value)


def _values(choices: DrawerChoices) -> dict[str, bool | int | str]:
    return {
        "panels_open": choices.is_open,
        "panel_width": choices.width,
        "panel_height": choices.height,
        "panel": choices.panel.replace(" ", "_"),
    }


def _length(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) and int(text) <= _MOST else 0

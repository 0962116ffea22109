"""The interface font with tabular digits, so that changing numbers do not move."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase

if TYPE_CHECKING:
    from aestudio.gui.theme.tokens import Theme


def interface_family() -> str:
    """The system's own interface font; where the system names none worth using (Linux), Inter if present."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if sys.platform in ("win32", "darwin"):
        return system
    return _installed_inter() or system


@cache
def _installed_inter() -> str:
    """Listing the installed families takes long, and each paint that writes something asks for the font."""
    installed = set(QFontDatabase.families())
    return next((family for family in ("Inter", "Inter Variable") if family in installed), "")


def font(theme: Theme, size: float | None = None, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font in unscaled pixels (default: body size), tabular figures switched on."""
    made = QFont(interface_family())
    made.setPixelSize(max(1, theme.px(size or theme.body_size)))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made

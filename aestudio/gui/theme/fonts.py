"""The interface font with tabular figures, so that changing numbers keep their width."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase

if TYPE_CHECKING:
    from aestudio.gui.theme.tokens import Theme


def interface_family() -> str:
    """The family of the system's interface font; on Linux Inter, if it is installed."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if sys.platform in ("win32", "darwin"):
        return system
    return _installed_inter() or system


@cache
def _installed_inter() -> str:
    """Cached: listing the installed families is slow, and every painted text needs the font."""
    installed = set(QFontDatabase.families())
    return next((family for family in ("Inter", "Inter Variable") if family in installed), "")


def font(theme: Theme, size: float | None = None, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font in unscaled pixels (default: body size), tabular figures switched on."""
    return QFont(_font(interface_family(), max(1, theme.px(size or theme.body_size)), weight))


@cache
def _font(family: str, pixels: int, weight: QFont.Weight) -> QFont:
    """Cached: a change of theme asks for hundreds of them."""
    result = QFont(family)
    result.setPixelSize(pixels)
    result.setWeight(weight)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result

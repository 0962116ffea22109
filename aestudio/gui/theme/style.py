"""Puts a theme on the application: Fusion, a palette and one style sheet, all made from the tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QDir, QEvent
from PySide6.QtGui import QColor, QPalette

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style_sheet import style_sheet
from aestudio.gui.theme.tokens import DARK
from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication, QWidget

    from aestudio.gui.theme.tokens import Theme

_CHANGES = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange)
_in_use: list[Theme] = [DARK]
_lengths: WeakKeyDictionary[QWidget, list[Callable[[Any, Theme], object]]] = WeakKeyDictionary()
AnyWidget = TypeVar("AnyWidget", bound="QWidget")
_phase: list[Literal["", "taken off", "put on"]] = [""]


def current_theme() -> Theme:
    """The theme applied last; dark before any was."""
    return _in_use[0]


def apply_theme(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Give the whole application this look; each widget is notified once, see `is_theme_change`.

    The old sheet is taken off before the new one is put on: Qt dresses each widget once for a first sheet,
    but for one that replaces another once for each widget around it (nine times here, 0.32 s, not 0.09).
    """
    theme = theme.scaled(scale)
    _in_use[0] = theme
    QDir.setSearchPaths("marks", [str(resources_folder() / "icons" / theme.name)])
    _phase[0] = "taken off"
    try:
        app.setStyleSheet("")
        if app.style().objectName().lower() != "fusion":
            app.setStyle("Fusion")
        app.setFont(font(theme))
        app.setPalette(palette(theme))
        _phase[0] = "put on"
        app.setStyleSheet(style_sheet(theme))
    finally:
        _phase[0] = ""
    _renew_lengths(theme)


def is_theme_change(event: QEvent) -> bool:
    """True for what a widget gets in `changeEvent` when it has to repaint and to ink icons anew.

    Once for each theme, when the new one is complete; also when the widget alone is given another look.
    """
    if _phase[0]:
        return event.type() == QEvent.Type.StyleChange and _phase[0] == "put on"
    return event.type() in _CHANGES


def keep_length(widget: AnyWidget, fix: Callable[[AnyWidget, Theme], object]) -> None:
    """Fix a length of a widget now, and again in each new theme: type grows in presentation, and needs room.

    fix: called with the widget and the theme in use; must not hold the widget itself
    """
    fix(widget, current_theme())
    _lengths.setdefault(widget, []).append(fix)


def _renew_lengths(theme: Theme) -> None:
    for widget, fixes in list(_lengths.items()):
        if shiboken6.isValid(widget):
            widget.ensurePolished()
            for fix in fixes:
                fix(widget, theme)


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, for everything the style sheet does not name."""
    role = QPalette.ColorRole
    made = QPalette()
    for name, colour in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.bad,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.raised,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.window,
    }.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.disabled))
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Say what a widget is for, so that the style sheet can dress it.

    Labels: "heading", "label", "muted", "caption", "bad", "warn", "good". Buttons: "primary", "quiet".
    Frames: "panel", "raised", "problem". Inputs: "bad" while their text is refused.
    """
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()

"""Applies a theme to the application: Fusion, a palette and one style sheet, made from the tokens."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QCoreApplication, QDir, QEvent, Qt
from PySide6.QtGui import QColor, QPalette

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.late_parts import hidden_parts_left_out, polished
from aestudio.gui.theme.style_sheet import style_sheet
from aestudio.gui.theme.tokens import DARK
from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from PySide6.QtWidgets import QApplication, QLayout, QWidget

    from aestudio.gui.theme.tokens import Theme

_CHANGES = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange)
_current: list[Theme] = [DARK]
_lengths: WeakKeyDictionary[QWidget, list[Callable[[Any, Theme], object]]] = WeakKeyDictionary()
_spaces: WeakKeyDictionary[QLayout, Callable[[Any, Theme], object]] = WeakKeyDictionary()
AnyWidget = TypeVar("AnyWidget", bound="QWidget")
AnyLayout = TypeVar("AnyLayout", bound="QLayout")
_phase: list[Literal["", "removing", "applying"]] = [""]


def current_theme() -> Theme:
    """The theme that was applied last; the dark one at first."""
    return _current[0]


@contextmanager
def drawn_with(theme: Theme) -> Iterator[None]:
    """Within it this is the current theme, for what is painted for a paper; no widget is told of it."""
    shown = _current[0]
    _current[0] = theme
    try:
        yield
    finally:
        _current[0] = shown


def apply_theme(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Apply a theme to the whole application; each widget is notified once, see `is_theme_change`.

    The old style sheet is removed first. Qt polishes each widget once for a first sheet, but for a sheet that
    replaces another one it does so once per ancestor (nine times here: 0.32 s instead of 0.09 s). What is
    hidden and says so (`late_parts`) is left out: `take_theme` dresses it when it is shown.
    """
    theme = theme.scaled(scale)
    _current[0] = theme
    QDir.setSearchPaths("marks", [str(resources_folder() / "icons" / theme.name)])
    _polish_all(app)
    _phase[0] = "removing"
    try:
        with hidden_parts_left_out(app.style()) as left_out:
            app.setStyleSheet("")
            if app.style().objectName().lower() != "fusion":
                app.setStyle("Fusion")
            app.setFont(font(theme))
            app.setPalette(palette(theme))
            _phase[0] = "applying"
            app.setStyleSheet(style_sheet(theme))
    finally:
        _phase[0] = ""
    for layout, fix in list(_spaces.items()):
        if shiboken6.isValid(layout):
            fix(layout, theme)
    _update_lengths([widget for widget in _lengths if id(widget) not in left_out], theme)


def take_theme(owner: QWidget) -> None:
    """Dress a part that was left out while it was hidden (`late_parts`), before it is shown."""
    _phase[0] = "removing"
    try:
        widgets = polished(owner)
        _phase[0] = "applying"
        for widget in reversed(widgets):  # what arranges others asks for their sizes
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
    finally:
        _phase[0] = ""
    _update_lengths([widget for widget in widgets if widget in _lengths], current_theme())


def _polish_all(app: QApplication) -> None:
    """Polish what was never shown: otherwise Qt leaves it the old font when it is shown with the new one."""
    for widget in app.allWidgets():
        if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.ensurePolished()


def is_theme_change(event: QEvent) -> bool:
    """Whether this event of `changeEvent` requires new icons and lengths, and a repaint.

    True once per theme, when the new theme is complete; also if only this widget's palette or style changes.
    """
    if _phase[0] == "removing":
        return False  # every widget gets such events, and to ask Qt for the type takes 9 µs
    if _phase[0]:
        return event.type() == QEvent.Type.StyleChange
    return event.type() in _CHANGES


def keep_length(widget: AnyWidget, fix: Callable[[AnyWidget, Theme], object]) -> None:
    """Fix a length of a widget now and with each new theme: fonts are larger in a presentation.

    fix: called with the widget and the current theme; must not hold a reference to the widget
    """
    fix(widget, current_theme())
    _lengths.setdefault(widget, []).append(fix)


def keep_spaces(layout: AnyLayout, fix: Callable[[AnyLayout, Theme], object]) -> None:
    """Fix the spaces of a layout now and with each new theme, as `keep_length` does for a widget.

    fix: called with the layout and the current theme; must not hold a reference to the layout
    """
    fix(layout, current_theme())
    _spaces[layout] = fix


def keep_lines(label: QWidget, lines: int) -> None:
    """Keep a label as high as this number of lines, so that a longer text moves nothing below it."""
    keep_length(label, lambda label, _: label.setFixedHeight(lines * label.fontMetrics().lineSpacing() + 2))


def keep_least_lines(label: QWidget, lines: int) -> None:
    """Keep a label at least as high as this number of lines, and higher for a text that would be cut."""
    keep_length(label, lambda label, _: label.setMinimumHeight(lines * label.fontMetrics().lineSpacing() + 2))


def _update_lengths(widgets: Iterable[QWidget], theme: Theme) -> None:
    for widget in widgets:
        if shiboken6.isValid(widget):
            widget.ensurePolished()
            for fix in _lengths[widget]:
                fix(widget, theme)


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, for everything that the style sheet does not cover."""
    role = QPalette.ColorRole
    result = QPalette()
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
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.disabled))
    return result


def set_role(widget: QWidget, role: str) -> None:
    """Set the role of a widget, by which the style sheet selects its appearance.

    Labels: "heading", "label", "muted", "caption", "bad", "warn", "good", "refusal" (in a box, over a
    view). Buttons: "primary", "quiet", "link", "reason" (an error message). Frames: "panel", "raised",
    "floating" (over a plot), "problem".
    """
    _set_property(widget, "role", role)


def set_refused(widget: QWidget, refused: bool) -> None:
    """Mark an input as holding what is no valid value, or as valid again."""
    _set_property(widget, "refused", refused)


def set_over(widget: QWidget, over: bool) -> None:
    """Give a panel an outline while it lies over something."""
    _set_property(widget, "over", over)


def _set_property(widget: QWidget, name: str, value: str | bool) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    # Before it is shown for the first time, Qt has not polished it yet, and will.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()

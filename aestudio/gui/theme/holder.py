"""Holds the current theme and signals its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

from aestudio.errors import BadChoice
from aestudio.gui.theme.schemes import SCHEMES, Scheme
from aestudio.gui.theme.style import apply_theme, current_theme
from aestudio.gui.theme.tokens import DARK, LIGHT

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtWidgets import QApplication

    from aestudio.gui.theme.tokens import Theme


def theme_for(scheme: str) -> Theme:
    """The theme that "dark", "light" or "system" means now; raises BadChoice for other names.

    A system without a preference gets the dark theme.
    """
    if scheme not in SCHEMES:
        raise BadChoice("theme", scheme, SCHEMES)
    if scheme == "system":
        preferred = QGuiApplication.styleHints().colorScheme()
        return LIGHT if preferred == Qt.ColorScheme.Light else DARK
    return DARK if scheme == "dark" else LIGHT


class ThemeHolder(QObject):
    """Applies the chosen scheme and scale to the application; follows the system's changes for "system".

    `changed(Theme)` is emitted after a new theme was applied, for plots and caches, which are no widgets.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication, scheme: Scheme = "system", scale: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self._scheme: Scheme = scheme
        self._scale = scale
        self._audience: QSize | None = None
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def scheme(self) -> Scheme:
        return self._scheme

    @property
    def theme(self) -> Theme:
        return current_theme()

    def set_scheme(self, scheme: Scheme) -> None:
        """Choose "dark", "light" or "system"; raises BadChoice for other names."""
        theme_for(scheme)
        self._scheme = scheme
        self._apply()

    def set_scale(self, scale: float) -> None:
        """Make fonts and distances `scale` times as large, also after the presentation if there is one."""
        self._scale = scale
        self._apply()

    def present(self, screen: QSize) -> None:
        """Make fonts and distances as large as the audience of a screen of this size needs."""
        self._audience = screen
        self._apply()

    def end_presentation(self) -> None:
        """Make fonts and distances as large as they were before it."""
        self._audience = None
        self._apply()

    @Slot()
    def _follow_system(self) -> None:
        if self._scheme == "system":
            self._apply()

    def _apply(self) -> None:
        theme = theme_for(self._scheme).scaled(self._scale)
        if self._audience is not None:
            theme = theme.for_audience(self._audience.width(), self._audience.height())
        if theme != current_theme() or self._app.styleSheet() == "":
            apply_theme(self._app, theme, theme.scale)
            self.changed.emit(theme)

"""The base of widgets that paint themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QToolTip, QWidget

from aestudio.gui.theme.style import is_theme_change
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QHelpEvent


class PaintedWidget(QWidget):
    """Is arranged anew with each theme and on each screen, and may have another tooltip at each place.

    describe: set by the view that fills it: what it offers of the image at an index of it
    """

    describe: Callable[[int], Offer] | None = None

    def described(self, index: int) -> Offer:
        """What the view around says of the image at this index; nothing for -1."""
        return Offer() if self.describe is None or index < 0 else self.describe(index)

    def paper(self) -> Callable[[str], bytes]:
        """It as it is now, light: the content of a file of each format (`Offer.figure`)."""
        from aestudio.gui.widgets.paper import widget_on_paper  # imports what only files need

        return widget_on_paper(self)

    def arrange(self) -> None:
        """Adapt to another theme or screen: at least to the size hint, which may differ, and paint again."""
        self.updateGeometry()
        self.update()

    def help_at(self, point: QPoint) -> str | None:
        """The tooltip at a point; None for that of the whole widget."""
        del point
        return None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.arrange()
        if event.type() == QEvent.Type.ToolTip:
            help_event: QHelpEvent = event  # type: ignore[assignment]
            text = self.help_at(help_event.pos())
            if text is not None:
                QToolTip.showText(help_event.globalPos(), text, self)
                return True
        return super().event(event)

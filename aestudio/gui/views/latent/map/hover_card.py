"""The card beside the point under the mouse: its image, the reconstruction, and the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.pixmap import pixmap_of
from aestudio.gui.widgets.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QEvent, QPoint

    from aestudio.gui.theme.tokens import Theme

_SCALE = 2
_LONGEST = 32  # characters of a digit's name
_ROOMY = 320  # on plots less high the digits are shown in their own size


class HoverCard(QFrame):
    """Ignores the mouse, never covers the point, and stays inside its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._dressed_for: Theme | None = None
        self._around = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("hover-card")
        self.digit, self.back = PlainLabel(), PlainLabel()
        self.name, self.loss = PlainLabel(), PlainLabel()
        set_role(self.name, "label")
        captions = [PlainLabel(text) for text in (self.tr("digit"), self.tr("reconstruction"))]
        grid = QGridLayout(self)
        grid.addWidget(self.name, 0, 0, 1, 2)
        for column, (picture, caption) in enumerate(zip((self.digit, self.back), captions, strict=True)):
            set_role(caption, "caption")
            grid.addWidget(picture, 1, column, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(caption, 2, column)
        set_role(self.loss, "muted")
        grid.addWidget(self.loss, 3, 0, 1, 2)
        self._grid = grid
        self._dress()
        self.hide()

    def show_digit(
        self,
        name: str,
        digit: NDArray[np.uint8],
        back: NDArray[np.uint8] | None,
        loss: str,
        ink_on_paper: bool,
    ) -> None:
        """Fill the card; images uint8 (28, 28), `back` and `loss` empty until they are known."""
        ratio = self.devicePixelRatioF()
        large = self._around.height() >= current_theme().px(_ROOMY)
        scale = max(1, round(current_theme().px(_SCALE if large else 1) * ratio))
        self.name.setText(one_line(name, _LONGEST))
        self.digit.setPixmap(pixmap_of(as_shown(digit, ink_on_paper), scale, ratio))
        if back is None:
            self.back.clear()
        else:
            self.back.setPixmap(pixmap_of(as_shown(back, ink_on_paper), scale, ratio))
        side = self.digit.pixmap().deviceIndependentSize().toSize()
        self.back.setFixedSize(side)
        self.loss.setText(loss or " ")  # the line stays, so that nothing jumps when the result comes

    def show_beside(self, point: QPoint, reach: int) -> None:
        """Show the card beside a point of the parent, at least `reach` pixels away from it."""
        self.adjustSize()
        self.setGeometry(beside(point, reach, QRect(0, 0, self.width(), self.height()), self._around.rect()))
        self.show()
        self.raise_()

    def _dress(self) -> None:
        theme = current_theme()
        if theme == self._dressed_for:
            return  # setting the style sheet is a change of style itself
        self._dressed_for = theme
        self.setStyleSheet(
            f"#hover-card {{ background: {theme.raised}; border: 1px solid {theme.control};"
            f" border-radius: {theme.px(theme.radius)}px; }}"
        )
        margin = theme.px(10)
        self._grid.setContentsMargins(margin, margin, margin, margin)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(4))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "_grid"):
            self._dress()


def beside(point: QPoint, reach: int, card: QRect, room: QRect) -> QRect:
    """Position of a card of this size: right, left, below or above the point, where it fits.

    It keeps `reach` pixels from the point if any side is large enough.
    """
    width, height = card.width(), card.height()
    across = max(room.left(), min(point.x() - width // 2, room.right() + 1 - width))
    down = max(room.top(), min(point.y() - height // 2, room.bottom() + 1 - height))
    places = (
        (point.x() + reach, down), (point.x() - reach - width, down),
        (across, point.y() + reach), (across, point.y() - reach - height),
    )  # a table  # fmt: skip
    for x, y in places:
        if room.contains(QRect(x, y, width, height)):
            return QRect(x, y, width, height)
    # No side is large enough: the right or left edge, whichever is farther away.
    x = room.right() + 1 - width if point.x() < room.center().x() else room.left()
    return QRect(x, down, width, height)

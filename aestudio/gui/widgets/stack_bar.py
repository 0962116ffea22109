"""The stack of an entropy coder as a bar: what lies on it, what is popped from it and what is pushed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from aestudio.gui.theme.tokens import Theme

BlockKind = Literal["first", "image", "popped", "pixels", "code"]
_HEIGHT, _GAP = 44, 1.0


@dataclass(frozen=True)
class Block:
    """A stretch of the stack. bits: how long it is; text: what it is, for the tooltip."""

    kind: BlockKind
    bits: float
    text: str


class StackBar(PaintedWidget):
    """Blocks from the bottom of the stack, on the left, to its top; `longest` bits fill the width.

    A popped block is an outline: it is not on the stack any more.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blocks: tuple[Block, ...] = ()
        self._longest = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Stack of the entropy coder"))

    def set_blocks(self, blocks: Sequence[Block], longest: float) -> None:
        """Show these blocks."""
        self.blocks, self._longest = tuple(blocks), max(longest, 1.0)
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(480), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(200), theme.px(_HEIGHT))

    def block_rect(self, index: int) -> QRectF:
        """Where a block is painted."""
        left = sum(block.bits for block in self.blocks[:index])
        scale = (self.width() - 2) / self._longest
        width = max(1.0, self.blocks[index].bits * scale - _GAP)
        return QRectF(1 + left * scale, 1, width, self.height() - 2)

    def help_at(self, point: QPoint) -> str | None:
        """What the block there is."""
        for index, block in enumerate(self.blocks):
            if self.block_rect(index).contains(point.toPointF()):
                return block.text
        return None

    def offer_at(self, at: QPoint | None) -> Offer:
        """The stack with its blocks as a table."""
        name, text = self.accessibleName(), "" if at is None else self.help_at(at) or ""
        if not self.blocks:
            return Offer(chart=name, screen=self)
        return Offer(what=text, chart=name, text=text, screen=self, figure=self.paper, values=self._values)

    def _values(self) -> ValueTable:
        rows = [(block.text, block.bits) for block in self.blocks]
        return ValueTable((self.tr("Block"), self.tr("Bits")), rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.fillRect(QRectF(self.rect()), QColor(theme.raised))
            for index, block in enumerate(self.blocks):
                rect = self.block_rect(index)
                if block.kind == "popped":
                    painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
                    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
                else:
                    painter.fillRect(rect, QColor(_colour(theme, block.kind)))


def _colour(theme: Theme, kind: BlockKind) -> str:
    match kind:
        case "first":
            return theme.line
        case "pixels":
            return theme.accent
        case "code":
            return mix(theme.panel, theme.accent, 0.5)
        case _:
            return mix(theme.muted, theme.panel, 0.45)

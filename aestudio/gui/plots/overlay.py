"""Labels over a plot: the read-out that follows the mouse, and the sentence of an empty plot."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.plain_text import MarkupLabel, PlainLabel, without_controls

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ReadOut(MarkupLabel):
    """A small box beside the mouse; it ignores mouse events and stays inside its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.apply_theme()
        self.hide()

    def apply_theme(self) -> None:
        """Use the colours and distances of the current theme."""
        theme = current_theme()
        self.setStyleSheet(
            f"background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.control};"
            f"border-radius: {theme.px(theme.radius)}px; padding: {theme.px(6)}px {theme.px(10)}px;"
        )

    def show_at(self, text: str, at: QPoint) -> None:
        """Show rich text beside a position in the parent, on the side where it fits."""
        self.setText(text)
        self.adjustSize()
        parent, gap = self._around, current_theme().px(14)
        x = at.x() + gap if at.x() + gap + self.width() <= parent.width() else at.x() - gap - self.width()
        y = at.y() - gap - self.height() if at.y() > gap + self.height() else at.y() + gap
        self.move(max(0, x), max(0, min(y, parent.height() - self.height())))
        self.show()


class EmptyText(PlainLabel):
    """One muted sentence in the middle of an empty plot."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._around = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        set_role(self, "muted")

    def place(self) -> None:
        """Fill the parent."""
        margin = current_theme().px(32)
        self.setGeometry(self._around.rect().adjusted(margin, 0, -margin, 0))


def table(rows: list[tuple[str, str, str]], heading: str = "") -> str:
    """Rich text of rows (colour, name, value), the values flush right."""
    cells = "".join(
        f'<tr><td style="color:{colour}">■&nbsp;</td><td>{escape(without_controls(name))}&nbsp;&nbsp;</td>'
        f'<td align="right">{escape(value)}</td></tr>'
        for colour, name, value in rows
    )
    top = f'<div style="color:{current_theme().muted}">{escape(heading)}</div>' if heading else ""
    return f"{top}<table cellspacing=0 cellpadding=1>{cells}</table>"

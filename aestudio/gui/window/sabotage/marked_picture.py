"""A picture of a view of a sabotaged run, with a line below it that says so."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.sabotage.sabotage_list import warning

_LINE = 26  # logical pixels


def marked_picture(image: QImage, name: str) -> QImage:
    """The picture with the warning of this sabotage below it, in its pixels per point."""
    theme, ratio = current_theme(), image.devicePixelRatio()
    line = round(theme.px(_LINE) * ratio)
    marked = QImage(image.width(), image.height() + line, QImage.Format.Format_ARGB32)
    marked.setDevicePixelRatio(ratio)
    marked.fill(QColor(theme.window))
    painter = QPainter(marked)
    painter.drawImage(0, 0, image)
    painter.setFont(font(theme, weight=QFont.Weight.Medium))
    painter.setPen(QColor(theme.bad))
    size = image.deviceIndependentSize().toSize()
    area = QRect(theme.px(8), size.height(), size.width() - theme.px(16), theme.px(_LINE))
    text = painter.fontMetrics().elidedText(warning(name), Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.end()
    return marked

"""The names of the classes in their colours; each is a button that hides and shows its class."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from superqt.utils import QFlowLayout

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme


class ClassLegend(QWidget):
    """shown_changed: the indices of the classes that are shown now, as a frozenset."""

    shown_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[ClassChip] = []
        self._flow = QFlowLayout(self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setHorizontalSpacing(2)
        self._flow.setVerticalSpacing(2)

    @property
    def shown(self) -> frozenset[int]:
        """Which classes are shown."""
        return frozenset(chip.index for chip in self._chips if chip.isChecked())

    @property
    def chips(self) -> tuple[ClassChip, ...]:
        """The buttons, in the order of the classes."""
        return tuple(self._chips)

    def set_names(self, names: tuple[str, ...]) -> None:
        """One button for each class; all are shown."""
        if names == tuple(chip.text() for chip in self._chips):
            return
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(index, name) for index, name in enumerate(names)]
        self.setVisible(bool(names))

    def _chip(self, index: int, name: str) -> ClassChip:
        chip = ClassChip(index, name, self)
        chip.setToolTip(self.tr("Show or hide {}. With Ctrl: only this one, or all again.").format(name))
        chip.setAccessibleName(self.tr("Show {}").format(name))
        chip.clicked.connect(self._clicked)
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _clicked(self) -> None:
        chip = self.sender()
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            alone = all(not other.isChecked() for other in self._chips if other is not chip)
            for other in self._chips:
                other.setChecked(alone or other is chip)
        self.shown_changed.emit(self.shown)


class ClassChip(QAbstractButton):
    """A dot and a name: filled while its class is shown, an outline and muted while it is hidden."""

    def __init__(self, index: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self.setText(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The dot, the name and room to hit it."""
        theme = current_theme()
        metrics = QFontMetrics(font(theme))
        return QSize(metrics.horizontalAdvance(self.text()) + theme.px(22), theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, theme.px(theme.radius), theme.px(theme.radius))
        colour = QColor(theme.class_colours[self.index % len(theme.class_colours)])
        painter.setPen(QPen(colour if self.isChecked() else QColor(theme.control), theme.px(1.5)))
        painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
        side = theme.px(10)
        painter.drawEllipse(QRectF(theme.px(4), (self.height() - side) / 2, side, side))
        painter.setPen(QColor(theme.text if self.isChecked() else theme.muted))
        face = font(theme)
        face.setStrikeOut(not self.isChecked())
        painter.setFont(face)
        room = box.adjusted(theme.px(17), 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if is_theme_change(event):
            self.updateGeometry()
            self.update()

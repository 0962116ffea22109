"""The names of the classes in their colours; each is a button that hides and shows its class.

Shift-click, Ctrl-click, double click and Enter show only that class; a second time, all classes.
The arrow keys go from one class to the next.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.flow_layout import FlowLayout
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.plain_text import LiteralText, one_line

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Legend"),
    LocalKey("legend.toggle", ("Space",), lambda: translate("keys", "hides or shows a class")),
    LocalKey("legend.only", ("Return", "Enter"), lambda: translate("keys", "shows only this class, or all")),
    LocalKey("legend.next", ("Right", "Down"), lambda: translate("keys", "goes to the next class")),
    LocalKey("legend.previous", ("Left", "Up"), lambda: translate("keys", "goes to the previous class")),
)
_LONGEST = 24  # characters of a name on a chip; its tooltip has more


class ClassLegend(QWidget):
    """shown_changed: the indices of the visible classes, as a frozenset."""

    shown_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[ClassChip] = []
        self._before: frozenset[int] = frozenset()
        self._flow = FlowLayout(self, gap=2)

    @property
    def shown(self) -> frozenset[int]:
        """The indices of the visible classes."""
        return frozenset(chip.index for chip in self._chips if chip.isChecked())

    @property
    def chips(self) -> tuple[ClassChip, ...]:
        """The buttons, in the order of the classes."""
        return tuple(self._chips)

    def set_names(self, names: tuple[str, ...]) -> None:
        """Make one button for each class; all are visible."""
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
        chip.setToolTip(
            self.tr(
                "Show or hide {}. Shift-click, double-click or Enter: only this one, or all again."
            ).format(one_line(name))
        )
        chip.setAccessibleName(self.tr("Show {}").format(one_line(name)))
        chip.clicked.connect(self._clicked)
        chip.show_only_requested.connect(self._show_only_requested)
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _clicked(self) -> None:
        chip = self.sender()
        assert isinstance(chip, ClassChip)
        before = self.shown ^ {chip.index}
        keys = QApplication.keyboardModifiers()
        if keys & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            self._show_only(chip.index, before)
        else:
            self._before = before
            self.shown_changed.emit(self.shown)

    def _show_only_requested(self, by_mouse: bool) -> None:
        chip = self.sender()
        assert isinstance(chip, ClassChip)
        # The first click of the double click has toggled the class already.
        self._show_only(chip.index, self._before if by_mouse else self.shown)

    def _show_only(self, index: int, before: frozenset[int]) -> None:
        """Show only this class, or all classes if it was the only one before."""
        for chip in self._chips:
            chip.setChecked(before == {index} or chip.index == index)
        self._before = self.shown
        self.shown_changed.emit(self.shown)


class ClassChip(LiteralText, QAbstractButton):
    """A dot and a name: filled while its class is shown, an outline and muted while it is hidden.

    show_only_requested: True after a double click, whose first click also sent `clicked`
    """

    show_only_requested = Signal(bool)

    def __init__(self, index: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self.setText(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """The dot, the name and a margin that is easy to click."""
        theme = current_theme()
        metrics = QFontMetrics(font(theme))
        return QSize(metrics.horizontalAdvance(one_line(self.text(), _LONGEST)) + theme.px(22), theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
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
        text_box = box.adjusted(theme.px(17), 0, 0, 0)
        painter.drawText(
            text_box,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            one_line(self.text(), _LONGEST),
        )

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click shows only this class."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.show_only_requested.emit(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows only this class, arrows go to the next one; Space is handled by the button."""
        match KEYS.command(event):
            case "legend.only":
                self.show_only_requested.emit(False)
            case "legend.next" | "legend.previous" as command:
                self.focusNextPrevChild(command == "legend.next")
            case _:
                super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.updateGeometry()
            self.update()

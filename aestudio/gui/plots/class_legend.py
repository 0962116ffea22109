"""The names of the classes in their colours; each is a button that hides and shows its class.

Shift-click, Ctrl-click, double click and Enter show only that class; a second time, all classes.
The arrow keys go from one class to the next. Names that need more room scroll; more than a hundred are in a
list that a button opens.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QScrollArea, QWidget

from aestudio.gui.plots.class_list import ClassList
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length, set_role
from aestudio.gui.widgets.flow_layout import FlowLayout
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import aligned, column, fill
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.plain_text import LiteralText, one_line
from aestudio.gui.widgets.popup_frame import PopupFrame

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Legend"),
    LocalKey("legend.toggle", ("Space",), lambda: translate("keys", "hides or shows a class")),
    LocalKey("legend.only", ("Return", "Enter"), lambda: translate("keys", "shows only this class, or all")),
    LocalKey("legend.next", ("Right", "Down"), lambda: translate("keys", "goes to the next class")),
    LocalKey("legend.previous", ("Left", "Up"), lambda: translate("keys", "goes to the previous class")),
)
_LONGEST = 24  # characters of a name on a chip; its tooltip has more
_MOST_CHIPS = 100  # more classes are a list
_GAP = 2  # pixels between two chips
_MOST_LINES = 2  # of chips below a map; more scroll
_CHIP_HEIGHT, _LEAST_CHIP, _SCROLL_BAR = 26, 18, 14  # logical pixels; low chips rather than scrolling
_LIST_WIDTH, _LIST_HEIGHT = 260, 360


class ClassLegend(QWidget):
    """shown_changed: the indices of the visible classes, as a frozenset."""

    shown_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._chips: list[ClassChip] = []
        self._before: frozenset[int] = frozenset()
        self._box = QWidget()
        self._box.setProperty("role", "content")
        self._flow = FlowLayout(self._box, gap=_GAP)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        set_role(self._area, "bare")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._box)
        self._area.setMinimumHeight(1)  # it scrolls: one line of names is lower than Qt's least height
        self.list: ClassList | None = None
        """The classes if they are more than a hundred, else None."""
        self.open_list = TextButton("chevron-down", "")
        self.open_list.setToolTip(self.tr("Choose which classes are shown"))
        self.open_list.clicked.connect(self._open_list)
        self.open_list.hide()
        self._popup: PopupFrame | None = None
        column(fill(self._area), aligned(self.open_list, Qt.AlignmentFlag.AlignLeft), on=self)

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self._names)

    @property
    def shown(self) -> frozenset[int]:
        """The indices of the visible classes."""
        if self.list is not None:
            return self.list.shown
        return frozenset(chip.index for chip in self._chips if chip.isChecked())

    @property
    def chips(self) -> tuple[ClassChip, ...]:
        """The buttons, in the order of the classes; () if the classes are a list."""
        return tuple(self._chips)

    def set_names(self, names: tuple[str, ...]) -> None:
        """Make one button for each class; all are visible."""
        if names == self._names:
            return
        self._names = names
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        many = len(names) > _MOST_CHIPS
        if not many:
            self._chips = [self._chip(index, name) for index, name in enumerate(names)]
        self._area.setVisible(not many)
        self._set_list(names if many else ())
        self._fit_chips()
        self.setVisible(bool(names))

    def _set_list(self, names: tuple[str, ...]) -> None:
        """Have a list of these classes; () for none."""
        self.open_list.setVisible(bool(names))
        if self._popup is not None:
            self._popup.hide()
            self._popup.deleteLater()
            self.list = self._popup = None
        if not names:
            return
        self.list, self._popup = ClassList(), PopupFrame(self)
        self._popup.setAccessibleName(self.tr("Classes"))
        column(self.list, margins=8, on=self._popup)
        keep_length(
            self.list, lambda shown, theme: shown.setFixedSize(theme.px(_LIST_WIDTH), theme.px(_LIST_HEIGHT))
        )
        self.list.set_names(names)
        self.list.shown_changed.connect(self._list_changed)
        self._name_button()

    def _open_list(self) -> None:
        if self._popup is not None:
            self._popup.switch(self.open_list)

    def _list_changed(self) -> None:
        self._name_button()
        self.shown_changed.emit(self.shown)

    def _name_button(self) -> None:
        count, shown = len(self._names), len(self.shown)
        text = self.tr("{} classes").format(f"{count:,}")
        if shown < count:
            text = self.tr("{} of {} classes").format(f"{shown:,}", f"{count:,}")
        self.open_list.setText(text)

    # ---- size -------------------------------------------------------------------------------------

    def column_width(self, height: int) -> int:
        """The width of a legend of this height beside a map, in pixels; 0 if its place is below."""
        theme = current_theme()
        widest = max((chip.sizeHint().width() for chip in self._chips), default=0)
        whole = len(self._chips) * (theme.px(_LEAST_CHIP) + _GAP)
        return widest + (theme.px(_SCROLL_BAR) if whole > height else 0)

    def _fit_chips(self) -> None:
        """In a column beside a low map the chips are lower, so that all of them are seen."""
        px, count = current_theme().px, max(1, len(self._chips))
        height = px(_CHIP_HEIGHT)
        if self.width() < 2 * max((chip.sizeHint().width() for chip in self._chips), default=0):
            height = max(px(_LEAST_CHIP), min(height, self.height() // count - _GAP))
        for chip in self._chips:
            chip.set_height(0 if height == px(_CHIP_HEIGHT) else height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_chips()

    def lines_height(self, width: int) -> int:
        """The height of a legend of this width below a map, in pixels: of two lines at most."""
        line = current_theme().px(_CHIP_HEIGHT)
        if self.list is not None:
            return max(line, self.open_list.sizeHint().height())
        if not self._chips:
            return 0
        # The chips may be low now, because they are in a column.
        each = self._chips[0].sizeHint().height() + _GAP
        lines = min(_MOST_LINES, round((self._flow.heightForWidth(width) + _GAP) / each))
        return lines * (line + _GAP) - _GAP

    # ---- chips ------------------------------------------------------------------------------------

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
        self._height = 0  # pixels; 0: the usual one

    def set_height(self, height: int) -> None:
        """Be as high as this, in pixels."""
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The dot, the name and a margin that is easy to click."""
        theme = current_theme()
        metrics = QFontMetrics(font(theme))
        width = metrics.horizontalAdvance(one_line(self.text(), _LONGEST)) + theme.px(22)
        return QSize(width, self._height or theme.px(_CHIP_HEIGHT))

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

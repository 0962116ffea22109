"""A row of buttons, one per class, to choose the classes whose images are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aestudio.datasets.dataset import DIGIT_NAMES
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import row
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import LiteralText, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent


MOST_BUTTONS = 12
_CHARACTERS = 12  # of the name of a class that are seen at least


class ClassButton(LiteralText, QAbstractButton):
    """The name of a class over a bar in its colour; filled while it is chosen. index: of the class"""

    def __init__(self, index: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.tr("Class {}").format(one_line(name)))
        self.setToolTip(
            self.tr("Show only class {}; click others to add them, click again to remove one").format(
                one_line(name)
            )
        )

    def sizeHint(self) -> QSize:
        theme = current_theme()
        width = min(self.fontMetrics().horizontalAdvance(one_line(self.text())) + theme.px(20), theme.px(96))
        return QSize(max(width, theme.px(36)), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(26), current_theme().px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        colour = theme.class_colours[self.index % len(theme.class_colours)]
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            surface = theme.raised if self.underMouse() else theme.panel
            painter.setBrush(QColor(mix(theme.panel, colour, 0.3) if self.isChecked() else surface))
            outline = theme.accent if self.hasFocus() else colour if self.isChecked() else theme.line
            painter.setPen(QPen(QColor(outline), 2 if self.hasFocus() else 1))
            radius = theme.px(theme.radius)
            painter.drawRoundedRect(area, radius, radius)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour if self.isEnabled() else theme.line))
            bar = theme.px(3)
            painter.drawRoundedRect(
                QRectF(area.left() + 6, area.bottom() - bar - 3, area.width() - 12, bar), 1.5, 1.5
            )
            weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
            painter.setFont(font(theme, weight=weight))
            painter.setPen(QColor(theme.text if self.isEnabled() else theme.disabled))
            text_area = area.adjusted(2, 0, -2, -bar - 3)
            text = painter.fontMetrics().elidedText(
                one_line(self.text()), Qt.TextElideMode.ElideRight, int(text_area.width())
            )
            painter.drawText(text_area, Qt.AlignmentFlag.AlignCenter, text)


class ClassBar(QWidget):
    """Any number of classes can be chosen; none chosen means all of them.

    Of more than a dozen classes only the chosen ones have buttons, and they are added by name: a button for
    each would make the window wider than the screen.
    `chosen_changed(tuple of indices)` is emitted only after an action of the user.
    """

    chosen_changed = Signal(tuple)

    def __init__(self, names: Iterable[str] = DIGIT_NAMES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._buttons: list[ClassButton] = []
        self.others = ChoiceBox(
            self.tr("Classes"),
            self.tr("Add a class whose images are shown, up to {}; without one all are").format(MOST_BUTTONS),
            characters=_CHARACTERS,
        )
        self.others.chosen.connect(self._add)
        self._row = row(self.others, gap=4, on=self)
        self.setAccessibleName(self.tr("Classes"))
        self.set_names(names)

    def set_names(self, names: Iterable[str]) -> None:
        """Offer these classes; if they differ from before, none is chosen afterwards."""
        new_names = tuple(names)
        if new_names == self._names:
            return
        self._names = new_names
        self.others.setVisible(self._are_many)
        if self._are_many:
            entries = ((index, one_line(name)) for index, name in enumerate(new_names))
            self.others.set_entries(((None, self.tr("Add a class")), *entries))
        self._make_buttons(() if self._are_many else range(len(new_names)))
        self.set_chosen(())

    @property
    def _are_many(self) -> bool:
        return len(self._names) > MOST_BUTTONS

    def _make_buttons(self, indices: Iterable[int]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [ClassButton(index, self._names[index]) for index in indices]
        for button in self._buttons:
            self._row.addWidget(button)
            button.clicked.connect(self._clicked)

    def set_chosen(self, chosen: Iterable[int]) -> None:
        """Choose classes without a signal."""
        indices = set(chosen)
        if self._are_many:
            self._make_buttons(sorted(indices))
            self.others.show_value(None)
            self.others.setEnabled(len(indices) < MOST_BUTTONS)
        for button in self._buttons:
            button.setChecked(button.index in indices)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The chosen classes, ascending; empty means all."""
        return tuple(button.index for button in self._buttons if button.isChecked())

    def _add(self, index: int | None) -> None:
        """A class was chosen by its name."""
        self.set_chosen(self.chosen if index is None else (*self.chosen, index))
        if index is not None:
            self.chosen_changed.emit(self.chosen)

    def _clicked(self) -> None:
        if self._are_many:  # a button that is no longer chosen goes
            self.set_chosen(self.chosen)
        self.chosen_changed.emit(self.chosen)

"""What a conditional model decodes the code as: a class, or factors of variation; a row of a fixed height."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from aestudio.gui.state.model_condition import ModelCondition
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.class_bar import ClassButton
from aestudio.gui.widgets.fine_slider import STEPS, FineSlider
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import fill, label, row
from aestudio.gui.widgets.local_keys import DIGITS, LocalKey, LocalKeys
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from aestudio.inference.conditions import ConditionRow

MOST_BUTTONS = 12
"""Classes that have a button each; more are in a list."""

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Views of a conditional model"),
    LocalKey("condition.class", DIGITS, lambda: translate("keys", "decodes as that class")),
)


class ClassChooser(QWidget):
    """One class of all: a button in the class's colour for each, or a list of many. chosen(class)."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.buttons: list[ClassButton] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self.box = ChoiceBox(self.tr("Class to decode as"))
        self.box.activated.connect(self.chosen)
        self._row = row(fill(self.box), gap=2, on=self)

    def set_names(self, names: tuple[str, ...]) -> None:
        """Offer these classes."""
        if names == self._names:
            return
        self._names = names
        for button in self.buttons:
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        few = len(names) <= MOST_BUTTONS
        self.buttons = [self._button(index, name) for index, name in enumerate(names if few else ())]
        self.box.set_entries((index, "" if few else one_line(name)) for index, name in enumerate(names))
        self.box.setVisible(not few)

    def _button(self, index: int, name: str) -> ClassButton:
        button = ClassButton(index, name)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        tip = self.tr("Decode this style as class {}").format(one_line(name))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        self._group.addButton(button, index)
        # A long name gets more of the width than a short one; as wide as in bold, the chosen one's type.
        theme = current_theme()
        metrics = QFontMetrics(font(theme, weight=QFont.Weight.DemiBold))
        self._row.addWidget(button, metrics.horizontalAdvance(one_line(name)) + theme.px(8))
        return button

    def set_chosen(self, index: int) -> None:
        """Show this class as the chosen one, without a signal."""
        if index < len(self.buttons):
            self.buttons[index].setChecked(True)
        self.box.show_value(index)


class FactorSliders(QWidget):
    """The factors, one slider at a time. moved(index of the factor, its value)."""

    moved = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranges: tuple[tuple[str, float, float], ...] = ()
        self._values: ConditionRow = ()
        self.box = ChoiceBox(self.tr("Factor to change"))
        self.box.currentIndexChanged.connect(self._show)
        self.slider = FineSlider()
        self.slider.moved.connect(self._moved)
        self.value = NumberLabel("−00.00")
        row(self.box, fill(self.slider), self.value, gap=4, on=self)

    def set_ranges(self, ranges: tuple[tuple[str, float, float], ...]) -> None:
        """Name, lowest and highest value of each factor."""
        if ranges == self._ranges:
            return
        self._ranges = ranges
        self.box.set_entries((name, name) for name, _, _ in ranges)
        self._show()

    def set_values(self, values: ConditionRow) -> None:
        """Show these values, without a signal."""
        if values != self._values:
            self._values = values
            self._show()

    def _show(self) -> None:
        index = self.box.currentIndex()
        if not 0 <= index < min(len(self._ranges), len(self._values)):
            return
        _, low, high = self._ranges[index]
        value = self._values[index]
        share = (value - low) / (high - low) if high > low else 0.0
        self.slider.set_position(round(STEPS * min(max(share, 0.0), 1.0)))
        self.value.set_text(f"{value:.2f}".replace("-", "−"))
        self.slider.setAccessibleName(self.box.currentText())

    def _moved(self, position: int) -> None:
        index = self.box.currentIndex()
        if 0 <= index < len(self._ranges):
            _, low, high = self._ranges[index]
            self.moved.emit(index, low + position / STEPS * (high - low))


class ConditionChooser(QWidget):
    """Hidden for a model that is told nothing.

    condition_chosen(row of numbers, or None for those of the selected image)
    """

    condition_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ModelCondition()
        self._ranges_shown = Shown()
        self.title = label(self.tr("As"))
        self.classes = ClassChooser()
        self.classes.chosen.connect(self.choose_class)
        self.factors = FactorSliders()
        self.factors.moved.connect(self._factor_moved)
        self.reset = IconButton("reset", self.tr("Decode as the class of the selected image"))
        self.reset.clicked.connect(lambda: self.condition_chosen.emit(None))
        row(self.title, 2, fill(self.classes), fill(self.factors), self.reset, gap=2, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def choose_class(self, index: int) -> None:
        """Choose a class; nothing happens if the model is told none, or has fewer."""
        rows = self._told.rows
        if 0 <= index < len(rows):
            self.condition_chosen.emit(rows[index])

    def take_digit(self, event: QKeyEvent) -> bool:
        """Choose the class of a pressed digit, without Ctrl and the like; whether the key was one."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain or KEYS.command(event) != "condition.class" or self._told.kind != "labels":
            return False
        self.choose_class(int(event.text()))
        event.accept()
        return True

    def show_condition(self, told: ModelCondition) -> None:
        """Show what the code is decoded as, and whether the user chose it."""
        self._told = told
        own = told.kind == "labels"
        self.classes.setVisible(own)
        self.factors.setVisible(told.kind == "factors")
        self.setVisible(told.kind != "none")
        if told.architecture is None or told.kind == "none":
            return
        self.title.setText(self.tr("As") if own else self.tr("With"))
        self.reset.setToolTip(
            self.tr("Decode as the class of the selected image")
            if own
            else self.tr("Decode with the factors of the selected image")
        )
        self.reset.setEnabled(told.chosen)
        if own:
            self.classes.set_names(told.titles)
            self.classes.set_chosen(told.label or 0)
            return
        if self._ranges_shown.differs(*told.image_sets, told.architecture.recipe):
            self.factors.set_ranges(told.ranges)
        self.factors.set_values(told.row or ())

    def _factor_moved(self, index: int, value: float) -> None:
        told = self._told.row
        if told is not None and index < len(told):
            self.condition_chosen.emit((*told[:index], value, *told[index + 1 :]))

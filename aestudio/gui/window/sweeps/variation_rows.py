"""The settings that vary, a row for each: which, its values, and a button that takes the row away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.window.sweeps.sweep_texts import suggested_values, varied_settings

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe

MOST_ROWS = 4
_CHARACTERS = 18


class VariationRow(QWidget):
    """One setting with its values. changed(): by the user; removed(): its button was pressed"""

    changed = Signal()
    removed = Signal()

    def __init__(self, recipe: Recipe, name: str) -> None:
        super().__init__()
        self._recipe = recipe
        entries = tuple((info.name, info.title, info.help) for info in varied_settings(recipe))
        self.setting = ChoiceBox(
            self.tr("Setting that varies"),
            self.tr("The setting that varies"),
            entries,
            characters=_CHARACTERS,
        )
        self.values = QLineEdit()
        self.values.setAccessibleName(self.tr("Values of the setting"))
        self.values.setPlaceholderText("2, 8, 32")
        self._help = self.tr(
            "Values with commas between: 2, 8, 32\n"
            "Five from 0.5 to 8 in equal ratios: 0.5:8:log5\n"
            "Six from 0 to 0.5 in equal steps: 0:0.5:lin6\n"
            "Sizes with semicolons between: 128,64; 256"
        )
        self.values.textChanged.connect(lambda text: self.values.setToolTip(f"{text}\n\n{self._help}"))
        self.remove = IconButton("close", self.tr("Do not vary this setting"))
        self.setting.chosen.connect(self._choose)
        self.values.textEdited.connect(lambda _: self.changed.emit())
        self.remove.clicked.connect(self.removed)
        row(self.setting, fill(self.values), self.remove, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_setting(name)

    def show_setting(self, name: str) -> None:
        """Show this setting with values around its present one."""
        self.setting.show_value(name)
        self.values.setText(suggested_values(self._recipe.info(name), self._recipe.value(name)))
        self.values.setCursorPosition(0)

    def _choose(self, name: str) -> None:
        self.show_setting(name)
        self.changed.emit()


class VariationRows(QWidget):
    """One row or more. changed(): other settings or values, by the user"""

    changed = Signal()

    def __init__(self, recipe: Recipe, name: str) -> None:
        super().__init__()
        self._recipe = recipe
        self.rows: list[VariationRow] = []
        self._column = column(gap=8)
        self.add = TextButton(
            "plus", self.tr("Another setting"), tip=self.tr("Every combination is tried"), role="quiet"
        )
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add_next)
        column(self._column, row(self.add, fill()), gap=8, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._add(name)

    @property
    def vary(self) -> tuple[tuple[str, str], ...]:
        """Each setting with the text of its values."""
        return tuple((one.setting.value, one.values.text().strip()) for one in self.rows)

    def _add(self, name: str) -> None:
        one = VariationRow(self._recipe, name)
        one.changed.connect(self.changed)
        one.removed.connect(lambda: self._remove(one))
        self.rows.append(one)
        self._column.addWidget(one)
        if self.isVisible():
            one.show()  # at once, so that the dialog knows its height
        self._show_buttons()

    def _add_next(self) -> None:
        """Add the first setting that does not vary yet."""
        taken = {name for name, _ in self.vary}
        self._add(next(info.name for info in varied_settings(self._recipe) if info.name not in taken))
        self.rows[-1].setting.setFocus()
        self.changed.emit()

    def _remove(self, one: VariationRow) -> None:
        self.rows.remove(one)
        self._column.removeWidget(one)
        one.hide()
        one.deleteLater()
        self._show_buttons()
        self.changed.emit()

    def _show_buttons(self) -> None:
        for one in self.rows:
            one.remove.setEnabled(len(self.rows) > 1)
        self.add.setEnabled(len(self.rows) < min(MOST_ROWS, len(varied_settings(self._recipe))))

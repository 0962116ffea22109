"""The editors of a setting form, one per kind of setting, all with the same interface.

Signals: `edited(value)`, `problem(text)`. Properties: `value`, `shown` (the text). Methods:
`set_value(value)`, which keeps an input that was refused; `show_value(value)`, which discards it;
`refuse(reason, value)`, for a value that only the caller can check; `finish()`, which accepts the typed text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from aestudio.gui.theme.style import set_refused
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.layouts import fill, row
from aestudio.gui.widgets.setting_box import SettingBox
from aestudio.gui.widgets.setting_values import SliderScale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.setting import SettingInfo


class Refusal:
    """A refused input of a choice or a switch: it stays, marked, while the setting keeps its value."""

    def __init__(self, editor: ChoiceEditor | SwitchEditor) -> None:
        self._editor = editor
        self._reason = ""
        self._kept_value: Any = None

    def begin(self, reason: str, kept_value: Any) -> None:
        self._kept_value = kept_value
        self._set_reason(reason)

    def end(self) -> None:
        self._set_reason("")

    def keeps(self, value: Any) -> bool:
        """Whether the input stays when this value is set: the setting has not changed."""
        return bool(self._reason) and value == self._kept_value

    def _set_reason(self, reason: str) -> None:
        if reason != self._reason:
            self._reason = reason
            set_refused(self._editor, bool(reason))
            self._editor.problem.emit(reason)


class ChoiceEditor(ChoiceBox):
    """One of several choices; texts: of each, without them as it is written in files."""

    edited = Signal(object)
    problem = Signal(str)

    def __init__(self, info: SettingInfo, texts: Mapping[Any, str] | None = None) -> None:
        texts = texts or {choice: choice.replace("_", " ") for choice in info.choices}
        super().__init__(info.title, "", texts.items(), characters=6)
        self._refusal = Refusal(self)
        self.show_value(info.default)
        self.chosen.connect(self._edit)

    @property
    def shown(self) -> str:
        return self.currentText()

    def set_value(self, value: Any) -> None:
        if not self._refusal.keeps(value):
            self.show_value(value)

    def show_value(self, value: Any) -> None:
        super().show_value(value)
        self._refusal.end()

    def refuse(self, reason: str, value: Any) -> None:
        self._refusal.begin(reason, value)

    def finish(self) -> None:
        """No effect: a choice is always complete."""

    def _edit(self, value: object) -> None:
        self._refusal.end()
        self.edited.emit(value)


class SwitchEditor(QCheckBox):
    """On or off; the label of the form is its text."""

    edited = Signal(object)
    problem = Signal(str)

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refusal = Refusal(self)
        self.show_value(info.default)
        self.clicked.connect(self._clicked)

    @property
    def value(self) -> Any:
        return self.isChecked()

    @property
    def shown(self) -> str:
        return self.tr("on") if self.isChecked() else self.tr("off")

    def set_value(self, value: Any) -> None:
        if not self._refusal.keeps(value):
            self.show_value(value)

    def show_value(self, value: Any) -> None:
        self.setChecked(bool(value))
        self._refusal.end()

    def refuse(self, reason: str, value: Any) -> None:
        self._refusal.begin(reason, value)

    def finish(self) -> None:
        """No effect: a choice is always complete."""

    def _clicked(self) -> None:
        self._refusal.end()
        self.edited.emit(self.isChecked())


class SliderEditor(QWidget):
    """A slider with a box, for numbers that can change during training or that span decades.

    The box accepts every allowed value, also beyond the range of the slider.
    """

    edited = Signal(object)
    problem = Signal(str)

    def __init__(self, info: SettingInfo, scale: SliderScale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._slider = FineSlider()
        self._box = SettingBox(info)
        self._default = info.default
        row(fill(self._slider), self._box, on=self)
        self._slider.moved.connect(self._slider_moved)
        self._slider.double_clicked.connect(self._reset)
        self._box.edited.connect(self._box_edited)
        self._box.problem.connect(self.problem)
        self._box.keep_width("0.00001")
        self.show_value(info.default)

    @property
    def value(self) -> Any:
        return self._box.value

    @property
    def shown(self) -> str:
        return self._box.shown

    def set_value(self, value: Any) -> None:
        self._box.set_value(value)
        self._slider.set_position(self._scale.position(value))

    def show_value(self, value: Any) -> None:
        self._box.show_value(value)
        self._slider.set_position(self._scale.position(value))

    def refuse(self, reason: str, value: Any) -> None:
        self._box.refuse(reason, value)

    def finish(self) -> None:
        self._box.finish()

    def tell_problems(self) -> None:
        """As `SettingBox.tell_problems`."""
        self._box.tell_problems()

    @property
    def tab_stops(self) -> tuple[QWidget, ...]:
        """The widgets that Tab visits: the slider, then its box."""
        return self._slider, self._box

    def set_accessible_name(self, name: str) -> None:
        self._slider.setAccessibleName(name)
        self._box.setAccessibleName(name)

    def _slider_moved(self, position: int) -> None:
        value = self._scale.value(position)
        self._box.show_value(value)
        self.edited.emit(value)

    def _box_edited(self, value: float) -> None:
        self._slider.set_position(self._scale.position(value))
        self.edited.emit(value)

    def _reset(self) -> None:
        changed = self._default != self._box.value
        self.show_value(self._default)
        if changed:
            self.edited.emit(self._default)


Editor = ChoiceEditor | SwitchEditor | SliderEditor | SettingBox


def editor_for(info: SettingInfo) -> Editor:
    """Create the editor for the kind of a setting, with its accessible name."""
    scale = SliderScale.of(info)
    if info.kind == "choice":
        editor: Editor = ChoiceEditor(info)
    elif info.kind == "switch":
        editor = SwitchEditor(info)
    elif scale is not None:
        editor = SliderEditor(info, scale)
        editor.set_accessible_name(info.title)
    else:
        editor = SettingBox(info)
    editor.setAccessibleName(info.title)
    editor.setAccessibleDescription(info.help)
    return editor

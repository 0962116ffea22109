"""The editors of a setting form, one per kind of setting, all with the same names.

`edited(value)` and `problem(text)` out; `value` and `shown` to read. In: `set_value(value)`, which keeps what
was refused; `show_value(value)`, which does not; `refuse(reason, value)`, for what the editor itself cannot
check; `finish()`, which takes what is typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.setting_box import SettingBox
from aestudio.gui.widgets.setting_values import SliderScale

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QWheelEvent

    from aestudio.recipes.setting import SettingInfo


class Refusal:
    """Of a choice or a switch: it shows what was chosen, marked, while the setting is still another."""

    def __init__(self, editor: ChoiceEditor | SwitchEditor) -> None:
        self._editor = editor
        self._reason = ""
        self._instead: Any = None

    def begin(self, reason: str, instead: Any) -> None:
        self._instead = instead
        self._say(reason)

    def end(self) -> None:
        self._say("")

    def keeps(self, value: Any) -> bool:
        """Whether this value is the one that has been the setting's all the time."""
        return bool(self._reason) and value == self._instead

    def _say(self, reason: str) -> None:
        if reason != self._reason:
            self._reason = reason
            set_role(self._editor, "bad" if reason else "")
            self._editor.problem.emit(reason)


class ChoiceEditor(QComboBox):
    """One of several words; the wheel turns it only with the focus."""

    edited = Signal(object)
    problem = Signal(str)

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        for choice in info.choices:
            self.addItem(choice.replace("_", " "), choice)
        self._refusal = Refusal(self)
        self.show_value(info.default)
        self.activated.connect(self._chosen)

    @property
    def value(self) -> Any:
        return self.currentData()

    @property
    def shown(self) -> str:
        return self.currentText()

    def set_value(self, value: Any) -> None:
        if not self._refusal.keeps(value):
            self.show_value(value)

    def show_value(self, value: Any) -> None:
        self.setCurrentIndex(self.findData(value))
        self._refusal.end()

    def refuse(self, reason: str, value: Any) -> None:
        self._refusal.begin(reason, value)

    def finish(self) -> None:
        """Nothing is ever half chosen."""

    def _chosen(self) -> None:
        self._refusal.end()
        self.edited.emit(self.currentData())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        before = self.currentIndex()
        super().wheelEvent(event)
        if self.currentIndex() != before:
            self._chosen()


class SwitchEditor(QCheckBox):
    """On or off; the form's label names it, so it has no text of its own."""

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
        """Nothing is ever half chosen."""

    def _clicked(self) -> None:
        self._refusal.end()
        self.edited.emit(self.isChecked())


class SliderEditor(QWidget):
    """A slider with a box: live numbers and those that spread over decades.

    The box accepts every allowed value, also beyond the ends of the slider.
    """

    edited = Signal(object)
    problem = Signal(str)

    def __init__(self, info: SettingInfo, scale: SliderScale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._slider = FineSlider()
        self._box = SettingBox(info)
        self._default = info.default
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(current_theme().px(8))
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._box)
        self._slider.moved.connect(self._slid)
        self._slider.double_clicked.connect(self._reset)
        self._box.edited.connect(self._typed)
        self._box.problem.connect(self.problem)
        self._fix_width()
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

    @property
    def tab_stops(self) -> tuple[QWidget, ...]:
        """The slider, then its box."""
        return self._slider, self._box

    def set_accessible_name(self, name: str) -> None:
        self._slider.setAccessibleName(name)
        self._box.setAccessibleName(name)

    def _slid(self, position: int) -> None:
        value = self._scale.value(position)
        self._box.show_value(value)
        self.edited.emit(value)

    def _typed(self, value: float) -> None:
        self._slider.set_position(self._scale.position(value))
        self.edited.emit(value)

    def _reset(self) -> None:
        changed = self._default != self._box.value
        self.show_value(self._default)
        if changed:
            self.edited.emit(self._default)

    def _fix_width(self) -> None:
        self._box.ensurePolished()
        text = self._box.fontMetrics().horizontalAdvance("0.00001")
        self._box.setFixedWidth(text + current_theme().px(24))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._fix_width()


Editor = ChoiceEditor | SwitchEditor | SliderEditor | SettingBox


def editor_for(info: SettingInfo) -> Editor:
    """The editor that suits a setting, with its accessible name."""
    scale = SliderScale.of(info)
    if info.kind == "choice":
        made: Editor = ChoiceEditor(info)
    elif info.kind == "switch":
        made = SwitchEditor(info)
    elif scale is not None:
        made = SliderEditor(info, scale)
        made.set_accessible_name(info.title)
    else:
        made = SettingBox(info)
    made.setAccessibleName(info.title)
    made.setAccessibleDescription(info.help)
    return made

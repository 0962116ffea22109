"""What the runs differ in, and the buttons that train them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aestudio.gui.state.comparison_state import plan_for, problem_of
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.views.compare.words import comparison_sentence
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.setting_box import SettingBox
from aestudio.gui.widgets.setting_form import refusal
from aestudio.recipes.differences import (
    FEWEST,
    MOST,
    compared_recipes,
    difference,
    differences,
    presets,
    value_text,
)

if TYPE_CHECKING:
    from aestudio.errors import StudioError
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.comparison_state import ComparisonPlan
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo


class SetUp(QWidget):
    """The sentence and the buttons; below them, unless folded away, what the runs differ in."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._choices_shown, self._values_shown, self._buttons_shown = Shown(), Shown(), Shown()
        self.presets = {key: self._preset(key, text) for key, text in _preset_names().items()}
        self.difference = QComboBox()
        self.difference.setAccessibleName(self.tr("What the runs differ in"))
        self.difference.setToolTip(
            self.tr("The one setting in which the runs differ; everything else is the same")
        )
        self.difference.activated.connect(self._choose_difference)
        self.editors: list[QComboBox | SettingBox] = []
        self.fewer = IconButton("minus", self.tr("One run less, two at least"), role="")
        self.more = IconButton("plus", self.tr("One run more, four at most"), role="")
        self.fewer.clicked.connect(session.comparison.remove)
        self.more.clicked.connect(session.comparison.add)
        self.start = TextButton("play", self.tr("Compare"), role="primary")
        self.start.clicked.connect(session.comparison.toggle)
        self.step = IconButton("step", self.tr("Single step of each, then halt"), role="")
        self.step.clicked.connect(session.comparison.step)
        self.stop = IconButton("stop", self.tr("Stop all and keep their runs"), role="")
        self.stop.clicked.connect(session.comparison.stop)
        self.unfold = IconButton("sliders", self.tr("Choose what the runs differ in"), role="")
        self.unfold.setCheckable(True)
        self.unfold.setChecked(True)
        self.unfold.toggled.connect(self._fold)
        self._comparison = ""
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        set_role(self.sentence, "muted")
        self._was_active = False
        self._showing = False
        self._invalid: dict[str, str] = {}
        session.starting.connect(self._finish)
        self._lay_out()

    def _preset(self, key: str, text: str) -> TextButton:
        button = TextButton("", text)
        button.setObjectName(key)
        button.clicked.connect(lambda: self._choose_preset(key))
        return button

    def _lay_out(self) -> None:
        theme = current_theme()
        above = QHBoxLayout()
        above.setSpacing(theme.px(4))
        above.addWidget(self.sentence, 1)
        above.addSpacing(theme.px(12))
        for widget in (self.unfold, self.start, self.step, self.stop):
            above.addWidget(widget)
        ready = QHBoxLayout()
        ready.setSpacing(theme.px(4))
        for button in self.presets.values():
            ready.addWidget(button)
        ready.addStretch(1)
        label = PlainLabel(self.tr("Difference"))
        set_role(label, "muted")
        label.setBuddy(self.difference)
        self._values = QHBoxLayout()
        self._values.setSpacing(theme.px(4))
        below = QHBoxLayout()
        below.setSpacing(theme.px(8))
        below.addWidget(label)
        below.addWidget(self.difference)
        below.addLayout(self._values)
        below.addWidget(self.fewer)
        below.addWidget(self.more)
        below.addStretch(1)
        self.choices = QWidget()
        rows = QVBoxLayout(self.choices)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(8))
        rows.addLayout(ready)
        rows.addLayout(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(above)
        column.addWidget(self.choices)
        self._fix_height()

    def _fix_height(self) -> None:
        # Room for two lines, always: a longer sentence must not push the columns down.
        self.sentence.setFixedHeight(2 * self.sentence.fontMetrics().lineSpacing() + 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "choices"):
            self._fix_height()

    # ---- hands ------------------------------------------------------------------------------------

    def _fold(self, unfolded: bool) -> None:
        self.choices.setVisible(unfolded)

    def _choose_preset(self, key: str) -> None:
        for editor in self.editors:
            if isinstance(editor, SettingBox):
                editor.show_value(editor.value)  # what was refused there is not wanted any more
        recipe = self._session.state.recipe
        self._session.comparison.choose_preset(next(one for one in presets(recipe) if one.key == key))

    def _choose_difference(self) -> None:
        self._session.comparison.choose_difference(self.difference.currentData())

    def _finish(self) -> None:
        for editor in tuple(self.editors):
            if isinstance(editor, SettingBox):
                editor.finish()

    def _say_invalid(self, number: int, info: SettingInfo, allowed: str) -> None:
        """The box of a run holds an invalid text, or a valid one again."""
        if allowed:
            text = refusal(info, self.editors[number].shown, allowed)  # type: ignore[union-attr]
            self._invalid[str(number)] = self.tr("Run {}: {}").format(number + 1, text)
        else:
            self._invalid.pop(str(number), None)
        self._session.training.set_invalid("compare", dict(self._invalid), showing=self._showing)

    # ---- eyes -------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the plan, or while they are trained what is being trained."""
        comparison = state.comparison
        recipe = comparison.base if comparison.active and comparison.base is not None else state.recipe
        plan = plan_for(recipe, comparison.plan)
        problem = problem_of(recipe, plan)
        self._showing = True
        if self._choices_shown.differs(recipe, plan.difference, comparison.active):
            self._show_choices(recipe, plan, comparison.active)
        if self._values_shown.differs(recipe, plan.difference, *map(str, plan.values), comparison.active):
            info = difference(recipe, plan.difference)
            self._show_values(info, plan.values, comparison.active)
            recipes = () if problem is not None else compared_recipes(recipe, info.name, plan.values)
            self._comparison = str(problem) if problem else comparison_sentence(info, recipes)
        self._showing = False
        invalid = "\n".join(self._invalid.values())
        self.sentence.setText(invalid or self._comparison)
        set_role(self.sentence, "warn" if problem or invalid else "muted")
        self._show_buttons(state, problem)
        if comparison.active != self._was_active:
            self._was_active = comparison.active
            self.unfold.setEnabled(not comparison.active)
            self.unfold.setChecked(not comparison.active and not comparison.runs)

    def _show_choices(self, recipe: Recipe, plan: ComparisonPlan, active: bool) -> None:
        self.difference.clear()
        for info in differences(recipe):
            self.difference.addItem(info.title, info.name)
            self.difference.setItemData(self.difference.count() - 1, info.help, Qt.ItemDataRole.ToolTipRole)
        self.difference.setCurrentIndex(self.difference.findData(plan.difference))
        self.difference.setEnabled(not active)
        for preset in presets(recipe):
            button = self.presets[preset.key]
            button.setEnabled(bool(preset.difference) and not active)
            tip = self.tr("Takes this comparison") if preset.difference else _missing(preset.key)
            button.setToolTip(tip)

    def _show_values(self, info: SettingInfo, values: tuple[Any, ...], active: bool) -> None:
        if self.property("difference") != (info.name, info.choices):
            self.setProperty("difference", (info.name, info.choices))
            while self.editors:
                self._drop_editor()
        while len(self.editors) > len(values):
            self._drop_editor()
        while len(self.editors) < len(values):
            self._add_editor(info)
        for editor, value in zip(self.editors, values, strict=True):
            if isinstance(editor, QComboBox):
                editor.setCurrentIndex(editor.findData(value))
            else:
                editor.set_value(value)
            editor.setEnabled(not active)
        most = min(MOST, 2 if info.kind == "switch" else len(info.choices) or MOST)
        self.fewer.setEnabled(not active and len(values) > FEWEST)
        self.more.setEnabled(not active and len(values) < most)

    def _add_editor(self, info: SettingInfo) -> None:
        number = len(self.editors)
        choices = (False, True) if info.kind == "switch" else info.choices
        editor: QComboBox | SettingBox
        if choices:
            editor = QComboBox()
            for choice in choices:
                editor.addItem(value_text(info, choice), choice)
            editor.activated.connect(lambda: self._session.comparison.set_value(number, editor.currentData()))
            editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            editor.setMinimumContentsLength(9)
        else:
            editor = SettingBox(info)
            keep_length(editor, lambda box, theme: box.setFixedWidth(theme.px(76)))
            editor.edited.connect(lambda value: self._session.comparison.set_value(number, value))
            editor.problem.connect(lambda allowed: self._say_invalid(number, info, allowed))
        editor.setAccessibleName(self.tr("{} of run {}").format(info.title, number + 1))
        editor.setToolTip(self.tr("{} of run {}. Allowed: {}").format(info.title, number + 1, info.allowed))
        self.editors.append(editor)
        self._values.addWidget(editor)
        before = self.editors[-2] if number else self.difference
        QWidget.setTabOrder(before, editor)
        QWidget.setTabOrder(editor, self.fewer)
        QWidget.setTabOrder(self.fewer, self.more)

    def _drop_editor(self) -> None:
        editor = self.editors.pop()
        editor.blockSignals(True)  # what was typed there is about another difference
        if self._invalid.pop(str(len(self.editors)), None) is not None:
            self._session.training.set_invalid("compare", dict(self._invalid), showing=True)
        self._values.removeWidget(editor)
        editor.hide()
        editor.deleteLater()

    def _show_buttons(self, state: StudioState, problem: StudioError | None) -> None:
        phase, engine, training = state.comparison.phase, state.torch_phase, state.training.active
        invalid = () if state.comparison.active else state.obstacles(comparison=True)
        if not self._buttons_shown.differs(phase, engine, training, str(problem), invalid):
            return
        text, icon = {
            "preparing": (self.tr("Getting ready ..."), "clock"),
            "running": (self.tr("Pause"), "pause"),
            "paused": (self.tr("Resume"), "play"),
            "stopping": (self.tr("Stopping ..."), "clock"),
        }.get(phase, (self.tr("Compare"), "play"))
        busy = phase in ("preparing", "stopping") or engine == "failed"
        idle = not state.comparison.active
        self.start.setText(text)
        self.start.set_icon(icon)
        held = idle and (training or problem is not None or bool(invalid))
        self.start.setEnabled(not busy and not held)
        if training:
            tip = self.tr("A training runs: stop it first.")
        elif idle and (invalid or problem is not None):
            tip = "\n".join(invalid) or str(problem)
        else:
            tip = self.tr("Trains all of them step by step beside each other; each is kept as a run")
        self.start.setToolTip(tip)
        self.start.setAccessibleDescription(tip if held else "")
        self.step.setEnabled(self.start.isEnabled())
        self.stop.setEnabled(phase in ("preparing", "running", "paused"))


def _preset_names() -> dict[str, str]:
    return {
        "ae against vae": QCoreApplication.translate("SetUp", "AE against VAE"),
        "beta": QCoreApplication.translate("SetUp", "β 0.5, 1, 4"),
        "latent size": QCoreApplication.translate("SetUp", "Latent size 2, 8, 32"),
        "noise": QCoreApplication.translate("SetUp", "Noise off, on"),
    }


def _missing(key: str) -> str:
    """Why the current recipe cannot be compared in this way."""
    return {
        "beta": QCoreApplication.translate(
            "SetUp", "β belongs to the variational autoencoder: choose it on the left."
        ),
        "latent size": QCoreApplication.translate(
            "SetUp", "This recipe has no code: choose an autoencoder on the left."
        ),
        "noise": QCoreApplication.translate(
            "SetUp", "Noise belongs to the denoising objective: choose it, or reconstruction, on the left."
        ),
    }.get(key, "")

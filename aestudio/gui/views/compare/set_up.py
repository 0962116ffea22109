"""The form of a comparison: the setting in which the runs differ, its values, and the buttons to train."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.state.comparison_state import plan_for, problem_of
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import keep_lines, set_role
from aestudio.gui.views.compare.sentences import comparison_sentence
from aestudio.gui.views.compare.value_editors import ValueEditors
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import boxed, column, fill, labelled, row
from aestudio.gui.widgets.phase_button import PhaseButton
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.recipes.differences import (
    FEWEST,
    MOST,
    compared_recipes,
    difference,
    differences,
    presets,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.errors import StudioError
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.comparison_state import ComparisonPlan
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.other_objectives import ComparisonContext
    from aestudio.recipes.phase import Phase
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo


class SetUp(QWidget):
    """A sentence on the comparison and the buttons; below them, unless folded, setting and values."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._choices_shown, self._values_shown, self._buttons_shown = Shown(), Shown(), Shown()
        self._phases_shown = Shown()
        self.presets = {key: self._preset(key, text) for key, text in _preset_names().items()}
        self.difference = ChoiceBox(
            self.tr("Setting in which the runs differ"),
            self.tr("The one setting in which the runs differ; everything else is the same"),
        )
        self.difference.chosen.connect(session.comparison.choose_difference)
        self.values = ValueEditors(session)
        self.fewer = IconButton("minus", self.tr("One run fewer, at least two"), role="")
        self.more = IconButton("plus", self.tr("One run more, at most four"), role="")
        self.fewer.clicked.connect(session.comparison.remove)
        self.more.clicked.connect(session.comparison.add)
        self.start = TextButton("play", self.tr("Compare"), role="primary")
        self.start.clicked.connect(lambda: session.training.toggle(group="comparison"))
        self.step = IconButton("step", self.tr("Train each run for one step, then pause"), role="")
        self.step.clicked.connect(lambda: session.training.step(group="comparison"))
        self.phase = PhaseButton(
            self.tr("Train each run for one phase alone, then pause; runs without that phase do a whole step")
        )
        self.phase.chosen.connect(lambda phase: session.training.step(phase, group="comparison"))
        self.stop = IconButton("stop", self.tr("Stop and keep all runs"), role="")
        self.stop.clicked.connect(lambda: session.training.stop(group="comparison"))
        self.unfold = IconButton("sliders", self.tr("Choose in which setting the runs differ"), role="")
        self.unfold.setCheckable(True)
        self.unfold.setChecked(True)
        self.unfold.toggled.connect(self._set_unfolded)
        self._comparison = ""
        self._problem: StudioError | None = None  # why the plan cannot be trained
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        set_role(self.sentence, "muted")
        self._was_active = False
        session.starting.connect(self.values.finish)
        self._lay_out()

    def _preset(self, key: str, text: str) -> TextButton:
        button = TextButton("", text)
        button.setObjectName(key)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._choose_preset(key))
        return button

    def _lay_out(self) -> None:
        difference = labelled(self.tr("Difference"), self.difference)
        self.choices = boxed(
            column(
                row(*self.presets.values(), fill(), gap=4),
                row(difference, fill()),
                row(self.values, self.fewer, self.more, fill()),
            )
        )
        column(
            row(fill(self.sentence), 12, self.unfold, self.start, self.step, self.phase, self.stop, gap=4),
            self.choices,
            on=self,
        )
        keep_lines(self.sentence, 2)

    # ---- input ------------------------------------------------------------------------------------

    def _set_unfolded(self, unfolded: bool) -> None:
        self.choices.setVisible(unfolded)

    def _choose_preset(self, key: str) -> None:
        self.values.discard_invalid()
        state = self._session.state
        self._session.comparison.choose_preset(
            next(preset for preset in presets(state.recipe, state.comparison_context) if preset.key == key)
        )
        self._mark_preset(self._session.state)  # a click on the chosen one would unmark it

    def _mark_preset(self, state: StudioState) -> None:
        """Mark the preset that is chosen, if the plan is one."""
        comparison, context = state.comparison, state.comparison_context
        recipe = comparison.base if comparison.active and comparison.base is not None else state.recipe
        plan = plan_for(recipe, comparison.plan, context)
        for preset in presets(recipe, context):
            chosen = preset.difference == plan.difference and tuple(preset.values) == tuple(plan.values)
            self.presets[preset.key].setChecked(chosen)

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the planned comparison, or the one that is being trained."""
        comparison = state.comparison
        recipe = comparison.base if comparison.active and comparison.base is not None else state.recipe
        context = state.comparison_context
        plan, data, own = plan_for(recipe, comparison.plan, context), context.data, state.own
        if self._choices_shown.differs(recipe, data, own, plan.difference, comparison.active):
            self._show_choices(recipe, plan, context, comparison.active)
        if self._values_shown.differs(
            recipe, data, own, plan.difference, *map(str, plan.values), comparison.active
        ):
            info = difference(recipe, plan.difference, context)
            self._problem = problem_of(recipe, plan, context)
            self._show_values(info, plan.values, context, comparison.active)
            self._mark_preset(state)
            recipes: tuple[Recipe, ...] = ()
            if self._problem is None:
                recipes = compared_recipes(recipe, info.name, plan.values, context)
            self._comparison = (
                str(self._problem) if self._problem else comparison_sentence(info, recipes, data)
            )
        invalid = "\n".join(self.values.invalid.values())
        self.sentence.setText(invalid or self._comparison)
        set_role(self.sentence, "warn" if self._problem or invalid else "muted")
        self._show_buttons(state, self._problem)
        if self._phases_shown.differs(
            recipe, data, own, plan.difference, *map(str, plan.values), comparison.active
        ):
            runs = comparison.runs if comparison.active else ()
            planned = tuple(run.recipe for run in runs)
            if not planned and self._problem is None:
                planned = compared_recipes(recipe, plan.difference, plan.values, context)
            self.phase.set_phases(phases_of(planned))
        if comparison.active != self._was_active:
            self._was_active = comparison.active
            self.unfold.setEnabled(not comparison.active)
            self.unfold.setChecked(not comparison.active and not comparison.runs)

    def _show_choices(
        self, recipe: Recipe, plan: ComparisonPlan, context: ComparisonContext, active: bool
    ) -> None:
        offered = differences(recipe, context)
        self.difference.set_entries((info.name, info.title, info.help) for info in offered)
        self.difference.show_value(plan.difference)
        self.difference.setEnabled(not active)
        for preset in presets(recipe, context):
            button = self.presets[preset.key]
            button.setEnabled(bool(preset.difference) and not active)
            tip = self.tr("Choose this comparison") if preset.difference else _why_not(preset.key)
            button.setToolTip(explained(tip, "beta") if preset.difference == "beta" else tip)

    def _show_values(
        self, info: SettingInfo, values: tuple[Any, ...], context: ComparisonContext, active: bool
    ) -> None:
        self.values.show_values(info, values, context, enabled=not active)
        for before, after in pairwise((self.difference, *self.values.editors, self.fewer, self.more)):
            QWidget.setTabOrder(before, after)
        most = min(MOST, 2 if info.kind == "switch" else len(info.choices) or MOST)
        self.fewer.setEnabled(not active and len(values) > FEWEST)
        self.more.setEnabled(not active and len(values) < most)

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
        blocked = idle and (training or problem is not None or bool(invalid))
        self.start.setEnabled(not busy and not blocked)
        if training:
            tip = self.tr("A training is running: stop it first.")
        elif idle and (invalid or problem is not None):
            tip = "\n".join(invalid) or str(problem)
        else:
            tip = self.tr("Train all runs in step; each is kept")
        self.start.setToolTip(tip)
        self.start.setAccessibleDescription(tip if blocked else "")
        for step in (self.step, self.phase):
            step.setEnabled(self.start.isEnabled())
        self.stop.setEnabled(phase in ("preparing", "running", "paused"))


def phases_of(recipes: Sequence[Recipe]) -> tuple[Phase, ...]:
    """The phases of all recipes, those of one name once; none if no recipe has several."""
    sets = [recipe.objective.phases() for recipe in recipes]
    several = [phase for phases in sets if len(phases) > 1 for phase in phases]
    return tuple({phase.name: phase for phase in several}.values())


def _preset_names() -> dict[str, str]:
    return {
        "ae against vae": QCoreApplication.translate("SetUp", "AE against VAE"),
        "beta": QCoreApplication.translate("SetUp", "β 0.5, 1, 4"),
        "latent size": QCoreApplication.translate("SetUp", "Latent size 2, 8, 32"),
        "noise": QCoreApplication.translate("SetUp", "Noise off, on"),
    }


def _why_not(key: str) -> str:
    """Why this preset does not suit the current recipe."""
    return {
        "ae against vae": QCoreApplication.translate(
            "SetUp", "This network has no plain and no variational autoencoder: choose another on the left."
        ),
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

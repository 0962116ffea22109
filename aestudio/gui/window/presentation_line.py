"""The line at the foot of a presentation: Pause, the progress of the training, and its newest loss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from aestudio.gui.plots.numbers import number_text
from aestudio.gui.state.comparison_state import ComparedRun
from aestudio.gui.state.curve_recipe import recipe_of_training
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.shown_title import trained_title
from aestudio.gui.state.training_group import runs_of
from aestudio.gui.theme.style import keep_length, set_role
from aestudio.gui.views.shared.split_names import training_name, validation_name
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import fill, row
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.window.sidebars.start_button import enable_start, progress_share, start_look
from aestudio.gui.window.sidebars.training_bar import TrainingBar
from aestudio.gui.window.sidebars.training_box import duration_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.run_state import TrainingGroup
    from aestudio.gui.state.studio_state import StudioState

_LEAST_BAR = 80


class PresentationLine(QFrame):
    """Slim, and about the single training or the compared runs."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session = session
        self._group: TrainingGroup = "training"
        self._shown, self._button_shown = Shown(), Shown()
        self.start = TextButton("play", self.tr("Start"), role="quiet")
        self.start.clicked.connect(self._toggle)
        self.bar = TrainingBar()
        keep_length(self.bar, lambda bar, theme: bar.setMinimumWidth(theme.px(_LEAST_BAR)))
        self.epoch = NumberLabel(self.tr("epoch {} of {}").format("00", "00"), role="muted")
        self.time_left = NumberLabel(self.tr("{} left").format("00:00"), role="muted")
        self.loss = ElidedLabel()
        self.loss.set_mode(Qt.TextElideMode.ElideRight)
        self.loss.set_alignment(Qt.AlignmentFlag.AlignRight)
        row(
            self.start,
            fill(self.bar, 2),
            self.epoch,
            self.time_left,
            fill(self.loss, 3),
            gap=12,
            margins=(8, 2, 16, 2),
            on=self,
        )

    def _toggle(self) -> None:
        self._session.training.toggle(group=self._group)

    def show_state(self, state: StudioState, *, comparison: bool = False) -> None:
        """Show the phase on the button, the progress, and the newest loss.

        comparison: the view in front shows the compared runs; what is being trained comes first
        """
        group = self._group = state.trained_group
        if comparison and not state.training.active:
            group = self._group = "comparison"
        look = start_look(state, group)
        if self._button_shown.differs(look.text, look.icon, look.tip, look.enabled):
            self.start.setText(look.text)
            self.start.set_icon(look.icon)
            self.start.setToolTip(look.tip)
            enable_start(self.start, look.enabled, self)
        hidden = state.hidden_training is not None
        shown = state.recipe, state.training_model, hidden, state.history.step
        if not self._shown.differs(*runs_of(state, group), group, *shown):
            return
        share = progress_share(state, group)
        self.bar.show_share(share)
        run = next(iter(runs_of(state, group)), RunState())
        started, progress = run.started, run.progress
        begun = started is not None and run.phase != "idle" and share > 0
        self.bar.setVisible(begun)
        if started is None or not begun:
            self.epoch.set_text("")
            self.time_left.set_text("")
        else:
            step = progress.step if progress is not None else started.step
            epoch = min(started.epochs, step // started.steps_per_epoch + 1)
            self.epoch.set_text(self.tr("epoch {} of {}").format(epoch, started.epochs))
            left = progress.seconds_left if progress is not None and run.phase == "running" else math.inf
            self.time_left.set_text(
                self.tr("{} left").format(duration_text(left)) if math.isfinite(left) else ""
            )
        self.loss.set_text(self._loss_text(state))

    def _loss_text(self, state: StudioState) -> str:
        """The newest loss, which is not that of a shown checkpoint; of compared runs, that of each."""
        texts: list[str] = []
        for run in runs_of(state, self._group):
            recipe = run.recipe if isinstance(run, ComparedRun) else recipe_of_training(state)
            term = recipe.objective.terms()[0]
            title = one_line(run.title if isinstance(run, ComparedRun) else term.title)
            if self._group == "training" and state.hidden_training is not None:
                title = f"{one_line(trained_title(state))}: {title}"
            elif self._group == "training" and state.history.step is not None:
                title = self.tr("{} of the newest step").format(title)
            found = [
                (series.last(term.name), split)
                for series, split in (
                    (run.training, training_name()),
                    (run.validation, validation_name(run, recipe)),
                )
            ]
            values = [f"{number_text(value)} {split.lower()}" for value, split in found if value is not None]
            if not values:
                continue
            if self._group == "comparison":  # the number first: long names are cut
                texts.append(f"{values[0].split()[0]} {title}")
            else:
                texts.append(f"{title}  {' · '.join(values)}")
        return "    ".join(texts)

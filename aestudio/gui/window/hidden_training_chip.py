"""What is trained and is not on the screen, in one line beside the header, and the button that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import fill, row
from aestudio.gui.window.hidden_training_text import TrainingLine, comparison_line, hidden_training_line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import ColourRole

_COLOURS: dict[str, ColourRole] = {"good": "good", "warn": "warn", "bad": "bad"}
_GAP, _MARGIN, _LEAST_TEXT = 2, 8, 60


class HiddenTrainingChip(QFrame):
    """Visible only while another run hides the training, or while runs are compared in a view behind.

    A long title is cut; the tooltip has all of it. `compare_wanted()`: the compared runs are to be shown
    """

    compare_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "raised")
        self._session = session
        self._shown = Shown()
        self._line = TrainingLine()
        self.text = ElidedLabel()
        self.text.set_mode(Qt.TextElideMode.ElideMiddle)
        self.show_training = TextButton(
            "",
            self.tr("Show it"),
            role="link",
        )
        self.show_training.clicked.connect(self._show_training)
        # As low as the other button: when a training ends, nothing moves.
        self.put_away = TextButton("close", "", role="link")
        self.put_away.setToolTip(
            self.tr("Leave the training that has ended: the recipe and Resume are then those of this run")
        )
        self.put_away.setAccessibleName(self.put_away.toolTip())
        self.put_away.clicked.connect(session.runs.put_training_away)
        row(fill(self.text), self.show_training, self.put_away, gap=_GAP, margins=(_MARGIN, 1, 1, 1), on=self)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.hide()

    def _show_training(self) -> None:
        if self._session.state.comparison.active:
            self.compare_wanted.emit()
        else:
            self._session.runs.show_training()

    def show_state(self, state: StudioState, *, comparison: bool = False) -> bool:
        """Show the training; return whether the chip may need another width.

        comparison: whether the view in front shows the compared runs
        """
        training, model = state.training, state.training_model
        compared = state.comparison.active and not comparison
        parts = (training.phase, training.progress, training.ended, training.problem, state.recipe, model)
        runs = state.comparison.runs if compared else ()
        if not self._shown.differs(state.hidden_training is None, *parts, compared, runs):
            return False
        hidden, line = state.hidden_training is not None, TrainingLine()
        if compared:
            line = comparison_line(state)
        elif hidden:
            line = hidden_training_line(state)
        tip = self.tr("Back to the training; the run that is shown now stays kept (Ctrl+T)")
        self.show_training.setToolTip(self.tr("Shows the runs that are compared") if compared else tip)
        before = (self._line.longest, self.isHidden(), self.put_away.isHidden())
        self._line = line
        self.text.set_text(line.text)
        self.text.set_colour(_COLOURS.get(line.tone, "text"))
        self.put_away.setVisible(hidden and not training.active and not compared)
        self.setVisible(bool(line.text))
        self.setAccessibleName(line.text)
        return before != (line.longest, self.isHidden(), self.put_away.isHidden())

    def sizeHint(self) -> QSize:
        """As wide as the line can become, so that nothing moves while the numbers grow."""
        metrics = self.text.fontMetrics()
        text = max(metrics.horizontalAdvance(self._line.longest), metrics.horizontalAdvance(self._line.text))
        return QSize(text + 2 + self._beside_text(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(_LEAST_TEXT) + self._beside_text(), super().sizeHint().height())

    def _beside_text(self) -> int:
        buttons = [one for one in (self.show_training, self.put_away) if not one.isHidden()]
        around = current_theme().px(_MARGIN + 1 + len(buttons) * _GAP) + 2 * self.frameWidth()
        return around + sum(button.sizeHint().width() for button in buttons)

"""The bar below every view: a slider over the checkpoints of the history, an animation, and Branch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.state.shown_title import trained_title
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.history_slider import HistorySlider
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import boxed, fill, row
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import PlainLabel, one_line
from aestudio.gui.window.branch_popup import BranchPopup
from aestudio.training.checkpoint_history import MEGABYTE

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.history_state import HistoryState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import Theme
    from aestudio.training.checkpoint_history import HistoryCheckpoint

_MINIMUM_SLIDER_WIDTH = 160
_LEFT, _GAP, _RIGHT = 12, 12, 16
_OF_THE_HISTORY = ("history.toggle", "history.first", "history.now", "history.branch")  # commands
_LONGEST_TITLE = 16  # characters, on a button


class HistoryBar(QFrame):
    """Has a fixed height, also without a history, so that the view does not move when one begins."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session = session
        self._shown = Shown()
        self.play = IconButton("play", self.tr("Play the history as an animation (Ctrl+Shift+P)"))
        self.play.clicked.connect(session.history.toggle)
        self.slider = HistorySlider()
        self.slider.setToolTip(
            self.tr(
                "The checkpoints of this training, from its first step to now: every view shows the one "
                "that is chosen (Alt+Left, Alt+Right). Long ticks: epochs."
            )
        )
        self.slider.setAccessibleName(self.tr("Checkpoint of the history"))
        self.slider.moved.connect(self._scrub)
        self.position = NumberLabel(self.tr("step {} · epoch {}").format("000,000", "000.0"), role="")
        self.storage = NumberLabel(
            self.tr("{} of {} checkpoints · {} of {} MB").format("00", "00", "000", "000"), role="muted"
        )
        self.storage.setToolTip(
            self.tr(
                "Checkpoints that are kept of this run, and their size on the disk, megabytes. When the "
                "limit is reached, the least important ones are deleted; AESTUDIO_MOMENTS_MB sets the limit."
            )
        )
        self.now = TextButton("", self.tr("Now"), tip=self.tr("Back to the newest step (Alt+End)"))
        self.now.clicked.connect(lambda: session.history.show(None))
        self.branch = TextButton(
            "branch",
            self.tr("Branch"),
            tip=self.tr("Starts a new run at this checkpoint, with one setting changed (Ctrl+Shift+B)"),
        )
        self.branch.clicked.connect(self.open_branch)
        self.popup = BranchPopup(self)
        self.popup.accepted.connect(self._branch)
        self._branch_step = 0
        self._presented = False
        self._lay_out()

    def offer_at(self, at: QPoint | None) -> Offer:
        """What can be done with the history, and what a checkpoint is."""
        del at
        commands = _OF_THE_HISTORY if self.controls.isVisible() else ()
        return Offer(what=self.tr("History"), terms=("checkpoint",), commands=commands)

    def _lay_out(self) -> None:
        theme = current_theme()
        self._row = row(
            self.play,
            fill(self.slider),
            self.position,
            self.now,
            self.storage,
            self.branch,
            gap=_GAP,
            margins=None,
        )
        self.controls = boxed(self._row)
        self.hint = PlainLabel(self.tr("The checkpoints of a training appear here: go back to any of them."))
        self.hint.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        set_role(self.hint, "muted")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.hint)
        self._pages.addWidget(self.controls)
        keep_length(self, HistoryBar._fix_height)

    def _fix_height(self, theme: Theme) -> None:
        """Fix the height of the controls, also while the hint is shown."""
        self._row.setContentsMargins(theme.px(_LEFT), theme.px(4), theme.px(_RIGHT), theme.px(4))
        self._row.invalidate()
        self.setFixedHeight(self._row.sizeHint().height())
        self._hide_storage_if_narrow()

    def _hide_storage_if_narrow(self) -> None:
        """Hide the size on the disk if the slider would become too short, and from an audience."""
        wide = self.width() >= self._width_of(self.storage, *self._required)
        self.storage.setVisible(wide and not self._presented)

    @property
    def _required(self) -> tuple[QWidget, ...]:
        return self.play, self.position, self.now, self.branch

    def _width_of(self, *parts: QWidget) -> int:
        """The width of these widgets and of the shortest slider."""
        width = sum(max(part.sizeHint().width(), part.minimumWidth()) for part in parts)
        return width + current_theme().px(_LEFT + _RIGHT + len(parts) * _GAP + _MINIMUM_SLIDER_WIDTH)

    def minimumSizeHint(self) -> QSize:
        """Without the storage label, which would keep the window from becoming narrower."""
        return QSize(self._width_of(*self._required), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_storage_if_narrow()

    def show_state(self, state: StudioState, *, comparison: bool = False) -> None:
        """Show the checkpoints of the history, and which one the views show.

        comparison: whether the view in front shows compared runs, and not the run of this history
        """
        history, training = state.history, state.training.active
        # In a presentation the space belongs to the view while there is nothing to go through.
        self.setVisible(history.usable or not state.presentation)
        if state.presentation != self._presented:
            self._presented = state.presentation
            self._hide_storage_if_narrow()
        parts = (history.checkpoint_history, history.step, history.playing, training, comparison)
        if not self._shown.differs(*parts):
            return
        usable = history.usable and not comparison
        self._pages.setCurrentWidget(self.controls if usable else self.hint)
        if not usable:
            text = self.tr("The checkpoints of a training appear here: go back to any of them.")
            if comparison:
                text = self.tr("Open one of the compared runs to go back to its checkpoints.")
            self.hint.setText(text)
            return
        checkpoints, index = history.history_checkpoints, history.index
        self.slider.set_checkpoints(len(checkpoints), _epochs(checkpoints))
        self.slider.set_position(len(checkpoints) if index is None else index)
        playing = history.playing
        self.play.set_icon(
            "pause" if playing else "play",
            self.tr("Pause the animation (Ctrl+Shift+P)")
            if playing
            else self.tr("Play the history as an animation (Ctrl+Shift+P)"),
        )
        if index is None and self.now.hasFocus():
            self.slider.setFocus()  # Qt would give it to the next button, which branches at a press of Space
        self.now.setEnabled(index is not None)
        self._show_texts(history)

    def _show_texts(self, history: HistoryState) -> None:
        shown, count = history.shown_checkpoint, len(history.history_checkpoints)
        if shown is None:
            self.position.set_text(self.tr("the newest step"))
            number = self.tr("{} checkpoints").format(count)
        else:
            self.position.set_text(
                self.tr("step {} · epoch {}").format(f"{shown.step:,}", f"{shown.epoch:.1f}")
            )
            number = self.tr("{} of {} checkpoints").format((history.index or 0) + 1, count)
        size, budget = (
            history.checkpoint_history.size / MEGABYTE,
            history.checkpoint_history.limit / MEGABYTE,
        )
        storage = self.tr("{} of {} MB").format(
            f"{size:.1f}" if size < 10 else f"{size:.0f}", f"{budget:.0f}"
        )
        self.storage.set_text(f"{number} · {storage}")
        self._hide_storage_if_narrow()

    def _scrub(self, position: int) -> None:
        control, count = self._session.history, len(self._session.state.history.history_checkpoints)
        control.pause()
        control.show(position if position < count else None)

    def open_branch(self) -> None:
        """Open the branch form for the shown checkpoint, or the newest; close it if it is open."""
        state = self._session.state
        history, model = state.history, state.model
        if self.popup.isVisible() or not history.usable or model is None:
            self.popup.close_popup()
            return
        checkpoint = history.shown_checkpoint or history.history_checkpoints[-1]
        self._branch_step = checkpoint.step
        live = state.shown_run.live if state.shown_run.run == history.run else {}
        self.popup.open_above(
            self.branch, model.snapshot.architecture, live, checkpoint, training=state.training.active
        )
        if state.hidden_training is not None and state.training.active:
            text = self.tr("Stop “{}”, keep it, and branch")
            self.popup.begin.setText(
                text.format(one_line(trained_title(state), _LONGEST_TITLE, cut_end=True))
            )

    def _branch(self, changes: dict[str, object]) -> None:
        index = self._session.state.history.checkpoint_history.nearest(self._branch_step)
        if index is not None:
            self._session.history.branch(index, changes)


def _epochs(checkpoints: tuple[HistoryCheckpoint, ...]) -> tuple[int, ...]:
    """Indices of the checkpoints that are the first of their epoch, without the initial one."""
    return tuple(
        index
        for index in range(1, len(checkpoints))
        if math.floor(checkpoints[index].epoch) > math.floor(checkpoints[index - 1].epoch)
    )

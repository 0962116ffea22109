"""The status line of the window: device, speeds, data set, and the newest message.

A message is shown at once. A timer updates the numbers at reading speed, also without a new state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame

from aestudio.gui.controllers.runs_controller import IMPORT, SHARE
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.frame_counter import FrameCounter
from aestudio.gui.widgets.layouts import fill, row
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState, Tone
    from aestudio.gui.theme.tokens import ColourRole

translate = QCoreApplication.translate

TEXT_MILLISECONDS = 400
_COLOURS: dict[Tone, ColourRole] = {"plain": "text", "good": "good", "warn": "warn", "bad": "bad"}
GIGABYTE = 2**30
_MINIMUM_FRAME_RATE = 10  # lower rates are those of an idle window
_LONGEST = 32  # characters of a data set's title


class StatusLine(QFrame):
    """Shows the speeds of the training, the window and the sliders. message_changed(text)"""

    message_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._device = PlainLabel()
        self._device.setToolTip(self.tr("The device that trains"))
        self._memory = NumberLabel(self.tr("{} GB").format("00.00"))
        self._memory.setToolTip(
            self.tr("Memory in use: of the GPU, or of this program on the CPU, gigabytes")
        )
        self._speed = NumberLabel(self.tr("{} images/s").format("0,000,000"))
        self._speed.setToolTip(self.tr("Training images per second"))
        self._frames = NumberLabel(self.tr("{} frames/s").format("000"))
        self._frames.setToolTip(self.tr("Frames per second that the window paints"))
        self._slider = NumberLabel(self.tr("slider {} ms").format("000.0"))
        self._slider.setToolTip(self.tr("From the movement of a slider to its painted image, milliseconds"))
        self._data = PlainLabel()
        self._data.setToolTip(self.tr("The data set: training and test images"))
        self._precision = PlainLabel()  # before the numbers, which stay where they are when it appears
        self._precision.setToolTip(self.tr("The precision of products in this training"))
        self._message = ElidedLabel()
        self._message.set_mode(Qt.TextElideMode.ElideRight)
        numbers = (self._precision, self._memory, self._speed, self._frames, self._slider)
        labels = (self._device, self._data, *numbers)
        # What is left out first where the message needs the space: it says what has just happened.
        self._dispensable = (self._frames, self._slider, self._memory, self._device, self._speed, self._data)
        for label in labels:
            set_role(label, "muted")
        named = (self._device, self._data)
        self._row = row(*named, fill(self._message), *numbers, gap=16, margins=(16, 4, 16, 4), on=self)
        self._state: StudioState | None = None
        self._reaction: float | None = None
        self._counter: FrameCounter | None = None
        self._message_shown: object = None
        self._working = ""  # how far a file is that is read or written, in the place of the message
        self._timer = QTimer(self)
        self._timer.setInterval(TEXT_MILLISECONDS)
        self._timer.timeout.connect(self._update_numbers)

    @property
    def numbers(self) -> str:
        """The texts of memory and speeds."""
        labels = (self._memory, self._speed, self._frames, self._slider)
        return ", ".join(label.text() for label in labels)

    def set_reaction(self, milliseconds: float) -> None:
        """Set the time from the newest movement of a slider to its painted image."""
        self._reaction = milliseconds

    def show_state(self, state: StudioState) -> None:
        """Show the message at once, numbers at reading speed."""
        first, self._state = self._state is None, state
        newer, working = state.message is not self._message_shown, _progress_text(state)
        if newer or working != self._working:
            self._message_shown, self._working = state.message, working
            self._message.set_text(working or state.message.text)
            self._message.set_colour("text" if working else _COLOURS[state.message.tone])
            self._make_space()
        if newer:
            self.message_changed.emit(state.message.text)
        if first:
            self._update_numbers()
            self._make_space()

    @property
    def tone(self) -> Tone:
        """Of the newest message."""
        return "plain" if self._state is None else self._state.message.tone

    @property
    def message_is_cut(self) -> bool:
        """Whether the line is too short for the message, also without the numbers."""
        margins = self._row.contentsMargins()
        return self._message.sizeHint().width() > self.width() - margins.left() - margins.right()

    def _make_space(self) -> None:
        """Hide numbers, as many as the whole message needs the space of; show them again later."""
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        space = self.width() - margins.left() - margins.right() - self._message.sizeHint().width()
        shown = [*self._dispensable, *([self._precision] if self._precision.text() else [])]
        for label in self._dispensable:
            needed = sum(one.sizeHint().width() + gap for one in shown)
            hidden = needed > space
            if hidden:
                shown.remove(label)
            label.setVisible(not hidden)

    def minimumSizeHint(self) -> QSize:
        """The numbers can be hidden, so that they widen no window."""
        return QSize(self._message.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_space()

    def _update_numbers(self) -> None:
        if self._state is not None:
            rate = 0.0 if self._counter is None else self._counter.take_rate()
            self._show_rate(self._state, rate)
            self._show_speeds(self._state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._counter is None:
            self._counter = FrameCounter(self.window())
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _show_rate(self, state: StudioState, frames: float) -> None:
        # An idle window paints a few frames only, which is no measure of its speed.
        busy = state.training.active or frames >= _MINIMUM_FRAME_RATE
        self._frames.set_text(_unless_unknown(self.tr("{} frames/s"), f"{frames:.0f}" if busy else None))

    def _show_speeds(self, state: StudioState) -> None:
        self._device.setText(_device_text(state) or self.tr("Loading torch ..."))
        started = state.training.started
        rounded = state.training.active and started is not None and started.precision == "bfloat16"
        self._precision.setText("bfloat16" if rounded else "")
        self._precision.setVisible(rounded)
        # Of a training that has ended they would pass for what happens now.
        progress = state.training.progress if state.training.active else None
        memory = None if progress is None or not progress.memory else f"{progress.memory / GIGABYTE:.2f}"
        self._memory.set_text(_unless_unknown(self.tr("{} GB"), memory))
        speed = None if progress is None else f"{progress.images_per_second:,.0f}"
        self._speed.set_text(_unless_unknown(self.tr("{} images/s"), speed))
        reaction = None if self._reaction is None else f"{self._reaction:.1f}"
        self._slider.set_text(_unless_unknown(self.tr("slider {} ms"), reaction))
        dataset = state.data.dataset
        if dataset is None:
            self._data.setText(self.tr("no data set yet"))
        else:
            sizes = f"{len(dataset.train):,} + {len(dataset.test):,}"
            self._data.setText(self.tr("{} {}").format(one_line(dataset.title, _LONGEST), sizes))


def _progress_text(state: StudioState) -> str:
    """How far a shared run is that is read or written, "" if none is: it takes seconds, and has no dialog."""
    texts = {
        IMPORT: translate("StatusLine", "Reading the shared run: {} %"),
        SHARE: translate("StatusLine", "Writing the shared run: {} %"),
    }
    for task, text in texts.items():
        if task in state.tasks:
            done, total, _ = state.tasks[task]
            return text.format(round(100 * done / total) if total else 0)
    return ""


def _unless_unknown(text: str, number: str | None) -> str:
    """The number with its unit; nothing as long as it is not measured: its place stays free."""
    return "" if number is None else text.format(number)


def _device_text(state: StudioState) -> str:
    chosen = (
        state.training.started.device if state.training.active and state.training.started else state.device
    )
    for device in state.devices:
        if chosen in (device.name, "auto"):
            return device.title
    return ""

"""The foot of the window: device, speeds, dataset, and the newest message.

Two clocks: a message stands there at once, figures change at reading speed, also when nothing else does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.frame_counter import FrameCounter
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState, Tone
    from aestudio.gui.theme.tokens import ColourRole

TEXT_MILLISECONDS = 400
_COLOURS: dict[Tone, ColourRole] = {"plain": "text", "good": "good", "warn": "warn", "bad": "bad"}
GIGABYTE = 2**30
_LIVELY = 10
_LONGEST = 32  # characters of a dataset's title


class StatusLine(QFrame):
    """Says how fast the training, the window and the sliders are, so that all of it can be watched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        theme = current_theme()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        row.setSpacing(theme.px(16))
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
        self._data.setToolTip(self.tr("The dataset: training and test images"))
        self._message = ElidedLabel()
        self._message.set_mode(Qt.TextElideMode.ElideRight)
        for label in (self._device, self._memory, self._speed, self._frames, self._slider, self._data):
            set_role(label, "muted")
            row.addWidget(label)
        row.addWidget(self._message, 1)
        self._state: StudioState | None = None
        self._reaction: float | None = None
        self._counter: FrameCounter | None = None
        self._message_shown: object = None
        self._clock = QTimer(self)
        self._clock.setInterval(TEXT_MILLISECONDS)
        self._clock.timeout.connect(self._tick)

    @property
    def figures(self) -> str:
        """What the line says of speeds now."""
        labels = (self._memory, self._speed, self._frames, self._slider)
        return ", ".join(label.text() for label in labels)

    def set_reaction(self, milliseconds: float) -> None:
        """How long the newest movement of a slider took until its image was painted."""
        self._reaction = milliseconds

    def show_state(self, state: StudioState) -> None:
        """Show the message at once, numbers at reading speed."""
        first, self._state = self._state is None, state
        if state.message is not self._message_shown:
            self._message_shown = state.message
            self._message.set_text(state.message.text)
            self._message.set_colour(_COLOURS[state.message.tone])
        if first:
            self._tick()

    def _tick(self) -> None:
        if self._state is not None:
            rate = 0.0 if self._counter is None else self._counter.take_rate()
            self._show_rate(self._state, rate)
            self._show_figures(self._state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._counter is None:
            self._counter = FrameCounter(self.window())
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _show_rate(self, state: StudioState, frames: float) -> None:
        # A window at rest draws next to nothing, which is no figure to worry anybody with.
        lively = state.training.active or frames >= _LIVELY
        self._frames.set_text(self.tr("{} frames/s").format(f"{frames:.0f}" if lively else "–"))

    def _show_figures(self, state: StudioState) -> None:
        self._device.setText(_device_text(state) or self.tr("Loading torch ..."))
        pulse = state.training.pulse
        memory = f"{pulse.memory / GIGABYTE:.2f}" if pulse is not None and pulse.memory else "–"
        self._memory.set_text(self.tr("{} GB").format(memory))
        speed = f"{pulse.images_per_second:,.0f}" if pulse is not None else "–"
        self._speed.set_text(self.tr("{} images/s").format(speed))
        figure = "–" if self._reaction is None else f"{self._reaction:.1f}"
        self._slider.set_text(self.tr("slider {} ms").format(figure))
        dataset = state.data.dataset
        if dataset is None:
            self._data.setText(self.tr("no dataset yet"))
        else:
            sizes = f"{len(dataset.train):,} + {len(dataset.test):,}"
            self._data.setText(self.tr("{} {}").format(one_line(dataset.title, _LONGEST), sizes))


def _device_text(state: StudioState) -> str:
    chosen = (
        state.training.started.device if state.training.active and state.training.started else state.device
    )
    for device in state.devices:
        if chosen in (device.name, "auto"):
            return device.title
    return ""

"""The foot of the window: device, speeds, dataset, and the newest message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.figure_label import FigureLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.session.state import StudioState, Tone
    from aestudio.gui.theme.tokens import ColourRole

_TEXT_MILLISECONDS = 300
_COLOURS: dict[Tone, ColourRole] = {"plain": "text", "good": "good", "warn": "warn", "bad": "bad"}
GIGABYTE = 2**30
_LIVELY = 10


class StatusLine(QFrame):
    """Text changes a few times a second at most: faster it could not be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        theme = current_theme()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        row.setSpacing(theme.px(16))
        self._device = QLabel()
        self._device.setToolTip(self.tr("The device that trains"))
        self._memory = FigureLabel(self.tr("{} GB").format("00.00"))
        self._memory.setToolTip(
            self.tr("Memory in use: of the GPU, or of this program on the CPU, gigabytes")
        )
        self._speed = FigureLabel(self.tr("{} images/s").format("0,000,000"))
        self._speed.setToolTip(self.tr("Training images per second"))
        self._frames = FigureLabel(self.tr("{} frames/s").format("000"))
        self._frames.setToolTip(self.tr("How often per second the window shows a new state"))
        self._slider = FigureLabel(self.tr("slider {} ms").format("000.0"))
        self._slider.setToolTip(self.tr("From the movement of a slider to its picture, milliseconds"))
        self._data = QLabel()
        self._data.setToolTip(self.tr("The dataset: training and test images"))
        self._message = ElidedLabel()
        self._message.set_mode(Qt.TextElideMode.ElideRight)
        for label in (self._device, self._memory, self._speed, self._frames, self._slider, self._data):
            set_role(label, "muted")
            row.addWidget(label)
        row.addWidget(self._message, 1)
        self._since_text = QElapsedTimer()
        self._since_text.start()
        self._shown = 0
        self._message_shown: object = None

    def show_state(self, state: StudioState) -> None:
        """Show the message at once, figures at reading speed."""
        self._shown += 1
        if state.message is not self._message_shown:
            self._message_shown = state.message
            self._message.set_text(state.message.text)
            self._message.set_colour(_COLOURS[state.message.tone])
        passed = self._since_text.elapsed()
        if passed < _TEXT_MILLISECONDS:
            return
        frames = 1000 * self._shown / passed
        self._since_text.restart()
        self._shown = 0
        self._show_rate(state, frames)
        self._show_figures(state)

    def _show_rate(self, state: StudioState, frames: float) -> None:
        # A window at rest draws next to nothing, which is no figure to worry anybody with.
        lively = state.training.active or frames >= _LIVELY
        self._frames.set_figure(self.tr("{} frames/s").format(f"{frames:.0f}" if lively else "–"))

    def _show_figures(self, state: StudioState) -> None:
        self._device.setText(_device_text(state) or self.tr("Loading torch ..."))
        pulse = state.training.pulse
        memory = f"{pulse.memory / GIGABYTE:.2f}" if pulse is not None and pulse.memory else "–"
        self._memory.set_figure(self.tr("{} GB").format(memory))
        speed = f"{pulse.images_per_second:,.0f}" if pulse is not None else "–"
        self._speed.set_figure(self.tr("{} images/s").format(speed))
        milliseconds = state.exploration.milliseconds
        figure = f"{milliseconds:.1f}" if milliseconds else "–"
        self._slider.set_figure(self.tr("slider {} ms").format(figure))
        dataset = state.data.dataset
        if dataset is None:
            self._data.setText(self.tr("no dataset yet"))
        else:
            sizes = f"{len(dataset.train):,} + {len(dataset.test):,}"
            self._data.setText(self.tr("{} {}").format(dataset.title, sizes))


def _device_text(state: StudioState) -> str:
    chosen = (
        state.training.started.device if state.training.active and state.training.started else state.device
    )
    for device in state.devices:
        if chosen in (device.name, "auto"):
            return device.title
    return ""

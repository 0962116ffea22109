"""Animation of sliders over their range: once, in a loop, or back and forth."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.widgets.slider_row import SliderKey

Mode = Literal["once", "loop", "back_and_forth"]
MODES: tuple[Mode, ...] = ("once", "loop", "back_and_forth")
RATES = (5, 10, 15, 24, 30, 60)  # frames per second
SWEEP_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds from one end of the range to the other


def sweep(start: float, sweeps: float, mode: Mode) -> tuple[float, bool]:
    """Position after some sweeps, as a fraction (0 to 1) of the range, and whether the animation is over.

    start:  the fraction at which it began
    sweeps: time since then, in times from one end of the range to the other

    A loop starts again at the low end. Once goes up, down, and back to the start.
    """
    if mode == "loop":
        return (start + sweeps) % 1.0, False
    if mode == "once" and sweeps >= 2:
        return start, True
    fraction = (start + sweeps) % 2.0
    return (fraction if fraction <= 1 else 2.0 - fraction), False


@dataclass(frozen=True)
class AnimatedSlider:
    """The animation of a slider: its range, and where (a fraction of it) and when (in seconds) it began."""

    low: float
    high: float
    start: float
    began: float
    mode: Mode
    seconds: float

    def at(self, now: float) -> tuple[float, bool]:
        """The slider's value, and whether the animation is over."""
        position, over = sweep(self.start, (now - self.began) / self.seconds, self.mode)
        return self.low + position * (self.high - self.low), over


class SliderAnimator(QObject):
    """Positions follow from the clock, not from a frame count, so a late frame causes no delay.

    moved(values): {key: value} of all animated sliders, once per frame
    changed(): the set of animated sliders changed
    """

    moved = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._animated: dict[SliderKey, AnimatedSlider] = {}
        self.mode: Mode = "back_and_forth"
        self.seconds = 4.0
        self._rate = 30
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    @property
    def playing(self) -> frozenset[SliderKey]:
        """The animated sliders."""
        return frozenset(self._animated)

    @property
    def rate(self) -> int:
        """Frames per second."""
        return self._rate

    @rate.setter
    def rate(self, rate: int) -> None:
        self._rate = rate
        self._timer.setInterval(round(1000 / rate))

    def play(self, key: SliderKey, value: float, low: float, high: float) -> None:
        """Start the animation of a slider at its value."""
        start = min(1.0, max(0.0, (value - low) / (high - low)))
        self._animated[key] = AnimatedSlider(low, high, start, self._clock(), self.mode, self.seconds)
        if not self._timer.isActive():
            self._timer.start(round(1000 / self._rate))
        self.changed.emit()

    def stop(self, key: SliderKey) -> None:
        """Stop a slider at its value."""
        if self._animated.pop(key, None) is not None:
            self._after_stop()

    def stop_all(self) -> None:
        """Stop all sliders."""
        if self._animated:
            self._animated.clear()
            self._after_stop()

    def _after_stop(self) -> None:
        if not self._animated:
            self._timer.stop()
        self.changed.emit()

    @Slot()
    def tick(self) -> None:
        """One frame."""
        now = self._clock()
        values = {key: slider.at(now) for key, slider in self._animated.items()}
        if values:
            self.moved.emit({key: value for key, (value, _) in values.items()})
        for key, (_, over) in values.items():
            if over:
                self.stop(key)

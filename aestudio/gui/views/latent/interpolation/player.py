"""Plays an interpolation: moves the scrubber frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSlider

    from aestudio.gui.widgets.icon_button import IconButton

End = Literal["back", "closed", "once"]
ENDS: tuple[End, ...] = ("back", "closed", "once")
FRAME_MILLISECONDS = 40


class Player(QObject):
    """Moves a scrubber with one position per frame; its button starts and stops it.

    end: after the last frame it goes back and forth, begins again (the path is closed), or stops
    """

    def __init__(self, button: IconButton, scrubber: QSlider, parent: QObject) -> None:
        super().__init__(parent)
        self.end: End = "back"
        self._button, self._scrubber = button, scrubber
        self._direction = 1
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MILLISECONDS)
        self._clock.timeout.connect(self._advance)
        button.clicked.connect(self._toggle)

    def stop(self) -> None:
        """Stop at the current frame."""
        self._clock.stop()
        self._button.set_icon("play", self.tr("Play"))

    def _toggle(self) -> None:
        scrubber = self._scrubber
        if self._clock.isActive():
            self.stop()
        elif scrubber.maximum() > 0:  # else the interpolation has no frames yet
            if self.end == "once" and scrubber.value() == scrubber.maximum():
                scrubber.setValue(0)
            self._clock.start()
            self._button.set_icon("pause", self.tr("Stop playing"))

    def _advance(self) -> None:
        frame, last = self._scrubber.value(), self._scrubber.maximum()
        if last == 0 or not self._scrubber.isVisible():
            self.stop()
            return
        if self.end == "back":
            if not 0 <= frame + self._direction <= last:
                self._direction = -self._direction
            frame += self._direction
        elif self.end == "closed":
            frame = (frame + 1) % last  # the last frame is the first one again
        elif frame < last:
            frame += 1
        else:
            self.stop()
        self._scrubber.setValue(frame)

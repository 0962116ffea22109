"""A morph between two test digits: a film strip with a scrubber, its path drawn on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from aestudio.gui.latent.panel import Panel
from aestudio.gui.questions.morphing import Morph
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.digit_grid import DigitGrid
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.number_box import pad_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.questions.morphing import Film
    from aestudio.gui.session.session import Session
    from aestudio.gui.session.state import StudioState

FRAMES = 61
STRIP = 11
FRAME_MILLISECONDS = 40
_PATHS = ("straight", "spherical")


class MorphPanel(Panel):
    """Scrubbing or playing the film moves the point."""

    name: ClassVar[str] = "morph"
    order: ClassVar[int] = 20

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._film: Film | None = None
        self._on_paper = False
        self._selected = 0
        self.first, self.last = (
            self._digit_box(self.tr("First digit")),
            self._digit_box(self.tr("Last digit")),
        )
        self.last.setValue(1)
        self.path_kind = QComboBox()
        self.path_kind.addItems([self.tr("Straight"), self.tr("Spherical")])
        self.path_kind.setToolTip(self.tr("Straight line, or along the sphere around the origin"))
        self.path_kind.setAccessibleName(self.tr("Path"))
        self.strip = DigitGrid()
        self.strip.setToolTip(self.tr("Click a frame to go there"))
        self.strip.clicked.connect(lambda index: self.scrubber.setValue(index * (FRAMES - 1) // (STRIP - 1)))
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        self.scrubber.setRange(0, FRAMES - 1)
        self.scrubber.setToolTip(self.tr("Position on the way from the first to the last digit"))
        self.scrubber.setAccessibleName(self.tr("Position on the way"))
        self.scrubber.valueChanged.connect(self._scrubbed)
        self.play = IconButton("play", self.tr("Play back and forth"))
        self.play.clicked.connect(self._toggle)
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MILLISECONDS)
        self._clock.timeout.connect(self._advance)
        self._direction = 1
        for box in (self.first, self.last):
            box.valueChanged.connect(self.ask_again)
        self.path_kind.activated.connect(self.ask_again)
        self._lay_out()

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("MorphPanel", "Morph")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate("MorphPanel", "A film from one digit to another")

    def _digit_box(self, name: str) -> QSpinBox:
        box = QSpinBox()
        pad_text(box)
        box.setAccessibleName(name)
        box.setToolTip(self.tr("Index of a digit in the test set"))
        box.setKeyboardTracking(False)
        box.setMaximum(0)
        return box

    def _lay_out(self) -> None:
        theme = current_theme()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        for place, (text, box) in enumerate(((self.tr("From"), self.first), (self.tr("to"), self.last))):
            label = QLabel(text)
            set_role(label, "muted")
            take = IconButton("check", self.tr("Take the selected digit"))
            take.clicked.connect(lambda *_, box=box: box.setValue(self._selected))
            grid.addWidget(label, 0, 3 * place)
            grid.addWidget(box, 0, 3 * place + 1)
            grid.addWidget(take, 0, 3 * place + 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(4, 1)
        row = QHBoxLayout()
        row.addWidget(self.play)
        row.addWidget(self.scrubber, 1)
        row.addWidget(self.path_kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(grid)
        column.addWidget(self.strip, 1)
        column.addLayout(row)

    def questions(self, state: StudioState) -> list[Morph]:
        """The film between the two digits."""
        if not state.digits or state.snapshot is None:
            return []
        path = _PATHS[self.path_kind.currentIndex()]
        # The boxes still allow what an older set had.
        first, last = (min(box.value(), len(state.digits) - 1) for box in (self.first, self.last))
        return [Morph(state.snapshot, state.digits, first, last, FRAMES, path)]

    def show_state(self, state: StudioState) -> None:
        """Show the newest film."""
        self._selected = state.selected
        if state.digits is not None:
            for box in (self.first, self.last):
                box.setMaximum(len(state.digits) - 1)
            if self._film is None and self.last.value() == 0:
                self.last.setValue(1)
        film = state.value("morph")
        if film is not None and (film is not self._film or state.ink_on_paper != self._on_paper):
            self._film, self._on_paper = film, state.ink_on_paper
            frames = film.pictures[:: (FRAMES - 1) // (STRIP - 1)]
            self.strip.set_digits(as_shown(frames, state.ink_on_paper))

    @property
    def film(self) -> Film | None:
        """The film that is shown."""
        return self._film

    def path(self) -> NDArray[np.float32] | None:
        return None if self._film is None else self._film.codes

    def leave(self) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop playing."""
        self._clock.stop()
        self.play.set_icon("play", self.tr("Play back and forth"))

    def _scrubbed(self, frame: int) -> None:
        self.strip.set_selected(round(frame * (STRIP - 1) / (FRAMES - 1)))
        if self._film is not None:
            self.session.explore.move_to(self._film.codes[frame])

    def _toggle(self) -> None:
        if self._clock.isActive():
            self.stop()
        elif self._film is not None:
            self._clock.start()
            self.play.set_icon("pause", self.tr("Stop playing"))

    def _advance(self) -> None:
        if self._film is None or not self.isVisible():
            self.stop()
            return
        frame = self.scrubber.value() + self._direction
        if not 0 <= frame < FRAMES:
            self._direction = -self._direction
            frame = self.scrubber.value() + self._direction
        self.scrubber.setValue(frame)

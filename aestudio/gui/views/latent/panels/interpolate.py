"""Interpolation through keyframes: an image strip with a scrubber, and its path on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
)

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.interpolation_request import ExportAnimation, Interpolate, played
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.latent.examples.bookmark_shelf import BookmarkShelf
from aestudio.gui.views.latent.interpolation.animation_export import AnimationButton
from aestudio.gui.views.latent.interpolation.keyframe_row import KeyframeRow
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.latent.visible_height import room_height
from aestudio.gui.widgets.digit_grid import DigitGrid
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.interpolation_request import Interpolated
    from aestudio.gui.state.studio_state import Result, StudioState

FRAME_MILLISECONDS = 40
SECONDS_PER_ANIMATION = 1.0
_PATHS = ("straight", "spherical", "geodesic")
_ENDS = ("back", "closed", "once")
_FRAME_ROOM, _FEWEST_FRAMES, _MOST_FRAMES = 40, 5, 21
_TALL, _TALL_AND_WIDE, _WIDE = 360, 280, 640


class InterpolatePanel(Panel):
    """Scrubbing or playing the interpolation moves the code."""

    name: ClassVar[str] = "interpolation"
    order: ClassVar[int] = 20

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._animation: Interpolated | None = None
        self._stopped: tuple[Interpolate, Interpolated] | None = None
        self._direction = 1
        self._frames = np.zeros(0, np.int64)
        self._pace = RequestPacing(SECONDS_PER_ANIMATION)
        self._slider_shown = Shown()
        self.keyframes = KeyframeRow(session)
        self.lazy_stack = BookmarkShelf(session)
        self.slider = DigitGrid()
        self.slider.setToolTip(self.tr("Click a frame to go there"))
        self.slider.setAccessibleName(self.tr("Interpolation"))
        self.slider.clicked.connect(self._frame_chosen)
        self.slider.selected_changed.connect(self._frame_chosen)
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        self.scrubber.setRange(0, 0)
        self.scrubber.setToolTip(self.tr("Position on the path from the first to the last keyframe"))
        self.scrubber.setAccessibleName(self.tr("Position on the path"))
        self.scrubber.valueChanged.connect(self._scrubbed)
        self.play = IconButton("play", self.tr("Play"))
        self.play.clicked.connect(self._toggle)
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MILLISECONDS)
        self._clock.timeout.connect(self._advance)
        self._make_choices()
        self._lay_out()

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("InterpolatePanel", "Interpolate")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "InterpolatePanel", "Interpolation through keyframes: images, drawings, bookmarks, means"
        )

    def _make_choices(self) -> None:
        self.path_kind, self.end_kind = QComboBox(), QComboBox()
        self.path_kind.addItems([self.tr("Straight"), self.tr("Spherical"), self.tr("Geodesic")])
        self.path_kind.setToolTip(
            self.tr(
                "Straight line, along the sphere around the origin, or the path on which the decoded\n"
                "image changes least (the decoder's geodesic)"
            )
        )
        self.end_kind.addItems([self.tr("To and fro"), self.tr("Closed loop"), self.tr("Once")])
        self.end_kind.setToolTip(self.tr("What comes after the last keyframe, in play and in the export"))
        for box, name in ((self.path_kind, self.tr("Path")), (self.end_kind, self.tr("Loop"))):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
            box.activated.connect(self.ask_again)
        self.even = QCheckBox(self.tr("Even"))
        self.even.setToolTip(self.tr("Even pace: the image changes equally from each frame to the next"))
        self.even.toggled.connect(self.ask_again)
        self.export = AnimationButton(self.session, self._to_write)
        self.halt = IconButton("stop", self.tr("Stop refining: keep the path as it is"))
        self.halt.clicked.connect(self._halt)
        policy = self.halt.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.halt.setSizePolicy(policy)
        self.status = PlainLabel()
        set_role(self.status, "caption")
        # A long sentence must not push the panel's other parts out of sight; its tooltip has all of it.
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _lay_out(self) -> None:
        theme = current_theme()
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._rows.setSpacing(theme.px(2))
        self._rows.addWidget(self.keyframes, 1)
        self._rows.addWidget(self.lazy_stack, 1)
        animation = QHBoxLayout()
        for part in (self.play, self.scrubber, self.halt):
            animation.addWidget(part, 1 if part is self.scrubber else 0)
        choices = QHBoxLayout()
        choices.setSpacing(theme.px(4))
        for part in (self.path_kind, self.end_kind, self.even, self.export):
            choices.addWidget(part, 1 if isinstance(part, QComboBox) else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addLayout(self._rows)
        column.addWidget(self.slider, 1)
        column.addLayout(animation)
        column.addLayout(choices)
        column.addWidget(self.status)

    # ---- requests -------------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[Request]:
        """The interpolation through the keyframes."""
        wanted = self._wanted(state)
        if wanted is None:
            return []
        if self._stopped is not None and self._stopped[0] == wanted:
            return [ExportAnimation(*self._stopped)]
        return [wanted]

    def _wanted(self, state: StudioState) -> Interpolate | None:
        keyframes = self.keyframes.keyframes(state)
        snapshot = self._pace.snapshot(state, Interpolate.channel) or state.snapshot
        if snapshot is None or len(keyframes) < 2:
            return None
        path = _PATHS[self.path_kind.currentIndex()]
        closed = _ENDS[self.end_kind.currentIndex()] == "closed"
        # While a training sends snapshots, the path must not jump to straight lines and back.
        at_once = state.training.phase != "running"
        return Interpolate(
            snapshot, state.image_sets, keyframes, path, closed, self.even.isChecked(), at_once
        )

    def _halt(self) -> None:
        wanted = self._wanted(self.session.state)
        if wanted is not None and self._animation is not None:
            self._stopped = wanted, self._animation
            self.ask_again()

    # ---- display --------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the newest interpolation."""
        self._fit()
        result = state.results.get(Interpolate.channel)
        animation = None if result is None else result.value
        if len(self.keyframes.keyframes(state)) < 2:
            animation = None
        if animation is not self._animation:
            self._take(animation)
        self.keyframes.show_state(state, animation)
        self.lazy_stack.show_state(state)
        if self._slider_shown.differs(animation, state.ink_on_paper, len(self._frames)):
            pictures = (
                np.zeros((0, 28, 28), np.uint8) if animation is None else animation.images[self._frames]
            )
            self.slider.set_digits(as_shown(pictures, state.ink_on_paper))
            self._mark()
        refining = result is not None and result.more and Interpolate.channel in state.pending
        self.halt.setVisible(refining)
        self.export.show_state(state)
        self.status.setText(self._words(state, result, refining))
        self.status.setToolTip(self.status.text())
        for part in (self.play, self.scrubber):
            part.setEnabled(animation is not None)

    def _take(self, animation: Interpolated | None) -> None:
        self._animation = animation
        count = 0 if animation is None else len(animation.codes)
        place = self.scrubber.value() / max(1, self.scrubber.maximum())
        self.scrubber.blockSignals(True)
        self.scrubber.setRange(0, max(0, count - 1))
        self.scrubber.setValue(round(place * max(0, count - 1)))
        self.scrubber.blockSignals(False)
        self._choose_frames()

    def _choose_frames(self) -> None:
        count = 0 if self._animation is None else len(self._animation.codes)
        room = max(_FEWEST_FRAMES, min(_MOST_FRAMES, self.slider.width() // current_theme().px(_FRAME_ROOM)))
        self._frames = np.linspace(0, max(0, count - 1), min(room, count)).round().astype(np.int64)

    def _words(self, state: StudioState, result: Result | None, refining: bool) -> str:
        if len(self.keyframes.keyframes(state)) < 2:
            return self.tr("Add a second keyframe to see the interpolation.")
        if result is not None and result.problem is not None:
            return str(result.problem)
        animation = self._animation
        if animation is None:
            return self.tr("The interpolation appears soon.")
        if refining and animation.saved is None:
            return self.tr("Searching the geodesic; the straight path is shown meanwhile.")
        if animation.saved is None:
            return self.tr("{} frames").format(len(animation.codes))
        saved = self.tr("Geodesic: {} % less energy than the straight path").format(
            f"{100 * animation.saved:.0f}"
        )
        if refining:
            return self.tr("{}, refining ...").format(saved)
        return saved if animation.converged else self.tr("{}, stopped before it converged").format(saved)

    @property
    def animation(self) -> Interpolated | None:
        """The shown interpolation."""
        return self._animation

    def path(self) -> NDArray[np.float32] | None:
        return None if self._animation is None else self._animation.codes

    # ---- playing --------------------------------------------------------------------------------------

    def leave(self) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop playing."""
        self._clock.stop()
        self.play.set_icon("play", self.tr("Play"))

    def _frame_chosen(self, index: int) -> None:
        if 0 <= index < len(self._frames):
            self.scrubber.setValue(int(self._frames[index]))

    def _scrubbed(self, frame: int) -> None:
        self._mark()
        if self._animation is not None:
            self.session.explore.move_to(self._animation.codes[frame])

    def _mark(self) -> None:
        if len(self._frames):
            self.slider.set_selected(int(np.abs(self._frames - self.scrubber.value()).argmin()))

    def _toggle(self) -> None:
        if self._clock.isActive():
            self.stop()
        elif self._animation is not None:
            if (
                _ENDS[self.end_kind.currentIndex()] == "once"
                and self.scrubber.value() == self.scrubber.maximum()
            ):
                self.scrubber.setValue(0)
            self._clock.start()
            self.play.set_icon("pause", self.tr("Stop playing"))

    def _advance(self) -> None:
        if self._animation is None or not self.isVisible():
            self.stop()
            return
        frame, last = self.scrubber.value(), self.scrubber.maximum()
        end = _ENDS[self.end_kind.currentIndex()]
        if end == "back":
            if not 0 <= frame + self._direction <= last:
                self._direction = -self._direction
            frame += self._direction
        elif end == "closed":
            frame = (frame + 1) % max(1, last)  # the last frame is the first one again
        elif frame < last:
            frame += 1
        else:
            self.stop()
        self.scrubber.setValue(frame)

    def _to_write(self, slider: bool) -> NDArray[np.uint8] | None:
        """The exported frames; an image strip has the shown frames only, without the way back."""
        if self._animation is None:
            return None
        back = _ENDS[self.end_kind.currentIndex()] == "back"
        frames = self._animation.images[self._frames] if slider else played(self._animation, back)
        return as_shown(frames, self.session.state.ink_on_paper)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._choose_frames()
        if self.isVisible():
            self.show_state(self.session.state)

    def _fit(self) -> None:
        """Put keyframes and bookmarks side by side, and larger, if they fit."""
        theme, height = current_theme(), room_height(self)
        wide = self.width() >= theme.px(_WIDE)
        self._rows.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        tall = height >= theme.px(_TALL_AND_WIDE if wide else _TALL)
        for row in (self.keyframes.row, self.lazy_stack.row):
            row.set_scale(2 if tall else 1)

"""Interpolation through keyframes: a row of its frames with a scrubber, and its path on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QSizePolicy, QSlider

from aestudio.gui.inference.example_conditions import needs_choice
from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.interpolation_request import ExportAnimation, Interpolate, played
from aestudio.gui.state.capabilities import no_interpolation
from aestudio.gui.state.condition_state import shown_condition, shown_kind
from aestudio.gui.state.model_shape import no_images
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.latent.examples.bookmark_row import BookmarkRow
from aestudio.gui.views.latent.interpolation.animation_export import AnimationButton
from aestudio.gui.views.latent.interpolation.keyframe_row import KeyframeRow
from aestudio.gui.views.latent.interpolation.player import ENDS, Player
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import shown_text
from aestudio.gui.views.shared.empty_reason import no_meaning
from aestudio.gui.views.shared.kept_choice import keep_choice, keep_switch
from aestudio.gui.views.shared.visible_height import visible_height
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_grid import GAP, ImageGrid
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QHideEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.interpolation_request import Interpolated
    from aestudio.gui.state.studio_state import Result, StudioState
    from aestudio.gui.state.workspace import Example
    from aestudio.gui.views.shared.empty_reason import Reason
    from aestudio.inference.conditions import ConditionRow

SECONDS_PER_ANIMATION = 1.0
_HIGH_ENOUGH = 3  # rows of frames, twice as large as their pixels
_FRAME_WIDTH, _MIN_FRAMES, _MAX_FRAMES = 40, 5, 21
# Logical pixels: a low panel has everything in three lines, and its height goes to the frames.
_HIGH, _HIGH_AND_WIDE, _WIDE, _LOW = 360, 280, 640, 240
_ONE_LINE, _WHOLE_CHOICE = 420, 108  # width from which the controls share a line, and of a choice then


class InterpolatePanel(Panel):
    """Keyframes, frames and playback; scrubbing or playing moves the code."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._animation: Interpolated | None = None
        self._stopped: tuple[Interpolate, Interpolated] | None = None
        self._frame_indices = np.zeros(0, np.int64)
        self._told: ConditionRow | None = None
        self._played: ConditionRow | None = None
        self._export_wanted = False
        self._pace = RequestPacing(SECONDS_PER_ANIMATION)
        self._frames_shown = Shown()
        self.keyframes = KeyframeRow(session)
        self.bookmarks = BookmarkRow(session)
        self.frames = ImageGrid()
        self.frames.setToolTip(self.tr("Click a frame to go there"))
        self.frames.setAccessibleName(self.tr("Interpolation"))
        self.mark = ChannelMark(self.frames, Interpolate.channel)
        self.frames.describe = self._describe_frame
        self.frames.installEventFilter(self)
        self.frames.clicked.connect(self._frame_chosen)
        self.frames.selected_changed.connect(self._frame_chosen)
        self.scrubber = QSlider(Qt.Orientation.Horizontal)
        self.scrubber.setRange(0, 0)
        self.scrubber.setToolTip(self.tr("Position on the path from the first to the last keyframe"))
        self.scrubber.setAccessibleName(self.tr("Position on the path"))
        self.scrubber.valueChanged.connect(self._scrubbed)
        self.play = IconButton("play", self.tr("Play"))
        self.player = Player(self.play, self.scrubber, self)
        self._make_choices()
        self._lay_out()

    def _make_choices(self) -> None:
        self.path_kind = ChoiceBox(
            self.tr("Path"),
            self.tr(
                "Straight line, along the sphere around the origin, or the path on which the decoded\n"
                "image changes least (the decoder's geodesic)"
            ),
            (
                ("straight", self.tr("Straight")),
                ("spherical", self.tr("Spherical")),
                ("geodesic", self.tr("Geodesic")),
            ),
            characters=6,
        )
        self.end_kind = ChoiceBox(
            self.tr("Loop"),
            self.tr("What comes after the last keyframe, in play and in the export"),
            zip(ENDS, (self.tr("To and fro"), self.tr("Closed loop"), self.tr("Once")), strict=True),
            characters=6,
        )
        for box in (self.path_kind, self.end_kind):
            box.chosen.connect(self.refresh)
        self.end_kind.currentIndexChanged.connect(self._set_end)
        self.even = QCheckBox(self.tr("Even"))
        self.even.setToolTip(self.tr("Even pace: the image changes equally from each frame to the next"))
        self.even.toggled.connect(self.refresh)
        keep_choice(self.path_kind, "interpolate.path")
        keep_choice(self.end_kind, "interpolate.loop")
        keep_switch(self.even, "interpolate.even")
        self.export = AnimationButton(self.session, self._frames_to_export, self._told_text)
        self.stop_refining = IconButton("stop", self.tr("Stop refining: keep the path as it is"))
        self.stop_refining.clicked.connect(self._stop_refining)
        policy = self.stop_refining.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.stop_refining.setSizePolicy(policy)
        self.status = PlainLabel()
        set_role(self.status, "caption")
        # A long sentence must not push the panel's other parts out of sight; its tooltip has all of it.
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _lay_out(self) -> None:
        self._rows = column(fill(self.keyframes), fill(self.bookmarks), gap=2)
        playing = row(self.play, fill(self.scrubber), self.stop_refining, gap=None)
        choices = row(fill(self.path_kind), fill(self.end_kind), self.even, self.export, gap=4)
        self._controls = column(playing, choices, gap=2)
        column(
            self._rows,
            fill(self.frames),
            self._controls,
            self.status,
            gap=2,
            on=self,
        )

    def reason(self, state: StudioState) -> Reason | None:
        return no_meaning(no_interpolation(state.snapshot))

    # ---- requests -------------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[Request]:
        """The request for the interpolation through the keyframes."""
        request = self._interpolation(state)
        if request is None:
            return []
        if self._stopped is not None and self._stopped[0] == request:
            return [ExportAnimation(*self._stopped)]
        return [request]

    def _interpolation(self, state: StudioState) -> Interpolate | None:
        keyframes = self.keyframes.used(state)
        snapshot = self._pace.snapshot(state, Interpolate.channel) or state.snapshot
        if snapshot is None or len(keyframes) < 2:
            return None
        path = self.path_kind.value
        closed = self.player.end == "closed"
        # During a training, the path must not jump to straight lines and back at each snapshot.
        at_once = state.shown_run.phase != "running"
        return Interpolate(
            snapshot,
            state.image_sets,
            keyframes,
            path,
            closed,
            self.even.isChecked(),
            at_once,
            self._chosen_condition(state, keyframes),
        )

    def _chosen_condition(self, state: StudioState, keyframes: tuple[Example, ...]) -> ConditionRow | None:
        """What a conditional model is told of keyframes that do not say it; None if all do.

        It stays as it was while the animation itself moves the code from class to class.
        """
        if not needs_choice(keyframes):
            return None
        told = shown_condition(state)
        if told is None or self._told is None or len(told) != len(self._told) or told != self._played:
            self._told, self._played = told, None
        return self._told

    def _stop_refining(self) -> None:
        request = self._interpolation(self.session.state)
        if request is not None and self._animation is not None:
            self._stopped = request, self._animation
            self.refresh()

    # ---- display --------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the newest interpolation."""
        self._arrange()
        result = state.results.get(Interpolate.channel)
        animation = None if result is None else result.value
        if len(self.keyframes.used(state)) < 2:
            animation = None
        if animation is not self._animation:
            self._set_animation(animation)
        self.mark.show_state(state, visible=animation is not None)
        self.keyframes.show_state(state, animation)
        self.bookmarks.show_state(state)
        # An audience need not read how to make the first one.
        self.bookmarks.setVisible(bool(state.workspace.bookmarks) or not state.presentation)
        if self._frames_shown.differs(animation, state.ink_on_paper, len(self._frame_indices)):
            images = no_images(state) if animation is None else animation.images[self._frame_indices]
            self.frames.set_images(as_shown(images, state.ink_on_paper))
            self._select_frame()
        refining = result is not None and result.more and Interpolate.channel in state.pending
        self.stop_refining.setVisible(refining)
        self.export.show_state(state)
        if self._export_wanted and self.export.isEnabled():
            QTimer.singleShot(0, self, self._open_wanted_export)  # not while the state is being shown
        text = self._status_text(state, result, refining)
        # What is missing stands where it will be seen; the line below keeps its height.
        self.frames.set_hint(text if animation is None else "")
        self.status.setText(text if animation is not None else "\N{NO-BREAK SPACE}")
        self.status.setToolTip(self.status.text().strip())
        for part in (self.play, self.scrubber):
            part.setEnabled(animation is not None)

    def ask_export(self) -> None:
        """Open the dialog of the export as soon as the interpolation is there; else say what is missing."""
        if self.export.isEnabled():
            self.export.click()
            return
        self._export_wanted = len(self.keyframes.used(self.session.state)) >= 2
        self.session.show_message(
            self.tr("The interpolation is being computed. The export opens then.")
            if self._export_wanted
            else self.tr("There is no interpolation yet: choose at least two keyframes here."),
            "plain" if self._export_wanted else "warn",
        )

    def _open_wanted_export(self) -> None:
        if self._export_wanted and self.isVisible() and self.export.isEnabled():
            self._export_wanted = False
            self.export.click()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._export_wanted = False  # a dialog that opens later would have nothing to do with what is shown

    def _set_animation(self, animation: Interpolated | None) -> None:
        self._animation = animation
        count = 0 if animation is None else len(animation.codes)
        position = self.scrubber.value() / max(1, self.scrubber.maximum())
        self.scrubber.blockSignals(True)
        self.scrubber.setRange(0, max(0, count - 1))
        self.scrubber.setValue(round(position * max(0, count - 1)))
        self.scrubber.blockSignals(False)
        self._choose_frames()

    def _choose_frames(self) -> None:
        count = 0 if self._animation is None else len(self._animation.codes)
        count_shown = max(_MIN_FRAMES, min(_MAX_FRAMES, self.frames.width() // self._frame_width()))
        self._frame_indices = (
            np.linspace(0, max(0, count - 1), min(count_shown, count)).round().astype(np.int64)
        )

    def _frame_width(self) -> int:
        """The width for each frame; in a low place, of the largest that fit in one row."""
        (height, width), place = self.frames.image_size, self.frames.height()
        usual = current_theme().px(_FRAME_WIDTH)
        if place >= _HIGH_ENOUGH * (2 * height + GAP):
            return usual
        return max(usual, width * max(1, (place - 2 * GAP) // height) + GAP)

    def _status_text(self, state: StudioState, result: Result | None, refining: bool) -> str:
        if len(self.keyframes.used(state)) < 2:
            return self.tr("Add a second keyframe to see the interpolation.")
        if result is not None and result.problem is not None:
            return str(result.problem)
        animation = self._animation
        if animation is None:
            return self.tr("The interpolation appears soon.")
        if refining and animation.saved is None:
            return self.tr("Searching the geodesic; the straight path is shown meanwhile.")
        return self._with_condition(state, animation, self._path_text(animation, refining))

    def _path_text(self, animation: Interpolated, refining: bool) -> str:
        if animation.saved is None:
            return self.tr("{} frames").format(len(animation.codes))
        saved = self.tr("Geodesic: {} % less energy than the straight path").format(
            f"{100 * animation.saved:.0f}"
        )
        if refining:
            return self.tr("{}, refining ...").format(saved)
        return saved if animation.converged else self.tr("{}, stopped before it converged").format(saved)

    def _with_condition(self, state: StudioState, animation: Interpolated, text: str) -> str:
        """The text, and what a conditional model decoded the frames as."""
        told = self._decoded_as(state, animation)
        return self.tr("{}; {}").format(text, told) if told else text

    def _decoded_as(self, state: StudioState, animation: Interpolated) -> str:
        told = set(animation.conditions)
        if not told:
            return ""
        if len(told) == 1:
            return self.tr("decoded {}").format(shown_text(state, animation.conditions[0]))
        if shown_kind(state) == "labels":
            return self.tr("each is decoded as the class of the keyframe before it")
        return self.tr("each is decoded with the factors of the keyframe before it")

    def _told_text(self) -> str:
        """What the frames were decoded as, a sentence for the export; "" if the model is told nothing."""
        if self._animation is None or not self._animation.conditions:
            return ""
        return self.tr("The frames: {}.").format(self._decoded_as(self.session.state, self._animation))

    @property
    def animation(self) -> Interpolated | None:
        """The shown interpolation."""
        return self._animation

    def path(self) -> NDArray[np.float32] | None:
        """The codes of the shown interpolation, float32 (frames, L), or None."""
        return None if self._animation is None else self._animation.codes

    # ---- playing --------------------------------------------------------------------------------------

    def leave(self) -> None:
        self.player.stop()

    def _set_end(self) -> None:
        self.player.end = self.end_kind.value

    def _frame_chosen(self, index: int) -> None:
        if 0 <= index < len(self._frame_indices):
            self.scrubber.setValue(int(self._frame_indices[index]))

    def _scrubbed(self, frame: int) -> None:
        self._select_frame()
        if self._animation is not None:
            conditions = self._animation.conditions
            self._played = conditions[frame] if conditions else None
            self.session.explore.move_to(self._animation.codes[frame], self._played)

    def _describe_frame(self, index: int) -> Offer:
        """What the context menu offers of a frame."""
        count = 0 if self._animation is None else len(self._animation.codes)
        number = int(self._frame_indices[index]) + 1 if index < len(self._frame_indices) else 0
        name = self.tr("Frame {} of {}").format(number, count)
        return Offer(
            what=name, terms=("interpolation",), step=self.session.state.step_of(Interpolate.channel)
        )

    def _select_frame(self) -> None:
        if len(self._frame_indices):
            self.frames.set_selected(int(np.abs(self._frame_indices - self.scrubber.value()).argmin()))

    def _frames_to_export(self, strip: bool) -> NDArray[np.uint8] | None:
        """The frames to export, uint8 (N, C, H, W): the shown ones for a strip, else all that are played."""
        if self._animation is None:
            return None
        back = self.player.end == "back"
        frames = self._animation.images[self._frame_indices] if strip else played(self._animation, back)
        return as_shown(frames, self.session.state.ink_on_paper)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The number of frames follows the place that they have got; let all events pass."""
        if event.type() == QEvent.Type.Resize and watched is self.frames:
            self._choose_frames()
            if self.isVisible():
                self.show_state(self.session.state)
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        """Lay out keyframes and bookmarks side by side, and larger, if they fit."""
        theme, height = current_theme(), visible_height(self)
        wide, low = self.width() >= theme.px(_WIDE), height < theme.px(_LOW)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._rows.setDirection(across if wide or low else down)
        in_one_line = low and self.width() >= theme.px(_ONE_LINE)
        self._controls.setDirection(across if in_one_line else down)
        self._controls.setStretch(0, 1 if in_one_line else 0)
        for box in (self.path_kind, self.end_kind):
            box.setMinimumWidth(theme.px(_WHOLE_CHOICE) if in_one_line else 0)
        high = height >= theme.px(_HIGH_AND_WIDE if wide else _HIGH)
        for part in (self.keyframes, self.bookmarks):
            part.row.set_scale(2 if high else 1)

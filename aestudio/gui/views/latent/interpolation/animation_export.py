"""Export of an animation: the dialog for format, size, rate and path, and the task that writes the file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QWidget

from aestudio.datasets.image_shape import size_text
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.shared.kept_choice import keep_choice, keep_option, kept_option
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.number_box import WholeBox
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.save_dialog import open_save_dialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

TASK = "animation"
_SCALES, _DEFAULT_SCALE = (4, 8, 16, 32), 8
_MAX_RATE, _DEFAULT_RATE = 50, 25


@dataclass(frozen=True)
class AnimationExport:
    """What to write. kind: "gif", "webp", "mp4" or "png"; rate: frames per second.

    scale: pixels of the file for each pixel of an image
    """

    path: Path
    kind: str
    scale: int
    rate: float


class AnimationDialog(QDialog):
    """export_requested(AnimationExport), after the user chose a path.

    shape: of a frame: channels, height and width; note: what the frames were decoded as, or ""
    """

    export_requested = Signal(object)

    def __init__(
        self,
        frames: int,
        strip_frames: int,
        shape: tuple[int, int, int],
        parent: QWidget | None = None,
        note: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export the animation"))
        self._frames, self._strip_frames, self._note = frames, strip_frames, note
        self.kind = ChoiceBox(
            self.tr("Format"),
            self.tr("GIF and WebP loop forever and keep every grey level")
            if shape[0] == 1
            else self.tr(
                "GIF and WebP loop forever; WebP keeps every colour, a GIF has at most 256 in a frame"
            ),
            (
                ("gif", self.tr("GIF")),
                ("webp", self.tr("Animated WebP")),
                ("mp4", self.tr("MP4 (H.264)")),
                ("png", self.tr("Strip of frames (PNG)")),
            ),
        )
        self.size_box = ChoiceBox(
            self.tr("Size"),
            self.tr("Size of a frame in pixels; those of the images are repeated, never smoothed"),
            ((scale, size_text(*(side * scale for side in shape[1:]))) for scale in _SCALES),
        )
        self.size_box.show_value(_DEFAULT_SCALE)
        keep_choice(self.kind, "animation.format")
        keep_choice(self.size_box, "animation.size")
        self.rate = WholeBox()
        self.rate.setRange(1, _MAX_RATE)
        self.rate.setValue(kept_option("animation.rate", range(1, _MAX_RATE + 1)) or _DEFAULT_RATE)
        self.rate.valueChanged.connect(partial(keep_option, "animation.rate"))
        self.summary = PlainLabel()
        self.summary.setWordWrap(True)
        self.summary.setMinimumWidth(current_theme().px(300))
        set_role(self.summary, "caption")
        self.write = TextButton("export", self.tr("Write to ..."), role="primary")
        self.write.setDefault(True)
        self.write.clicked.connect(self._choose_path)
        self.rate.setToolTip(self.tr("Frames per second, 1 to {}").format(_MAX_RATE))
        form = QFormLayout(self)
        self.rate.setAccessibleName(self.tr("Frames/s"))
        for box in (self.kind, self.size_box, self.rate):
            form.addRow(box.accessibleName(), box)
        form.addRow(self.summary)
        form.addRow(self.write)
        self.kind.currentIndexChanged.connect(self._show_summary)
        self.rate.valueChanged.connect(self._show_summary)
        self._show_summary()

    def _show_summary(self) -> None:
        strip = self.kind.value == "png"
        self.rate.setEnabled(not strip)
        seconds = f"{self._frames / self.rate.value():.1f}"
        summary = (
            self.tr("{} frames side by side").format(self._strip_frames)
            if strip
            else self.tr("{} frames, {} s").format(self._frames, seconds)
        )
        self.summary.setText(f"{summary}\n{self._note}" if self._note else summary)

    def _choose_path(self) -> None:
        if not self.rate.accept_text():
            return
        kind = self.kind.currentText()
        name = f"interpolation.{self.kind.value}"
        open_save_dialog(self, self.tr("Write the animation to"), kind, name, self.accept_path)

    def accept_path(self, path: Path) -> None:
        """Request the export to this path, and close the dialog."""
        scale, rate = self.size_box.value, float(self.rate.value())
        self.export_requested.emit(AnimationExport(path, self.kind.value, scale, rate))
        self.accept()


def export_animation(session: Session, frames: NDArray[np.uint8], choice: AnimationExport) -> None:
    """Write frames, uint8 (N, C, H, W), on a thread; the status line reports the result."""

    def work(progress: Progress) -> int:
        from aestudio.export.pictures.animation import write_animation

        write_animation(frames, choice.path, choice.kind, choice.scale, choice.rate, progress)  # type: ignore[arg-type]
        return len(frames)

    def report(message: TaskDone) -> None:
        if message.problem is not None:
            session.show_message(str(message.problem), "bad")
        elif message.cancelled:
            session.show_message(
                translate("animation export", "The export was cancelled; no file was written.")
            )
        else:
            text = translate("animation export", "Wrote {} frames to {}.")
            session.show_message(text.format(message.value, choice.path), "good")

    session.run_task(TASK, "the animation was being written", work, report)


class AnimationButton(IconButton):
    """Opens the export dialog, and cancels a running export.

    frames(strip): uint8 (N, C, H, W) for a strip of frames (True) or an animation (False), or None
    note(): what a conditional model decoded the frames as, a sentence, or ""
    """

    def __init__(
        self,
        session: Session,
        frames: Callable[[bool], NDArray[np.uint8] | None],
        note: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("export", "", parent)
        self._session, self._frames, self._note = session, frames, note
        self._dialog: AnimationDialog | None = None
        self.clicked.connect(self._pressed)

    @property
    def dialog(self) -> AnimationDialog | None:
        """The last opened dialog."""
        return self._dialog

    def show_state(self, state: StudioState) -> None:
        """Offer the export, or show its progress and offer to cancel it."""
        progress = state.tasks.get(TASK)
        if progress is None:
            self.set_icon("export", self.tr("Export as GIF, WebP, MP4 or PNG strip"))
        else:
            done, total, _ = progress
            share = f"{100 * done / total:.0f}" if total else "0"
            self.set_icon("close", self.tr("Cancel the export ({} % written)").format(share))
        self.setEnabled(progress is not None or self._frames(True) is not None)

    def _pressed(self) -> None:
        animation, strip = self._frames(False), self._frames(True)
        if TASK in self._session.state.tasks:
            self._session.tasks.cancel(TASK)
        elif animation is not None and strip is not None:
            shape = animation.shape[1:]
            counts, note = (len(animation), len(strip)), self._note()
            dialog = self._dialog = AnimationDialog(*counts, shape, self.window(), note)
            dialog.export_requested.connect(self._write)
            dialog.open()

    def _write(self, choice: AnimationExport) -> None:
        frames = self._frames(choice.kind == "png")
        if frames is not None:
            export_animation(self._session, frames, choice)

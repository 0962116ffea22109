"""Accuracies of a small classifier on pixels, codes and reconstructions, measured on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.plots.bars import Accuracy, AccuracyBars
from aestudio.gui.state.capabilities import no_encoder
from aestudio.gui.state.shown_step import newest_step
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.shared.condition_text import joined
from aestudio.gui.views.shared.empty_reason import misfit
from aestudio.gui.views.shared.kept_choice import keep_choice
from aestudio.gui.views.shared.task_progress import TaskProgressBar
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.glossary import set_term
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from aestudio.analysis.probe import ProbeReport
    from aestudio.gui.state.studio_state import StudioState, TaskProgressed

_SIZES: tuple[int | None, ...] = (5_000, 20_000, None)
_ROWS = ("pixels", "codes", "reconstructions")


class ProbePanel(QWidget):
    """`wanted(count)`: measure with this many training images, None for all; `cancelled()`: stop."""

    wanted = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.bars = AccuracyBars()
        self.bars.setAccessibleName(self.tr("Probe accuracies"))
        self.bars.setToolTip(
            self.tr("Share of test images classified correctly; the mark is the 95 % interval (Wilson)")
        )
        self.bars.reserve(len(_ROWS))
        self.mark = StepMark(self.bars)
        texts = [
            self.tr("all images") if size is None else self.tr("{} images").format(f"{size:,}")
            for size in _SIZES
        ]
        self.images = ChoiceBox(
            self.tr("Training images of the probe"),
            self.tr("Images that the probe trains on; more take longer and give a higher accuracy"),
            zip(_SIZES, texts, strict=True),
        )
        keep_choice(self.images, "features.probe")
        self.button = TextButton("play", "")
        self.button.clicked.connect(self._toggle)
        self.progress = TaskProgressBar(self.tr("Progress of the probe"))
        self._note = label("", "caption")
        self._lay_out()
        self._show_running(None)

    def _lay_out(self) -> None:
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Always two lines high: a longer sentence, as during a training, must not move the filters.
        keep_length(self._note, lambda note, _: note.setMinimumHeight(2 * note.fontMetrics().lineSpacing()))
        title = label(self.tr("Probe accuracy"), "label")
        set_term(title, "probe")
        head = row(fill(title), self.images, self.button)
        column(head, self.progress, self.bars, self._note, gap=4, on=self)

    def show_state(self, state: StudioState) -> None:
        """Show the newest result and what it was measured with, or the progress of a running measurement."""
        self._show_running(state.tasks.get("probe"))
        dataset, probe = state.dataset, state.probe
        without = no_encoder(state.snapshot)
        labelled = dataset is not None and dataset.train.labels is not None
        self.button.setEnabled(self._running or (labelled and state.snapshot is not None and not without))
        self.bars.set_empty_text(self._empty_text())
        self.images.setEnabled(not self._running)
        self.bars.set_accuracies(() if probe.report is None else self._rows(probe.report))
        measured = None if probe.report is None or probe.snapshot is None else probe.snapshot.step
        self.mark.show_step(measured, newest_step(state), state.step_advances)
        if "probe" in state.tasks:
            self._note.setText(state.tasks["probe"][2] or self.tr("Getting ready ..."))
        elif probe.problem is not None:
            self._note.setText(str(probe.problem))
        elif probe.report is not None:
            self._note.setText(self._describe(state, probe.report))
        elif without:
            self._note.setText(self.tr("{} A probe reads their codes.").format(without))
        elif misfit(state):
            self._note.setText(misfit(state))
        elif not labelled:
            self._note.setText(self.tr("A probe needs a data set with labels."))
        else:
            self._note.setText(
                self.tr(
                    "How well a small classifier tells the classes apart: trained on pixels, on codes, "
                    "and on reconstructions, each tested on the test set."
                )
            )

    def _empty_text(self) -> str:
        """What to do without a result; "" if nothing can be measured: the note says why."""
        if self._running:
            return self.tr("The accuracies are being measured ...")
        return self.tr("Not measured yet. Measure takes some seconds.") if self.button.isEnabled() else ""

    def _rows(self, report: ProbeReport) -> tuple[Accuracy, ...]:
        names = {
            "pixels": self.tr("Pixels"),
            "codes": self.tr("Codes"),
            "reconstructions": self.tr("Reconstructions"),
        }
        return tuple(
            Accuracy(names[source], score.accuracy, *score.interval, strong=source == "codes")
            for source, score in report.scores.items()
        )

    def _describe(self, state: StudioState, report: ProbeReport) -> str:
        probe = state.probe
        tested = next(iter(report.scores.values())).images
        text = self.tr("Trained on {} images of {} for {} epochs, tested on {}.").format(
            f"{report.training_images:,}",
            probe.dataset.title if probe.dataset else "",
            report.epochs,
            f"{tested:,}",
        )
        if probe.snapshot is not state.snapshot and probe.snapshot is not None:
            measured = self.tr("The model has changed since then: this was step {}.")
            text += " " + measured.format(f"{probe.snapshot.step:,}")
        return joined(text, self._told_text(report))

    def _told_text(self, report: ProbeReport) -> str:
        """What a conditional model was told, and did not read in the image; "" for another model."""
        if "reconstructions" in report.scores:
            return {
                "none": "",
                "labels": self.tr(
                    "The model was told the class of each image: the reconstructions contain it, "
                    "and the codes may."
                ),
                "factors": self.tr(
                    "The model was told the factors of each image: the reconstructions contain them, "
                    "and the codes may."
                ),
            }[report.told]
        return {
            "none": "",
            "labels": self.tr("The model was told the class of each image: the codes may contain it."),
            "factors": self.tr("The model was told the factors of each image: the codes may contain them."),
        }[report.told]

    def _show_running(self, progress: TaskProgressed | None) -> None:
        self._running = progress is not None
        self.progress.show_progress(progress)
        self.button.setText(self.tr("Cancel") if self._running else self.tr("Measure"))
        self.button.set_icon("close" if self._running else "play")
        self.button.setToolTip(
            self.tr("Stop measuring; the previous result stays")
            if self._running
            else self.tr("Train a classifier on pixels, on codes and on reconstructions, and test each")
        )

    def _toggle(self) -> None:
        if self._running:
            self.cancelled.emit()
        else:
            self.wanted.emit(self.images.value)

"""What a file or folder of images holds and how it is read, before it becomes the data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QProgressBar

from aestudio.datasets.picture_looks import ManyBroken
from aestudio.datasets.summary import BINS
from aestudio.gui.controllers.opened_data_controller import TASK
from aestudio.gui.state.data_in_use import training_keeps_data
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.count_bars import CountBars
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.plain_text import breakable, one_line
from aestudio.gui.widgets.scroll_column import ScrollColumn
from aestudio.gui.window.files.reading_boxes import ReadingBoxes

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.summary import DataSummary
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState

_SIZE, _BESIDE = (1000, 680), 330  # logical pixels: the dialog, and its right column
_MARGIN, _SMALLER = 24, 12  # logical pixels around its parts; that it is smaller than the window, each side
_MOST_LEFT_OUT, _LONGEST = 30, 60
_GAP = 6  # logical pixels between the pictures: eight in a row are twice as large in the smallest window
_BIN = 256 // BINS


class DataPreview(QDialog):
    """Forty pictures on the left; decisions, classes, greys and notes on the right; "Use it" below.

    Blocks neither the training nor the program. `used(view)`: the images have become the data set, and are
    to be seen in this view.
    """

    used = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open images"))
        self._session, self._shown = session, Shown()
        self.name, self.count = label("", "heading"), label("", "muted")
        self.grid = ImageGrid()
        self.grid.setAccessibleName(self.tr("Pictures of the data set"))
        self.grid.set_gap(_GAP)
        self.switches = ReadingBoxes()
        self.switches.decided.connect(lambda field, value: session.opened_data.decide(**{field: value}))
        self.classes = CountBars(self.tr("Training images of each class"))
        self.greys = CountBars(self.tr("Pixels of each value"))
        self.greys_text, self.notes, self.left_out = (label("", "caption") for _ in range(3))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress_text = label("", "caption")
        self.problem = label("", "bad")
        self.leave_out = TextButton("close", self.tr("Leave them out"), role="")
        self.leave_out.setToolTip(self.tr("Reads the other pictures; those that are broken are named"))
        self.leave_out.clicked.connect(lambda: session.opened_data.decide(broken="any"))
        self.look = TextButton("image", self.tr("Look at it"), role="")
        self.look.setToolTip(self.tr("Loads the images and shows what the present model makes of them"))
        self.use = TextButton("play", self.tr("Use it"), role="primary")
        self.use.setToolTip(self.tr("Loads the images and opens the recipe of the next training"))
        self.cancel = TextButton("close", self.tr("Cancel"), role="quiet")
        self._lay_out()
        self.look.clicked.connect(lambda: self._use("reconstruct"))
        self.use.clicked.connect(lambda: self._use("train"))
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(lambda _: session.opened_data.close())
        session.changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        for text in (self.notes, self.left_out, self.problem, self.greys_text):
            text.setWordWrap(True)
        self.progress_text.setMinimumWidth(1)
        keep_length(self.progress, lambda bar, theme: bar.setFixedSize(theme.px(140), theme.px(6)))
        self.look.setAutoDefault(False)
        self.leave_out.setAutoDefault(False)
        self.use.setDefault(True)
        self._class_part = self._part(self.tr("Training images of each class"), self.classes)
        self._left_part = self._part(self.tr("Left out"), self.left_out)
        beside = ScrollColumn(
            self._part(self.tr("How it is read"), self.switches),
            self._class_part,
            self._part(self.tr("Values of the pixels"), self.greys, self.greys_text),
            self._left_part,
            self._part(self.tr("Notes"), self.notes),
            fill(),
        )
        beside.content.setSpacing(current_theme().px(16))
        keep_length(beside, lambda beside, theme: beside.setFixedWidth(theme.px(_BESIDE)))
        set_role(beside, "bare")
        self.beside = beside
        column(
            column(self.name, self.count, gap=4),
            fill(row(fill(self.grid), beside, gap=24)),
            row(fill(self.problem), self.leave_out),
            row(self.progress, self.progress_text, fill(), self.cancel, self.look, self.use),
            gap=16,
            margins=_MARGIN,
            on=self,
        )
        window = self.parentWidget()
        assert window is not None  # the constructor takes one
        px = current_theme().px
        most = window.size() - QSize(2 * _SMALLER, 2 * _SMALLER)
        self.resize(QSize(px(_SIZE[0]), px(_SIZE[1])).boundedTo(most))

    def _part(self, title: str, *parts: QWidget) -> QWidget:
        return boxed(column(label(title, "label"), *parts, gap=6))

    def _refresh(self) -> None:
        self.show_state(self._session.state)

    def show_state(self, state: StudioState) -> None:
        """Show what was read, or how far the reading is; without anything opened, close."""
        opened, progress = state.opened_data, state.tasks.get(TASK)
        kept = training_keeps_data(state)
        if not self._shown.differs(opened, progress, kept):
            return
        if opened is None:
            self.reject()
            return
        self.name.setText(one_line(opened.name, _LONGEST))
        busy = opened.phase == "reading"
        self.use.setEnabled(opened.usable and not kept)
        self.look.setEnabled(opened.usable and not kept)
        self.progress.setVisible(busy)
        self.progress_text.setVisible(busy or kept)
        if kept and not busy:
            self.progress_text.setText(self.tr("They can be used once the training has ended."))
        if busy and progress is not None:
            done, total, what = progress
            self.progress.setRange(0, 1000 if total else 0)
            self.progress.setValue(round(1000 * done / total) if total else 0)
            self.progress_text.setText(one_line(what, _LONGEST))
        problem = "" if opened.problem is None else str(opened.problem)
        self.problem.setText(breakable(problem))
        self.problem.setVisible(bool(problem))
        self.leave_out.setVisible(isinstance(opened.problem, ManyBroken) and not busy)
        self.beside.setVisible(opened.dataset is not None)
        if opened.dataset is None or opened.summary is None:
            self.count.setText(self.tr("Nothing could be read.") if problem else self.tr("Reading ..."))
        else:
            self._show_data(opened.dataset, opened.summary)

    def _show_data(self, dataset: Dataset, summary: DataSummary) -> None:
        opened = self._session.state.opened_data
        assert opened is not None  # shown by `show_state`
        train, test = len(dataset.train), len(dataset.test)
        text = self.tr("{} training and {} test images, {}")
        self.count.setText(text.format(f"{train:,}", f"{test:,}", dataset.shape.image))
        self.grid.set_images(summary.images)
        self.grid.set_captions(summary.captions)
        self._class_part.setVisible(bool(summary.train_counts))
        if summary.train_counts:
            self.classes.show_counts(summary.train_counts, summary.class_names, self._class_texts(summary))
        low = [str(_BIN * index) for index in range(BINS)]
        ends = [str(_BIN * index + _BIN - 1) for index in range(BINS)]
        pixels, total = self.tr("{} to {}: {} % of the pixels"), max(1, sum(summary.histogram))
        texts = [
            pixels.format(first, last, f"{100 * count / total:.1f}")
            for first, last, count in zip(low, ends, summary.histogram, strict=True)
        ]
        # Most images are mostly background: by their roots the others are seen beside it.
        heights = np.sqrt(summary.histogram).round().astype(int).tolist()
        self.greys.show_counts(heights, [*low[:-1], ends[-1]], texts)
        levels = self.tr("From {} to {}, {} on average; heights are square roots.")
        self.greys_text.setText(levels.format(summary.least, summary.greatest, f"{summary.mean:.0f}"))
        found = dataset.provenance
        self._left_part.setVisible(found is not None and bool(found.left_out))
        self.switches.setVisible(found is not None)
        if found is not None:
            self.switches.show_decided(found.decided, opened.reading, train + test)
            lines = [f"{one_line(file.name, _LONGEST)}: {file.why}" for file in found.left_out]
            more = self.tr("and {} more").format(f"{len(lines) - _MOST_LEFT_OUT:,}")
            self.left_out.setText(breakable("\n".join([*lines[:_MOST_LEFT_OUT], more][: len(lines)])))
        self.notes.setText(breakable("\n".join(dataset.notes)))

    def _class_texts(self, summary: DataSummary) -> list[str]:
        if not summary.test_counts:
            text = self.tr("{}: {} training images")
            return [
                text.format(name, f"{count:,}")
                for name, count in zip(summary.class_names, summary.train_counts, strict=True)
            ]
        text = self.tr("{}: {} training and {} test images")
        counts = zip(summary.class_names, summary.train_counts, summary.test_counts, strict=True)
        return [text.format(name, f"{train:,}", f"{test:,}") for name, train, test in counts]

    def _use(self, view: str) -> None:
        self._session.opened_data.use()
        if self._session.state.opened_data is None:
            self.used.emit(view)
            self.accept()

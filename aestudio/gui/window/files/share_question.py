"""Asks what of a run goes into the file that is given to somebody else, and says how large it gets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog

from aestudio.gui.state.shown import Shown
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.widgets.save_dialog import open_save_dialog
from aestudio.runs.run_rows import size_text
from aestudio.runs.shared_run import SUFFIX
from aestudio.runs.shared_run_export import SharedParts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun
    from aestudio.runs.shared_run_export import SharedSizes

_LONGEST = 40  # characters of a name
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


class ShareQuestion(QDialog):
    """A check mark for each part that may be left out; those that the run has not are not shown."""

    def __init__(self, session: Session, parent: QWidget, run: KeptRun) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Share the run"))
        self._session, self._parent, self._run, self._shown = session, parent, run, Shown()
        row_of = session.state.run_list.rows.get(run.folder)
        self.name = run.title if row_of is None else row_of.name
        usual = SharedParts()
        self.checkpoint = QCheckBox()
        self.checkpoint.setChecked(usual.checkpoint)
        self.checkpoint.setToolTip(self.tr("With it, the training can be continued from here, bit for bit"))
        self.history = QCheckBox()
        self.history.setChecked(usual.history)
        self.history.setToolTip(self.tr("With it, one can go back through the training"))
        self.own = QCheckBox()
        self.own.setChecked(usual.own)
        self.own.setToolTip(self.tr("Codes that you marked, and digits that you drew and kept"))
        self.images = QCheckBox()
        self.images.setChecked(usual.images)
        self.images.setToolTip(self.tr("The data set, which is kept with this run"))
        self.total = label(self.tr("Measuring the run ..."), "label")
        self.save = TextButton("export", self.tr("Save as ..."), role="primary")
        self.cancel = TextButton("close", self.tr("Cancel"), role="quiet")
        self._lay_out()
        for box in self.boxes:
            box.toggled.connect(self._show_total)
        self.save.clicked.connect(self._ask_path)
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(session.runs.stop_sharing)
        session.changed.connect(self._refresh)
        session.runs.measure_shared(run)

    @property
    def boxes(self) -> tuple[QCheckBox, ...]:
        """Of the parts that may be left out."""
        return self.checkpoint, self.history, self.own, self.images

    def _lay_out(self) -> None:
        text = label(
            self.tr(
                "One file that others open with AE Studio: the recipe, its name, note and tags, the curves "
                "and the weights."
            ),
            "muted",
        )
        text.setWordWrap(True)
        for box in self.boxes:
            box.hide()  # until it is known what the run has
        self.save.setDefault(True)
        self.save.setEnabled(False)
        column(
            label(one_line(self.name, _LONGEST), "heading"),
            text,
            column(*self.boxes, gap=8),
            row(self.total, fill(), self.cancel, self.save),
            gap=16,
            margins=24,
            on=self,
        )

    def _refresh(self) -> None:
        if self.isVisible():
            self.show_state(self._session.state)

    def show_state(self, state: StudioState) -> None:
        """Show what the parts take once it is measured; a run that cannot be read is not asked about."""
        sharing = state.run_list.sharing
        if not self._shown.differs(sharing):
            return
        if sharing is None or sharing.run is not self._run:
            self.reject()
        elif sharing.sizes is not None:
            self._show_sizes(sharing.sizes)

    def _show_sizes(self, sizes: SharedSizes) -> None:
        checkpoints = self.tr("The history: {} checkpoints, {}")
        texts = (
            (self.checkpoint, sizes.checkpoint, self.tr("The state to resume from, {}")),
            (self.history, sizes.history, checkpoints.format(sizes.steps, "{}")),
            (self.own, sizes.own, self.tr("Your bookmarks and drawings, {}")),
            (self.images, sizes.images, self.tr("Its images, {}")),
        )
        for box, size, text in texts:
            box.setText(text.format(size_text(size)))
            box.setVisible(bool(size))
        self.save.setEnabled(True)
        self.save.setFocus()
        self._show_total()
        self.adjustSize()

    @property
    def parts(self) -> SharedParts:
        """What is chosen."""
        checked = (box.isChecked() for box in self.boxes)
        return SharedParts(*checked)

    def _show_total(self) -> None:
        sharing = self._session.state.run_list.sharing
        if sharing is not None and sharing.sizes is not None:
            total = sharing.sizes.total(self.parts)
            self.total.setText(self.tr("About {}").format(size_text(total)))

    def _ask_path(self) -> None:
        run, parts, runs = self._run, self.parts, self._session.runs
        name = _NOT_IN_NAMES.sub("-", one_line(self.name, 60)).strip(" .") or "run"
        title, kind = self.tr("Share the run"), self.tr("Run of AE Studio")
        self.accept()
        open_save_dialog(
            self._parent, title, kind, f"{name}{SUFFIX}", lambda path: runs.share(run, path, parts)
        )

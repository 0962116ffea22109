"""File > Export > In another format: every exporter of `export/`, what it writes, and its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QSizePolicy, QStackedWidget, QWidget

from aestudio.export.exporter import exporters
from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.save_dialog import FileKind, open_save_dialog
from aestudio.gui.widgets.setting_form import SettingForm
from aestudio.gui.window.context.file_names import file_name
from aestudio.gui.window.shown_kept_run import shown_kept_run
from aestudio.recipes.setting import change, describe

if TYPE_CHECKING:
    from aestudio.export.exporter import Exporter
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.theme.tokens import Theme
    from aestudio.recipes.setting import Settings
    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.events import Snapshot

_LIST, _ROW, _PAGE = 190, 27, 330  # logical pixels: widths of list and page, height of a row


class FormatPage(QWidget):
    """What one exporter writes, its options, and why it cannot write this model, if it cannot."""

    def __init__(self, exporter: Exporter, snapshot: Snapshot) -> None:
        super().__init__()
        self.exporter = exporter
        self.obstacle = exporter.obstacle(snapshot.architecture)
        infos = describe(exporter.options)
        self.form = SettingForm(infos) if infos else None
        summary, note = label(exporter.summary, "muted"), label(self.obstacle, "warn")
        for text in (summary, note):
            text.setWordWrap(True)
        note.setVisible(bool(self.obstacle))
        parts: list[QWidget] = [label(exporter.title, "heading"), summary]
        parts += [self.form] if self.form is not None else []
        if self.form is not None:
            self.form.setVisible(not self.obstacle)
        column(*parts, note, fill(), gap=12, on=self)

    @property
    def options(self) -> Settings:
        """The chosen options."""
        values: dict[str, Any] = {} if self.form is None else dict(self.form.values)
        return change(self.exporter.options(), values)


class ExportDialog(QDialog):
    """A list of formats, and beside it the chosen one. Training and window go on."""

    def __init__(self, session: Session, parent: QWidget, run: KeptRun, snapshot: Snapshot) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export in another format"))
        self._session, self._parent, self._run = session, parent, run
        self.formats = QListWidget()
        self.formats.setAccessibleName(self.tr("Formats"))
        self.pages = QStackedWidget()
        for exporter in exporters().values():
            page = FormatPage(exporter, snapshot)
            self.pages.addWidget(page)
            item = QListWidgetItem(exporter.title, self.formats)
            if page.obstacle:
                item.setForeground(QColor(current_theme().muted))
                item.setToolTip(page.obstacle)
        self.formats.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        keep_length(self.formats, _fix_width)
        keep_length(self.pages, _fix_page)
        self.save = TextButton("export", self.tr("Save as ..."), role="primary")
        self.save.setDefault(True)
        self.cancel = TextButton("close", self.tr("Cancel"), role="quiet")
        self.formats.currentRowChanged.connect(self._show)
        self.save.clicked.connect(self._ask_path)
        self.cancel.clicked.connect(self.reject)
        # A run may be called anything: its name must not make the dialog wider than the window.
        what = ElidedLabel(self.tr("{}, step {}").format(run.title, f"{snapshot.step:,}"), muted=True)
        column(
            row(self.formats, fill(self.pages), gap=20),
            row(fill(what), self.cancel, self.save),
            gap=16,
            margins=24,
            on=self,
        )
        self.formats.setCurrentRow(0)
        self.formats.setFocus()

    @property
    def page(self) -> FormatPage:
        """The chosen format."""
        page = self.pages.currentWidget()
        assert isinstance(page, FormatPage)
        return page

    def _show(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self.save.setEnabled(not self.page.obstacle)

    def _ask_path(self) -> None:
        exporter, options, run, session = self.page.exporter, self.page.options, self._run, self._session
        name = file_name(Offer(what=exporter.title), session.state, exporter.suffix[1:]).rstrip(".")
        title = self.tr("Export as {}").format(exporter.title)
        others = [FileKind(form, suffix[1:]) for suffix, form in exporter.others.items()]
        self.accept()
        open_save_dialog(
            self._parent,
            title,
            [FileKind(exporter.title, exporter.suffix[1:]), *others],
            name,
            lambda path, _: session.exports.write(exporter, run, path, options),
        )


def _fix_width(formats: QListWidget, theme: Theme) -> None:
    """Rows have a height of their own: that of the text alone is less than what marks the chosen one."""
    formats.setFixedWidth(theme.px(_LIST))
    for number in range(formats.count()):
        formats.item(number).setSizeHint(QSize(0, theme.px(_ROW)))
    formats.setMinimumHeight(formats.count() * theme.px(_ROW) + 2 * formats.frameWidth() + 2)


def _fix_page(pages: QStackedWidget, theme: Theme) -> None:
    pages.setMinimumWidth(theme.px(_PAGE))


def show_export_dialog(session: Session, parent: QWidget) -> None:
    """Open the dialog about the shown run; nothing happens without one (the command says why)."""
    run, snapshot = shown_kept_run(session.state), session.state.snapshot
    if run is not None and snapshot is not None:
        ExportDialog(session, parent, run, snapshot).open()

"""Opens what the user chose in a dialog, in the list of recent files, or dropped onto the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from aestudio.codec.container import SUFFIX as COMPRESSED
from aestudio.datasets.importers.image_files import SUFFIXES
from aestudio.gui.state.capabilities import no_encoder
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.pictures import Pictures
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.window.files.recent_file import add_recent, read_recent, remove_recent, write_recent
from aestudio.gui.workers.opened_files import (
    FoundCompressed,
    FoundData,
    FoundRecipe,
    FoundRun,
    FoundSharedRun,
    find_in_files,
    find_in_picture,
)
from aestudio.runs.shared_run import SUFFIXES as SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QWidget

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.files.data_preview import DataPreview
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.gui.workers.opened_files import Found
    from aestudio.progress import Progress

translate = QCoreApplication.translate

TASK = "open files"
_DATA = ("*.npz", "*.npy", "*.csv", "*.tsv", "*.mat", "*.zip", "*.tar", "*.tgz", "*.gz", "*.idx", "*ubyte")


class _Window(Protocol):
    session: Session

    def show_view(self, name: str) -> None: ...
    def show_next_training(self) -> None: ...


class Opener:
    """One function for all of them: `open_paths`.

    recent: the paths that were opened, the newest first
    """

    def __init__(self, window: _Window, parent: QWidget) -> None:
        self._window, self._parent = window, parent
        self._recent: tuple[str, ...] | None = None
        self.preview: DataPreview | None = None

    @property
    def _session(self) -> Session:
        return self._window.session

    # ---- what was opened before -------------------------------------------------------------------

    def recent_files(self) -> tuple[tuple[str, str], ...]:
        """Path and text of each path that was opened, the newest first."""
        texts = [(path, one_line(Path(path).name or path)) for path in self._paths()]
        names = [text for _, text in texts]
        return tuple((path, text if names.count(text) == 1 else one_line(path)) for path, text in texts)

    def forget_recent(self) -> None:
        """Forget what was opened."""
        self._recent = ()
        write_recent("files", ())

    def _paths(self) -> tuple[str, ...]:
        if self._recent is None:
            self._recent = read_recent("files")
        return self._recent

    # ---- dialogs ----------------------------------------------------------------------------------

    def ask_file(self) -> None:
        """Ask for files, without waiting for them."""
        images = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        runs = " ".join(f"*{suffix}" for suffix in SHARED)
        filters = (
            translate("opener", "All that can be opened ({})").format(
                f"{images} {' '.join(_DATA)} *.json {runs} *{COMPRESSED}"
            ),
            translate("opener", "Pictures ({})").format(images),
            translate("opener", "Images to train on ({})").format(" ".join(_DATA)),
            translate("opener", "Recipes and runs ({})").format(f"*.json {runs}"),
            translate("opener", "Compressed files ({})").format(f"*{COMPRESSED}"),
            translate("opener", "All files ({})").format("*"),
        )
        dialog = self._dialog(translate("opener", "Open run or file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(filters)
        dialog.open()

    def ask_data(self) -> None:
        """Ask for a file with images to train on, without waiting for it."""
        dialog = self._dialog(translate("opener", "Open images to train on"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        images = translate("opener", "Images to train on ({})").format(" ".join(_DATA))
        dialog.setNameFilters((images, translate("opener", "All files ({})").format("*")))
        dialog.open()

    def ask_folder(self) -> None:
        """Ask for a folder, without waiting for it."""
        dialog = self._dialog(translate("opener", "Open the folder of a run, or of images"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._parent, title)
        if self._paths():
            dialog.setDirectory(str(Path(self._paths()[0]).parent))
        dialog.filesSelected.connect(lambda paths: self.open_paths([Path(path) for path in paths]))
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    # ---- opening ----------------------------------------------------------------------------------

    def open_path(self, path: str) -> None:
        """Open what is at this path."""
        self.open_paths([Path(path).expanduser()])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Look at these files on a thread, then open them; a message says what cannot be opened and why."""
        if not paths:
            return
        shape, name = self._pictures_for()

        def look(progress: Progress) -> Found:
            return find_in_files(paths, shape, name, progress)

        def looked(message: TaskDone) -> None:
            if message.problem is not None:
                self._session.show_message(str(message.problem), "bad")
                self._leave_out(paths)
            elif not message.cancelled:
                found = message.value
                self._remember([found.folder] if isinstance(found, FoundRun) else paths)
                self._open(found)

        self._session.run_task(TASK, "the files were being looked at", look, looked, urgent=True)

    def _pictures_for(self) -> tuple[ImageShape | None, str]:
        """The shape of the pictures that the shown model encodes, None for none, and the data set's name."""
        state = self._session.state
        snapshot, dataset = state.snapshot, state.dataset
        encodes = snapshot is not None and not no_encoder(snapshot)
        return shown_shape(state) if encodes else None, "mnist" if dataset is None else dataset.name

    # ---- pasting ----------------------------------------------------------------------------------

    def nothing_to_paste(self) -> str:
        """Why nothing can be pasted, "" if the clipboard has a picture or files."""
        data = QGuiApplication.clipboard().mimeData()
        if data is not None and (data.hasImage() or _files_in(data)):
            return ""
        return translate("opener", "There is no picture on the clipboard: copy one first.")

    def paste(self) -> None:
        """Open the files, or put the picture, that are on the clipboard; never waits for them."""
        clipboard = QGuiApplication.clipboard()
        files = _files_in(clipboard.mimeData())
        if files:
            self.open_paths(files)
            return
        picture, (shape, dataset) = clipboard.image(), self._pictures_for()
        name = translate("opener", "Pasted picture")

        def look(progress: Progress) -> Pictures:
            return find_in_picture(picture, name, shape, dataset, progress)

        def looked(message: TaskDone) -> None:
            if message.problem is not None:
                self._session.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                self._show_pictures(message.value)

        self._session.run_task(TASK, "the picture was being read", look, looked, urgent=True)

    def _remember(self, paths: Sequence[Path]) -> None:
        self._recent = add_recent("files", [str(path.absolute()) for path in paths])

    def _leave_out(self, paths: Sequence[Path]) -> None:
        """Offer no longer what was refused."""
        known = {str(path.absolute()) for path in paths} & set(self._paths())
        if known:
            self._recent = remove_recent("files", tuple(known))

    def _open(self, found: Found) -> None:
        session = self._session
        match found:
            case FoundRun(folder):
                session.runs.open(str(folder))
            case FoundSharedRun(path):
                session.runs.import_file(path)
            case FoundRecipe(recipe):
                if not session.recipe.locked(translate("opener", "The recipe")):
                    session.recipe.choose_recipe(recipe)
                    self._window.show_next_training()
            case FoundData():
                self._open_data(found)
            case FoundCompressed():
                self._show_pictures(found.pictures)
                session.show_message(_compressed_sentence(found))
            case Pictures():
                self._show_pictures(found)
                if len(found.names) > 1:
                    text = translate("opener", "Opened {} pictures: click one of them below the drawing pad.")
                    session.show_message(text.format(len(found.names)))

    def _show_pictures(self, pictures: Pictures) -> None:
        # In this order: a drawing pad that becomes visible again shows the picture that it had.
        self._window.show_view("reconstruct")
        self._session.pictures.show(pictures)

    def _open_data(self, data: FoundData) -> None:
        """Look at a user's own images before they are used; those of a published set are known."""
        if data.folder:
            self._session.data.choose_folder(Path(data.text))
        else:
            self._session.opened_data.open(data.text)

    def show_state(self, state: StudioState) -> None:
        """Show the images that are looked at, by whatever they were opened."""
        opened = state.opened_data
        if opened is not None and opened.refused:
            self._leave_out([Path(opened.origin)])
        if state.data.phase == "failed" and state.data.tried is not None:  # a folder with a published set
            self._leave_out([state.data.tried])
        if state.opened_data is None or self.preview is not None:
            return
        from aestudio.gui.window.files.data_preview import DataPreview

        self.preview = DataPreview(self._session, self._parent)
        self.preview.finished.connect(self._forget_preview)
        self.preview.used.connect(self._show_used)
        self.preview.open()

    def _forget_preview(self) -> None:
        self.preview = None

    def _show_used(self, view: str) -> None:
        self._window.show_view(view)
        if view == "train":
            self._window.show_next_training()


def _files_in(data: QMimeData | None) -> list[Path]:
    """The files of this computer that were copied, as a file manager does it."""
    return [] if data is None else [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _compressed_sentence(found: FoundCompressed) -> str:
    """What was opened, in which size, and whether all of it is on the pad."""
    if found.count == 1:
        text = translate("opener", "Opened a picture of {} bytes, written by: {}.")
        return text.format(f"{found.size:,}", found.writer)
    text = translate("opener", "Opened {} pictures of {} bytes together, written by: {}.")
    sentence = text.format(f"{found.count:,}", f"{found.size:,}", found.writer)
    shown = len(found.pictures.names)
    if shown == found.count:
        return sentence
    first = translate("opener", "The first {} are below the drawing pad.").format(shown)
    return f"{sentence} {first}"

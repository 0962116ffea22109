"""What the File and Edit menus write: a picture of the view, curves, codes, a selection, an animation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from aestudio.errors import StudioError
from aestudio.gui.state.capabilities import (
    no_encoder,
    no_interpolation,
    no_latent_space,
    no_reconstruction,
    no_traversals,
)
from aestudio.gui.state.image_tags import tags_by_number
from aestudio.gui.views.compress.compress_tab import CompressTab
from aestudio.gui.views.latent.panels.interpolate_tab import InterpolateTab
from aestudio.gui.views.latent.panels.traversals_tab import TraversalsTab
from aestudio.gui.views.shared.code_kinds import code_kinds
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.save_dialog import open_save_dialog
from aestudio.gui.widgets.true_pixels import png_of
from aestudio.gui.window.context.file_names import file_name
from aestudio.gui.window.shown_kept_run import shown_kept_run
from aestudio.paths import runs_folder
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.latent.drawer import PanelTabs
    from aestudio.gui.views.page_tabs import PageTabs
    from aestudio.gui.views.view import View
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

VIEW_TASK, CURVES_TASK = "export view", "export curves"


class _Window(Protocol):
    session: Session
    views: PageTabs[View]

    def show_view(self, name: str) -> None: ...
    def show_panel(self, name: str) -> None: ...
    def panels(self) -> PanelTabs | None: ...


class Exports:
    """Asks for paths, and starts the tasks that write the files."""

    def __init__(self, window: _Window, parent: QWidget) -> None:
        self._window, self._parent = window, parent

    @property
    def _session(self) -> Session:
        return self._window.session

    # ---- the view as a picture --------------------------------------------------------------------

    def view_image(self) -> QImage:
        """The view in front as it is on the screen; of a sabotaged run with a line that says so."""
        image = self._window.views.stack.grab().toImage()
        sabotage = self._session.state.shown_run.sabotage
        if sabotage is None:
            return image
        from aestudio.gui.window.sabotage.marked_picture import marked_picture

        return marked_picture(image, sabotage.name)

    def _view_title(self) -> str:
        views = self._window.views
        return views.known[views.front_name].title()

    def copy_view(self) -> None:
        """Put the picture of the view on the clipboard."""
        image = self.view_image()
        QGuiApplication.clipboard().setImage(image)
        text = translate("exports", "Copied a picture of the view, {} × {} pixels.")
        self._session.show_message(text.format(image.width(), image.height()))

    def ask_view(self) -> None:
        """Write the picture of the view as it is now, once a path is chosen."""
        image, name = self.view_image(), self._view_title()
        title, kind = translate("exports", "Export a picture of the view"), translate("exports", "Picture")
        name = file_name(Offer(what=name), self._session.state, "png")
        open_save_dialog(self._parent, title, kind, name, lambda path: self.write_image(image, path))

    def write_image(self, image: QImage, path: Path) -> None:
        """Write an image as a PNG on a thread."""
        self.write_content(path, lambda: png_of(image))

    def write_content(self, path: Path, content: Callable[[], bytes]) -> None:
        """Write a file on a thread, on which its content is made, too."""

        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            made = content()
            with new_file(path) as file:  # Qt cannot write to names that are not UTF-8
                file.write(made)

        self._run(VIEW_TASK, "the picture was being written", work, path)

    # ---- curves -----------------------------------------------------------------------------------

    def no_curves(self) -> str:
        """Why there are no curves to write; "" if there are."""
        run = self._session.state.shown_run
        if len(run.training) or len(run.validation):
            return ""
        return translate("exports", "There are no curves yet: train a model, or open a run.")

    def ask_curves(self) -> None:
        """Write the curves of the Train view, once a path is chosen."""
        title, kind = translate("exports", "Export the curves"), translate("exports", "Table (CSV)")
        name = file_name(Offer(what=translate("exports", "Curves")), self._session.state, "csv")
        open_save_dialog(self._parent, title, kind, name, self.write_curves)

    def write_curves(self, path: Path) -> None:
        """Write every point of the curves and every changed setting as a table, on a thread."""
        from aestudio.gui.window.files.curve_table import curve_table

        curves, title = curve_table(self._session.state)
        changed = self._session.state.shown_run.changes

        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            from aestudio.runs.compared_curves import ComparedChange
            from aestudio.runs.comparison_files import write_curves

            changes = [ComparedChange(0, float(one.step), one) for one in changed]
            write_curves(path, curves, (title,), changes)

        self._run(CURVES_TASK, "the curves were being written", work, path)

    def ask_figure(self) -> None:
        """Write the large plot of the Train view as a figure, once a path is chosen."""
        title, kind = translate("exports", "Export a figure of the curves"), translate("exports", "Figure")
        open_save_dialog(self._parent, title, kind, "curves.pdf", self.write_figure)

    def write_figure(self, path: Path) -> None:
        """Write the figure as PDF, SVG or PNG, by the suffix of the path."""
        from aestudio.gui.plots.figure_of_curves import write_figure
        from aestudio.gui.window.files.curve_figure import curve_figure

        try:
            write_figure(path, curve_figure(self._session.state))
        except StudioError as problem:
            self._session.show_message(str(problem), "bad")
        else:
            self._session.show_message(translate("exports", "Wrote {}.").format(path), "good")

    def no_run(self) -> str:
        """Why there is no run to write in another format; "" if there is one."""
        if shown_kept_run(self._session.state) is not None:
            return ""
        return translate("exports", "There is no model yet: train one, or open a run.")

    # ---- codes, selection, animation --------------------------------------------------------------

    def no_codes(self) -> str:
        """Why no codes can be written; "" if they can."""
        state = self._session.state
        if state.snapshot is None or state.dataset is None:
            return translate("exports", "There is no model with images to encode yet.")
        return no_encoder(state.snapshot)

    def ask_codes(self) -> None:
        """Write the codes of the test images, once a path is chosen."""
        write = self._session.runs.export_features
        title = translate("exports", "Export codes")
        open_save_dialog(self._parent, title, code_kinds(), "features.npz", lambda path, _: write(path))

    def no_selection(self) -> str:
        """Why no selected images can be written; "" if they can."""
        if self._session.state.workspace.selection is not None:
            return ""
        return translate("exports", "Select images with the lasso on the map of the Latent view first.")

    def ask_selection(self) -> None:
        """Write the selected images with their codes, once a path is chosen."""
        write = self._session.workspace.export_selection
        title = translate("exports", "Save the selection as")
        open_save_dialog(self._parent, title, code_kinds(), "selection.npz", lambda path, _: write(path))

    def no_tags(self) -> str:
        """Why there are no tags to write; "" if there are some."""
        return "" if tags_by_number(self._session.state) else translate("exports", "No image has a tag yet.")

    def ask_tags(self) -> None:
        """Write the tags of the data set's images as a table, once a path is chosen."""
        title, kind = translate("exports", "Export the tags"), translate("exports", "Table (CSV)")
        open_save_dialog(self._parent, title, kind, "tags.csv", self._session.tags.export)

    def no_animation(self) -> str:
        """Why no interpolation can be written; "" if there can be one."""
        return self._no_code() or no_interpolation(self._session.state.snapshot)

    def ask_animation(self) -> None:
        """Show the interpolation, and open the dialog of its export; the panel says so if it must wait."""
        from aestudio.gui.views.latent.panels.interpolate import InterpolatePanel

        self._window.show_panel(InterpolateTab.name)
        panels = self._window.panels()
        panel = None if panels is None else panels.front
        if isinstance(panel, InterpolatePanel):
            panel.ask_export()

    def no_traversals(self) -> str:
        """Why there is no sheet of traversals to write; "" if there can be one."""
        return self._no_code() or no_traversals(self._session.state.snapshot)

    def _no_code(self) -> str:
        """Why there is no code to decode."""
        snapshot = self._session.state.snapshot
        if snapshot is None:
            return translate("exports", "There is no model yet: train one, or open a run.")
        return no_latent_space(snapshot)

    def ask_traversals(self, kind: str) -> None:
        """Show the sheet of traversals, and write it as "png" or "gif" once a path is chosen."""
        from aestudio.gui.views.latent.panels.traversals import TraversalsPanel

        self._window.show_panel(TraversalsTab.name)
        panels = self._window.panels()
        panel = None if panels is None else panels.front
        if isinstance(panel, TraversalsPanel):
            panel.ask_path(kind)

    # ---- compressed files -------------------------------------------------------------------------

    def no_compressed_file(self) -> str:
        """Why no image can be written as a compressed file; "" if one can."""
        state = self._session.state
        if state.snapshot is None or state.dataset is None:
            return translate("exports", "There is no model with images to encode yet.")
        return no_reconstruction(state.snapshot)

    def no_compressed_pictures(self) -> str:
        """Why the opened pictures cannot be written as a compressed file; "" if they can."""
        if self._session.state.pictures is None:
            return translate("exports", "Open pictures first, or drop them onto the window.")
        return self.no_compressed_file()

    def ask_compressed(self, opened: bool = False) -> None:
        """Show the Compress view, and save what it shows, or the opened pictures, once a path is chosen."""
        from aestudio.gui.views.compress.compress_view import CompressView

        self._window.show_view(CompressTab.name)
        view = self._window.views.front
        if isinstance(view, CompressView):
            view.ask_save(self._session.state.pictures if opened else None)

    # ---- the folder -------------------------------------------------------------------------------

    def show_folder(self) -> None:
        """Open the shown run's folder, or that of all runs, in the file manager of the system."""
        run = shown_kept_run(self._session.state)
        folder = runs_folder() if run is None or run.shipped else run.folder
        if not folder.is_dir():
            text = translate("exports", "Runs will be kept in {}; there is none yet.").format(folder)
            self._session.show_message(text)
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            text = translate("exports", "No file manager could be opened. The folder is {}.").format(folder)
            self._session.show_message(text, "warn")

    def _run(self, task: str, doing: str, work: object, path: Path) -> None:
        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._session.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                self._session.show_message(translate("exports", "Wrote {}.").format(path), "good")

        self._session.run_task(task, doing, work, after)  # type: ignore[arg-type]

"""What the entries of the context menus do: copy and save pictures, plots and tables, and explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from aestudio.errors import BadChoice
from aestudio.gui.widgets.save_dialog import FileKind, open_save_dialog
from aestudio.gui.widgets.true_pixels import picture_of, png_of, scale_of
from aestudio.gui.window.context.file_names import file_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.widgets.offer import Offer, Pixels, ValueTable
    from aestudio.gui.window.context.context_menus import ContextMenus
    from aestudio.gui.window.files.exports import Exports
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

COPY_TASK = "copy values"


class ThingActions:
    """Carries out the commands about what is `here`. Those that write ask for a path first."""

    def __init__(self, session: Session, parent: QWidget, menus: ContextMenus, exports: Exports) -> None:
        self._session, self._parent, self._menus, self._exports = session, parent, menus, exports

    @property
    def _here(self) -> Offer:
        return self._menus.here

    # ---- why not ----------------------------------------------------------------------------------

    def no_picture(self) -> str:
        """Why no image can be copied or saved; "" if one can."""
        offer = self._here
        if offer.picture is not None:
            return ""
        return offer.no_picture or translate("things", "Select an image first, or right-click one.")

    def not_there_yet(self) -> str:
        """Why an image with the focus cannot be copied; "" if there is one, a plot, or only the view."""
        return "" if self._here.picture is not None else self._here.no_picture

    def no_pictures(self) -> str:
        """The same of all images around it."""
        if self._here.pictures is not None:
            return ""
        return translate("things", "Select an image of several first, or right-click one.")

    def no_screen(self) -> str:
        """The same of a plot."""
        if self._here.screen is not None:
            return ""
        return translate("things", "Select a plot first, or right-click one.")

    def no_figure(self) -> str:
        """The same of a plot as a figure."""
        if self._here.figure is not None:
            return ""
        return self.no_screen() or translate("things", "There is nothing in this plot yet.")

    def no_values(self) -> str:
        """The same of numbers."""
        if self._here.values is not None:
            return ""
        if self._here.screen is not None:
            return translate("things", "There is nothing in this plot yet.")
        return translate("things", "Select a plot or a table first, or right-click one.")

    def no_cells(self) -> str:
        """The same of the cells of a table."""
        if self._here.cells is not None:
            return ""
        return translate("things", "Select cells of a table first, or right-click them.")

    def no_text(self) -> str:
        """The same of a text."""
        return "" if self._here.text else translate("things", "There is no text or number to copy here.")

    def no_explanation(self) -> str:
        """Why nothing is explained."""
        if self._here.terms or self._here.help:
            return ""
        return translate("things", "Nothing is known of this; the glossary has all terms (Shift+F1).")

    # ---- pictures ---------------------------------------------------------------------------------

    def copy_picture(self) -> None:
        """Copy one image; of a widget without one its plot, otherwise the view."""
        offer = self._here
        if offer.picture is not None:
            self._copy_pixels(offer.picture)
        elif offer.screen is not None:
            self.copy_plot()
        else:
            self._exports.copy_view()

    def copy_pictures(self) -> None:
        """Copy all images around it as one sheet."""
        if self._here.pictures is not None:
            self._copy_pixels(self._here.pictures())

    def _copy_pixels(self, pixels: Pixels) -> None:
        image = picture_of(pixels)
        text = translate("things", "Copied {}; each of its pixels is a square of {} × {}.")
        scale = scale_of(pixels)
        self._copy_image(image, text.format(_size(image), scale, scale))

    def copy_plot(self) -> None:
        """Copy the plot as it is on the screen."""
        if self._here.screen is not None:
            image = self._here.screen.grab().toImage()
            text = translate("things", "Copied a picture of the plot, {}.")
            self._copy_image(image, text.format(_size(image)))

    def _copy_image(self, image: QImage, text: str) -> None:
        QGuiApplication.clipboard().setImage(image)
        self._session.show_message(text)

    def save_picture(self) -> None:
        """Write one image, once a path is chosen."""
        if self._here.picture is not None:
            self._save_pixels(self._here.picture, translate("things", "Save the image as"))

    def save_pictures(self) -> None:
        """Write all images around it as one sheet, once a path is chosen."""
        if self._here.pictures is not None:
            self._save_pixels(self._here.pictures(), translate("things", "Save all images as"))

    def _save_pixels(self, pixels: Pixels, title: str) -> None:
        """Enlarged or in their own pixels, as the filter of the dialog says."""
        name, scale = file_name(self._here, self._session.state, "png"), scale_of(pixels)
        large = translate("things", "Each pixel as a square of {} × {}").format(scale, scale)
        kinds = [FileKind(large, "png")]
        if scale > 1:
            kinds.append(FileKind(translate("things", "Pixels of the data"), "png"))

        def save(path: Path, kind: int) -> None:
            image = picture_of(pixels, scale if kind == 0 else 1)
            image.setText("Title", path.stem)
            self._write(path, lambda _: png_of(image), ("png",))

        open_save_dialog(self._parent, title, kinds, name, save)

    # ---- plots ------------------------------------------------------------------------------------

    def save_plot(self) -> None:
        """Write the plot as a figure for a paper, once a path is chosen."""
        if self._here.figure is None:
            return
        content = self._here.figure()
        name = file_name(self._here, self._session.state, "pdf", chart=True)
        kinds = (
            FileKind(translate("things", "PDF, fonts embedded"), "pdf"),
            FileKind(translate("things", "SVG"), "svg"),
            FileKind(translate("things", "PNG, 300 dots per inch"), "png"),
        )

        def save(path: Path, kind: int) -> None:
            del kind  # its suffix says it
            self._write(path, content, tuple(one.suffix for one in kinds))

        open_save_dialog(self._parent, translate("things", "Save the plot as"), kinds, name, save)

    # ---- numbers and texts ------------------------------------------------------------------------

    def copy_values(self) -> None:
        """Copy all numbers, tabs between them, for a spreadsheet."""
        if self._here.values is None:
            return
        table = self._here.values()

        def work(progress: Progress) -> str:  # noqa: ARG001 - quick
            return values_text(table, "\t")

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._session.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                text = translate("things", "Copied the data, {} rows.")
                self._copy_text(message.value, text.format(f"{message.value.count(_LINE) - 1:,}"))

        self._session.run_task(COPY_TASK, "the data were being copied", work, after)

    def copy_cells(self) -> None:
        """Copy the selected cells."""
        if self._here.cells is not None:
            self._copy_text(self._here.cells(), translate("things", "Copied the selected cells."))

    def copy_text(self) -> None:
        """Copy what a label says."""
        self._copy_text(self._here.text, translate("things", "Copied the text."))

    def _copy_text(self, text: str, message: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._session.show_message(message)

    def save_values(self) -> None:
        """Write the numbers as CSV, once a path is chosen."""
        if self._here.values is None:
            return
        table, of_plot = self._here.values(), self._here.screen is not None
        name = file_name(self._here, self._session.state, "csv", chart=of_plot)
        kinds = (FileKind(translate("things", "Table (CSV)"), "csv"),)

        def save(path: Path, kind: int) -> None:
            del kind
            self._write(path, lambda _: values_text(table, ",").encode(), ("csv",))

        open_save_dialog(self._parent, translate("things", "Save the data as"), kinds, name, save)

    def _write(self, path: Path, content: Callable[[str], bytes], suffixes: tuple[str, ...]) -> None:
        suffix = path.suffix.lower().removeprefix(".")
        if suffix not in suffixes:
            self._session.show_message(str(BadChoice("format", suffix, suffixes)), "bad")
            return
        self._exports.write_content(path, lambda: content(suffix))

    # ---- what it is -------------------------------------------------------------------------------

    def explain(self) -> None:
        """Say what it is beside it: the sentences of the glossary, and what its tooltip says."""
        from aestudio.gui.window.context.explanation import show_explanation

        offer, widget, at = self._menus.place
        show_explanation(offer, widget, at, self._parent)


_LINE = "\n"


def values_text(table: ValueTable, separator: str) -> str:
    """The table as text: a line for each row, the header first; what has the separator in it is quoted."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=_LINE)
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return text.getvalue()


def _size(image: QImage) -> str:
    return translate("things", "{} × {} pixels").format(image.width(), image.height())

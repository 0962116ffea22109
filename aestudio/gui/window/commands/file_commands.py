"""The File menu: what is opened, saved, exported and shown in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Choice, Command
from aestudio.gui.window.shown_kept_run import shown_kept_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.gui.window.files.exports import Exports

    _ExportRow = tuple[str, str, str, Callable[[], None], Callable[[], str]]

translate = QCoreApplication.translate


def file_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Open, recent, save, export, folder, quit."""
    menu = translate("commands", "&File")
    return (
        *_open(window, menu),
        *_recent(window, menu),
        *_save(window, menu),
        *_export(window, menu),
        Command(
            "window.close",
            translate("commands", "&Quit"),
            translate("commands", "Closes the window; a current run is kept."),
            window.close,
            menu=menu,
            shortcut="Ctrl+Q",
            section="end",
        ),
    )


def _open(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    opener = window.opener
    return (
        Command(
            "file.open",
            translate("commands", "Open run or file ..."),
            translate("commands", "Opens pictures, images to train on, a recipe, or the run.json of a run."),
            opener.ask_file,
            menu=menu,
            shortcut="Ctrl+O",
            section="open",
        ),
        Command(
            "file.open_folder",
            translate("commands", "Open folder ..."),
            translate("commands", "Opens the folder of a run, or a folder of images."),
            opener.ask_folder,
            menu=menu,
            shortcut="Ctrl+Shift+O",
            section="open",
        ),
        Command(
            "file.open_path",
            translate("commands", "Open a path"),
            translate("commands", "Opens what is at this path, as a file dropped onto the window."),
            opener.open_path,
            arguments=(Argument("path", str),),
        ),
    )


def _recent(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    submenu = translate("commands", "Recent")
    opener = window.opener

    def choices() -> tuple[Choice, ...]:
        return tuple(Choice(path, text, path) for path, text in opener.recent_files())

    def obstacle() -> str:
        return "" if opener.recent_files() else translate("commands", "Nothing was opened yet.")

    return (
        Command(
            "file.open_recent",
            translate("commands", "Recent"),
            translate("commands", "Opens a file or a folder again."),
            opener.open_path,
            menu=menu,
            submenu=submenu,
            section="open",
            arguments=(Argument("path", str),),
            kind=translate("commands", "Recent"),
            choices=choices,
        ),
        Command(
            "file.forget_recent",
            translate("commands", "Forget recent files"),
            translate("commands", "Forgets which files and folders were opened; they stay where they are."),
            opener.forget_recent,
            menu=menu,
            submenu=submenu,
            section="forget",
            obstacle=obstacle,
        ),
    )


def _save(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    session = window.session

    def unnamed() -> str:
        run = shown_kept_run(session.state)
        if run is not None and not run.shipped:
            return ""
        return translate("commands", "There is no run of yours to name: each training is saved by itself.")

    return (
        Command(
            "run.name",
            translate("commands", "Save the run as ..."),
            translate("commands", "Names the shown run, so that it is kept for good; it is saved already."),
            window.name_run,
            menu=menu,
            shortcut="Ctrl+S",
            section="save",
            obstacle=unnamed,
        ),
        Command(
            "recipe.save",
            translate("commands", "Save the recipe as ..."),
            translate("commands", "Keeps the recipe with its settings among your own."),
            window.left.recipe.save,
            menu=menu,
            section="save",
        ),
    )


def _export(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    submenu = translate("commands", "Export")
    exports = window.exports
    return (
        *(
            Command(
                name,
                text,
                help_text,
                act,
                menu=menu,
                submenu=submenu,
                section="save",
                obstacle=obstacle,
                kind=translate("commands", "Export"),
            )
            for name, text, help_text, act, obstacle in _export_rows(exports)
        ),
        Command(
            "run.show_folder",
            translate("commands", "Show folder"),
            translate("commands", "Opens the folder of the shown run, or of all runs, in the file manager."),
            exports.show_folder,
            menu=menu,
            section="save",
        ),
    )


def _export_rows(exports: Exports) -> tuple[_ExportRow, ...]:
    """Id, text, help, what it does and why it cannot, of each kind of file."""

    def always() -> str:
        return ""

    return (
        (
            "export.view",
            translate("commands", "Picture of the view ..."),
            translate("commands", "Writes the view in front as a PNG."),
            exports.ask_view,
            always,
        ),
        (
            "export.curves",
            translate("commands", "Curves ..."),
            translate(
                "commands", "Writes every point of the curves and every changed setting as a CSV table."
            ),
            exports.ask_curves,
            exports.no_curves,
        ),
        (
            "export.figure",
            translate("commands", "Figure of the curves ..."),
            translate("commands", "Writes the loss of the shown run for a paper, as PDF, SVG or PNG."),
            exports.ask_figure,
            exports.no_curves,
        ),
        (
            "export.codes",
            translate("commands", "Codes of the test images ..."),
            translate("commands", "Encodes the test images and writes their codes for NumPy."),
            exports.ask_codes,
            exports.no_codes,
        ),
        (
            "export.selection",
            translate("commands", "Selected images ..."),
            translate("commands", "Writes the images that are selected on the map, with their codes."),
            exports.ask_selection,
            exports.no_selection,
        ),
        (
            "export.animation",
            translate("commands", "Animation ..."),
            translate("commands", "Writes the interpolation of the Latent view as GIF, WebP, MP4 or PNG."),
            exports.ask_animation,
            always,
        ),
    )

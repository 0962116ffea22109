"""The export commands of the File menu: what the program writes for other programs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.gui.window.files.exports import Exports

    Row = tuple[str, str, str, Callable[[], None], Callable[[], str]]

translate = QCoreApplication.translate


def export_commands(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """One for each kind of file, and the folder of the run."""
    submenu = translate("commands", "Export")
    return (
        Command(
            "export.format",
            translate("commands", "In another format ..."),
            translate("commands", "Writes the shown run as a web page, as Python, or for another program."),
            window.dialogs.show_export,
            menu=menu,
            submenu=submenu,
            section="save",
            obstacle=window.exports.no_run,
            kind=translate("commands", "Export"),
        ),
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
            for name, text, help_text, act, obstacle in _rows(window.exports)
        ),
        Command(
            "run.show_folder",
            translate("commands", "Show folder"),
            translate("commands", "Opens the folder of the shown run, or of all runs, in the file manager."),
            window.exports.show_folder,
            menu=menu,
            section="save",
        ),
    )


def _always() -> str:
    return ""


def _rows(exports: Exports) -> tuple[Row, ...]:
    """Id, text, help, what is done, and why it cannot be done at present."""
    return (
        (
            "export.view",
            translate("commands", "Picture of the view ..."),
            translate("commands", "Writes the view in front as a PNG."),
            exports.ask_view,
            _always,
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
        *_compressed_rows(exports),
        (
            "export.tags",
            translate("commands", "Tags of images ..."),
            translate("commands", "Writes the tags and notes of the data set's images as a CSV table."),
            exports.ask_tags,
            exports.no_tags,
        ),
        (
            "export.animation",
            translate("commands", "Animation ..."),
            translate("commands", "Writes the interpolation of the Latent view as GIF, WebP, MP4 or PNG."),
            exports.ask_animation,
            exports.no_animation,
        ),
        (
            "export.traversal_pages",
            translate("commands", "Sheet of traversals ..."),
            translate("commands", "Writes a row of decoded images for each latent axis as a PNG."),
            partial(exports.ask_traversals, "png"),
            exports.no_traversals,
        ),
        (
            "export.swinging_traversals",
            translate("commands", "Traversals as GIF ..."),
            translate("commands", "Writes an animation in which each latent axis swings from end to end."),
            partial(exports.ask_traversals, "gif"),
            exports.no_traversals,
        ),
    )


def _compressed_rows(exports: Exports) -> tuple[Row, ...]:
    return (
        (
            "export.compressed",
            translate("commands", "Compressed file ..."),
            translate("commands", "Writes the selected image, or those selected on the map, in few bytes."),
            exports.ask_compressed,
            exports.no_compressed_file,
        ),
        (
            "export.compressed_pictures",
            translate("commands", "Opened pictures, compressed ..."),
            translate("commands", "Writes the pictures that were opened or dropped as a compressed file."),
            partial(exports.ask_compressed, opened=True),
            exports.no_compressed_pictures,
        ),
    )

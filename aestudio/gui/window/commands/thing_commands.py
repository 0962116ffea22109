"""What can be done with the thing under the pointer or with the focus: the entries of the context menus.

The same commands are in the Edit menu, where they are about what has the focus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget

translate = QCoreApplication.translate


def copy_commands(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """Those of the Edit menu that put something on the clipboard."""
    things = window.things
    return (
        Command(
            "picture.copy",
            translate("commands", "Copy image"),
            translate(
                "commands",
                "Copies the image or plot with the focus, otherwise the view; images with their own pixels.",
            ),
            things.copy_picture,
            menu=menu,
            shortcut="Ctrl+C",
            section="copy",
            obstacle=things.not_there_yet,
        ),
        Command(
            "pictures.copy",
            translate("commands", "Copy all images"),
            translate("commands", "Copies all images that are shown beside each other, as one sheet."),
            things.copy_pictures,
            menu=menu,
            section="copy",
            obstacle=things.no_pictures,
        ),
        Command(
            "values.copy",
            translate("commands", "Copy data"),
            translate("commands", "Copies the numbers of the plot, table or image with the focus."),
            things.copy_values,
            menu=menu,
            section="copy",
            obstacle=things.no_values,
        ),
        Command(
            "edit.copy_view",
            translate("commands", "Copy image of the view"),
            translate("commands", "Puts a picture of the view in front on the clipboard."),
            window.exports.copy_view,
            menu=menu,
            shortcut="Ctrl+Shift+C",
            section="copy",
        ),
    )


def thing_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Those that context menus and the palette have."""
    return (*_save(window), *_other(window))


def _save(window: CommandTarget) -> tuple[Command, ...]:
    things = window.things
    return (
        Command(
            "picture.save",
            translate("commands", "Save image as ..."),
            translate("commands", "Writes the image with its own pixels, or each as a square, as a PNG."),
            things.save_picture,
            obstacle=things.no_picture,
        ),
        Command(
            "pictures.save",
            translate("commands", "Save all images as ..."),
            translate("commands", "Writes all images that are shown beside each other as one PNG."),
            things.save_pictures,
            obstacle=things.no_pictures,
        ),
        Command(
            "plot.copy",
            translate("commands", "Copy plot"),
            translate("commands", "Copies the plot as it is on the screen."),
            things.copy_plot,
            obstacle=things.no_screen,
        ),
        Command(
            "plot.save",
            translate("commands", "Save plot as ..."),
            translate("commands", "Writes the plot for a paper: light, as PDF, SVG or PNG."),
            things.save_plot,
            obstacle=things.no_figure,
        ),
        Command(
            "values.save",
            translate("commands", "Save data as ..."),
            translate(
                "commands", "Writes the numbers of the plot, table or image as CSV, units in the header."
            ),
            things.save_values,
            obstacle=things.no_values,
        ),
    )


def _other(window: CommandTarget) -> tuple[Command, ...]:
    things = window.things
    return (
        Command(
            "cells.copy",
            translate("commands", "Copy cells"),
            translate("commands", "Copies the selected cells of the table."),
            things.copy_cells,
            obstacle=things.no_cells,
        ),
        Command(
            "text.copy",
            translate("commands", "Copy text"),
            translate("commands", "Copies what the label says."),
            things.copy_text,
            obstacle=things.no_text,
        ),
        Command(
            "thing.explain",
            translate("commands", "What is this?"),
            translate("commands", "Explains what is under the pointer or has the focus."),
            things.explain,
            obstacle=things.no_explanation,
        ),
        Command(
            "context.open",
            translate("commands", "Context menu"),
            translate("commands", "Opens the menu of what has the focus, as a right click does."),
            window.context_menus.open_by_keys,
            shortcut="Shift+F10",
            alternatives=("Menu",),
        ),
    )


def image_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Going to one image in another view."""

    def show_in(index: int, view: str) -> None:
        window.session.explore.select(index)
        window.show_view(view)

    return (
        Command(
            "image.show_in",
            translate("commands", "Show an image in a view"),
            translate("commands", "Selects the image of this number, and brings a view to the front."),
            show_in,
            arguments=(Argument("index", int), Argument("view", str)),
        ),
    )

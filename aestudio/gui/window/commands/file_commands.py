"""The File menu: what is opened, saved, exported and shown in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Choice, Command
from aestudio.gui.window.commands.export_commands import export_commands
from aestudio.gui.window.shown_kept_run import shown_kept_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.commands.target import CommandTarget

    _ExportRow = tuple[str, str, str, Callable[[], None], Callable[[], str]]

translate = QCoreApplication.translate


def file_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Open, recent, save, export, folder, quit."""
    menu = translate("commands", "&File")
    return (
        *_open(window, menu),
        *_recent(window, menu),
        *_save(window, menu),
        *export_commands(window, menu),
        *_chosen_run(window, menu),
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
            translate("commands", "Opens pictures, images to train on, a recipe, or a run that was shared."),
            opener.ask_file,
            menu=menu,
            shortcut="Ctrl+O",
            section="open",
        ),
        Command(
            "file.open_data",
            translate("commands", "Open data ..."),
            translate("commands", "Shows what a file of images holds and how it is read, before it is used."),
            opener.ask_data,
            menu=menu,
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
            window.dialogs.name_run,
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


def _chosen_run(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """What is done with the run that is selected in the list beside the view, or with the shown one."""
    chosen = window.chosen_run
    return (
        Command(
            "run.rename",
            translate("commands", "Rename the run ..."),
            translate("commands", "Renames the run that is selected in the list, or else the shown one."),
            chosen.rename,
            menu=menu,
            shortcut="F2",
            keys_in="runs",
            section="run",
            obstacle=chosen.obstacle,
        ),
        Command(
            "run.share",
            translate("commands", "Share the run ..."),
            translate("commands", "Writes all of that run as one file, which others open with AE Studio."),
            chosen.share,
            menu=menu,
            section="run",
            obstacle=chosen.obstacle_at_rest,
        ),
        Command(
            "run.remove",
            translate("commands", "Remove the run"),
            translate("commands", "Moves it to the trash folder; Undo, below the list, brings it back."),
            chosen.remove,
            menu=menu,
            shortcut="Del",
            alternatives=("Backspace",),
            keys_in="runs",
            section="run",
            obstacle=chosen.obstacle_at_rest,
        ),
    )

"""The Explore menu, and what else moves through images and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Command
from aestudio.gui.window.commands.obstacles import no_code, no_decoded_code, no_images
from aestudio.gui.window.commands.tag_commands import tag_commands

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


translate = QCoreApplication.translate


def explore_commands(window: CommandTarget) -> tuple[Command, ...]:
    """What moves through images and codes."""
    menu = translate("commands", "&Explore")
    return (*_images(window, menu), *tag_commands(window, menu), *_codes(window, menu))


def _images(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    session = window.session
    explore = session.explore
    return (
        Command(
            "image.random",
            translate("commands", "Random image"),
            translate("commands", "Shows another test image in every view."),
            explore.select_random,
            menu=menu,
            shortcut="Ctrl+D",
            section="images",
            obstacle=lambda: no_images(session.state),
        ),
        Command(
            "image.next",
            translate("commands", "Next image"),
            translate("commands", "The next image of the test set."),
            lambda: explore.select(session.state.selected + 1),
            menu=menu,
            shortcut="Ctrl+Right",
            section="images",
            obstacle=lambda: no_images(session.state),
        ),
        Command(
            "image.previous",
            translate("commands", "Previous image"),
            translate("commands", "The previous image of the test set."),
            lambda: explore.select(session.state.selected - 1),
            menu=menu,
            shortcut="Ctrl+Left",
            section="images",
            obstacle=lambda: no_images(session.state),
        ),
        Command(
            "image.select",
            translate("commands", "Select an image"),
            translate("commands", "Shows the test image of this number in every view."),
            explore.select,
            arguments=(Argument("index", int),),
        ),
    )


def _codes(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    session = window.session
    explore = session.explore
    return (
        Command(
            "code.bookmark",
            translate("commands", "Bookmark this code"),
            translate("commands", "Keeps the decoded code, to return to it later."),
            session.workspace.bookmark,
            menu=menu,
            shortcut="Ctrl+Shift+D",
            section="codes",
            obstacle=lambda: no_decoded_code(session.state),
        ),
        Command(
            "code.sample",
            translate("commands", "Sample from the prior"),
            translate("commands", "Moves the sliders to a random code."),
            explore.sample_prior,
            menu=menu,
            shortcut="Ctrl+P",
            section="codes",
            obstacle=lambda: no_code(session.state),
        ),
        Command(
            "code.reset",
            translate("commands", "Back to the image's code"),
            translate("commands", "Moves the sliders to the code of the selected image."),
            explore.reset,
            menu=menu,
            shortcut="Ctrl+0",
            section="codes",
            obstacle=lambda: no_code(session.state),
        ),
        Command(
            "code.move_slider",
            translate("commands", "Move a slider"),
            translate("commands", "Sets the slider of this number, from 0 on, to a value."),
            explore.move_slider,
            arguments=(Argument("index", int), Argument("value", float)),
        ),
        Command(
            "class.choose",
            translate("commands", "Decode as a class"),
            translate("commands", "Tells a conditional model the class of this number."),
            explore.choose_class,
            arguments=(Argument("label", int),),
        ),
    )

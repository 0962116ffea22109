"""The Explore menu, and what else moves through images and codes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.capabilities import no_codes
from aestudio.gui.views.shared.image_offer import name_of_image
from aestudio.gui.window.commands.command import Argument, Command
from aestudio.gui.window.commands.obstacles import (
    no_code,
    no_decoded_code,
    no_image_beside,
    no_lossless_file,
    no_way_back,
)
from aestudio.gui.window.commands.tag_commands import tag_commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.commands.target import CommandTarget


translate = QCoreApplication.translate


def explore_commands(window: CommandTarget) -> tuple[Command, ...]:
    """What moves through images and codes."""
    menu = translate("commands", "&Explore")
    return (*_images(window, menu), *tag_commands(window, menu), *_codes(window, menu))


def _images(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    session = window.session
    explore = session.explore

    def move(places: int) -> None:
        explore.select(session.state.selected + places)
        say_where_it_is(window)

    def random() -> None:
        explore.select_random()
        say_where_it_is(window)

    def select(index: int) -> None:
        explore.select(index)
        say_where_it_is(window)

    return (
        Command(
            "image.random",
            translate("commands", "Random image"),
            translate("commands", "Shows another test image in every view."),
            random,
            menu=menu,
            shortcut="Ctrl+D",
            section="images",
            obstacle=lambda: no_image_beside(session.state, 0),
        ),
        Command(
            "image.next",
            translate("commands", "Next image"),
            translate("commands", "The next image of the test set."),
            partial(move, 1),
            menu=menu,
            shortcut="Ctrl+Right",
            section="images",
            obstacle=lambda: no_image_beside(session.state, 1),
        ),
        Command(
            "image.previous",
            translate("commands", "Previous image"),
            translate("commands", "The previous image of the test set."),
            partial(move, -1),
            menu=menu,
            shortcut="Ctrl+Left",
            section="images",
            obstacle=lambda: no_image_beside(session.state, -1),
        ),
        Command(
            "image.select",
            translate("commands", "Select an image"),
            translate("commands", "Shows the test image of this number in every view."),
            select,
            arguments=(Argument("index", int),),
        ),
    )


def say_where_it_is(window: CommandTarget) -> None:
    """Say which image was selected, and which views show it, while the one in front does not."""
    state, views = window.session.state, window.views
    front = views.known[views.front_name]
    if state.snapshot is not None and views.reason is None and front.can_show_image(state):
        return
    name = name_of_image(state, state.selected)
    titles = [kind.title() for kind in views.known.values() if kind.can_show_image(state)]
    if state.snapshot is None:
        text = translate("commands", "{} is selected. Views show it once there is a model.").format(name)
    else:
        text = translate("commands", "{} is selected. These views show it: {}.").format(
            name, ", ".join(titles)
        )
    if name:
        window.session.show_message(text)


def _shown_where_it_is(window: CommandTarget, move: Callable[[], None]) -> None:
    """Move the sliders; in the Latent view, if the view in front does not show their code."""
    views = window.views
    if not views.known[views.front_name].can_show_code(window.session.state):
        window.show_view("latent")
    move()


def _back_to_the_image(window: CommandTarget) -> None:
    """Say it, too: the code may be that of the image already, and only follow it from now on."""
    session = window.session
    _shown_where_it_is(window, session.explore.reset)
    snapshot = session.state.snapshot
    if snapshot is not None and no_codes(snapshot):
        session.show_message(translate("commands", "The sliders are at zero."))
    else:
        session.show_message(translate("commands", "The sliders follow the selected image again."))


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
            translate("commands", "Moves the sliders of the Latent view to a random code."),
            lambda: _shown_where_it_is(window, explore.sample_prior),
            menu=menu,
            shortcut="Ctrl+P",
            section="codes",
            obstacle=lambda: no_code(session.state),
        ),
        Command(
            "code.reset",
            translate("commands", "Back to the image's code"),
            translate("commands", "Moves the sliders of the Latent view to the selected image's code."),
            lambda: _back_to_the_image(window),
            menu=menu,
            shortcut="Ctrl+0",
            section="codes",
            obstacle=lambda: no_way_back(session.state),
        ),
        Command(
            "code.lossless",
            translate("commands", "Compress without loss ..."),
            translate("commands", "Shows how images become a lossless file as long as the ELBO says."),
            window.dialogs.show_lossless,
            menu=menu,
            section="codes",
            obstacle=lambda: no_lossless_file(session.state),
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

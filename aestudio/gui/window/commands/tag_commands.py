"""Tags of images: what the Explore menu and the menus of images offer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.image_tags import known_tags, no_tags_yet, tagged_numbers
from aestudio.gui.window.commands.command import Argument, Choice, Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget

translate = QCoreApplication.translate
_ANY = "any"


def tag_commands(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """Tag the selected image or all that are selected on the map; select those that have a tag."""
    return (*_tags(window, menu), _tag_selection(window, menu), _select_tagged(window, menu))


def _none_yet(window: CommandTarget) -> str:
    reason = translate("commands", "There are no images to tag yet.")
    return reason if no_tags_yet(window.session.state) else ""


def _offered(window: CommandTarget) -> tuple[Choice, ...]:
    return tuple(Choice(tag, _title(tag)) for tag in known_tags(window.session.state))


def _tags(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    session = window.session
    return (
        Command(
            "image.tags",
            translate("commands", "Tags and note ..."),
            translate("commands", "Tags the selected image, or all that are selected on the map."),
            window.dialogs.show_tags,
            menu=menu,
            shortcut="Ctrl+L",
            section="tags",
            obstacle=partial(_none_yet, window),
        ),
        Command(
            "image.tag",
            translate("commands", "Tag this image"),
            translate("commands", "Gives the selected image a tag, or takes it from it."),
            lambda tag: session.tags.toggle(tag, (session.state.selected,)),
            menu=menu,
            submenu=translate("commands", "Tag this image"),
            section="tags",
            kind=translate("commands", "Tag"),
            arguments=(Argument("tag", str),),
            choices=partial(_offered, window),
            obstacle=partial(_none_yet, window),
        ),
    )


def _tag_selection(window: CommandTarget, menu: str) -> Command:
    session = window.session

    def obstacle() -> str:
        if session.state.workspace.selection is None:
            return translate("commands", "Select images with the lasso on the map of the Latent view first.")
        return _none_yet(window)

    def tag_selection(tag: str) -> None:
        selection = session.state.workspace.selection
        if selection is not None:
            session.tags.toggle(tag, selection.tolist())

    return Command(
        "selection.tag",
        translate("commands", "Tag the selection"),
        translate("commands", "Gives all images that are selected on the map a tag, or takes it."),
        tag_selection,
        menu=menu,
        submenu=translate("commands", "Tag the selection"),
        section="tags",
        kind=translate("commands", "Tag"),
        arguments=(Argument("tag", str),),
        choices=partial(_offered, window),
        obstacle=obstacle,
    )


def _select_tagged(window: CommandTarget, menu: str) -> Command:
    session = window.session

    def obstacle() -> str:
        found = len(tagged_numbers(session.state))
        return "" if found else translate("commands", "No image has a tag yet.")

    def choices() -> tuple[Choice, ...]:
        known = known_tags(session.state)
        used = [tag for tag in known if len(tagged_numbers(session.state, tag))]
        return (
            Choice(_ANY, translate("commands", "With any tag")),
            *(Choice(tag, _title(tag)) for tag in used),
        )

    return Command(
        "selection.tagged",
        translate("commands", "Select tagged images"),
        translate("commands", "Selects the images that have a tag, on the map and in Reconstruct."),
        lambda tag: session.tags.select("" if tag == _ANY else tag),
        menu=menu,
        submenu=translate("commands", "Select tagged images"),
        section="tags",
        kind=translate("commands", "Tag"),
        arguments=(Argument("tag", str, _ANY),),
        choices=choices,
        obstacle=obstacle,
    )


def _title(tag: str) -> str:
    from aestudio.gui.window.tags_dialog import tag_title

    return tag_title(tag)

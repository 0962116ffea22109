"""Tags of images: what the Explore menu and the menus of images offer."""

from __future__ import annotations

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
    session = window.session

    def none_yet() -> str:
        return translate("commands", "There are no images to tag yet.") if no_tags_yet(session.state) else ""

    def no_selection() -> str:
        if session.state.workspace.selection is None:
            return translate("commands", "Select images with the lasso on the map of the Latent view first.")
        return none_yet()

    def nothing_tagged() -> str:
        found = len(tagged_numbers(session.state))
        return "" if found else translate("commands", "No image has a tag yet.")

    def tag_selection(tag: str) -> None:
        selection = session.state.workspace.selection
        if selection is not None:
            session.tags.toggle(tag, selection.tolist())

    def tags() -> tuple[Choice, ...]:
        return tuple(Choice(tag, _title(tag)) for tag in known_tags(session.state))

    def used_tags() -> tuple[Choice, ...]:
        known = known_tags(session.state)
        used = [tag for tag in known if len(tagged_numbers(session.state, tag))]
        return (
            Choice(_ANY, translate("commands", "With any tag")),
            *(Choice(tag, _title(tag)) for tag in used),
        )

    kind = translate("commands", "Tag")
    return (
        Command(
            "image.tags",
            translate("commands", "Tags and note ..."),
            translate("commands", "Tags the selected image, or all that are selected on the map."),
            window.dialogs.show_tags,
            menu=menu,
            shortcut="Ctrl+L",
            section="tags",
            obstacle=none_yet,
        ),
        Command(
            "image.tag",
            translate("commands", "Tag this image"),
            translate("commands", "Gives the selected image a tag, or takes it from it."),
            lambda tag: session.tags.toggle(tag, (session.state.selected,)),
            menu=menu,
            submenu=translate("commands", "Tag this image"),
            section="tags",
            kind=kind,
            arguments=(Argument("tag", str),),
            choices=tags,
            obstacle=none_yet,
        ),
        Command(
            "selection.tag",
            translate("commands", "Tag the selection"),
            translate("commands", "Gives all images that are selected on the map a tag, or takes it."),
            tag_selection,
            menu=menu,
            submenu=translate("commands", "Tag the selection"),
            section="tags",
            kind=kind,
            arguments=(Argument("tag", str),),
            choices=tags,
            obstacle=no_selection,
        ),
        Command(
            "selection.tagged",
            translate("commands", "Select tagged images"),
            translate("commands", "Selects the images that have a tag, on the map and in Reconstruct."),
            lambda tag: session.tags.select("" if tag == _ANY else tag),
            menu=menu,
            submenu=translate("commands", "Select tagged images"),
            section="tags",
            kind=kind,
            arguments=(Argument("tag", str, _ANY),),
            choices=used_tags,
            obstacle=nothing_tagged,
        ),
    )


def _title(tag: str) -> str:
    from aestudio.gui.window.tags_dialog import tag_title

    return tag_title(tag)

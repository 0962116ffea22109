"""The Help menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def help_commands(window: CommandTarget) -> tuple[Command, ...]:
    """The tour, the glossary, the list of shortcuts, and what the program is."""
    translate = QCoreApplication.translate
    menu = translate("commands", "&Help")

    def show_tour() -> None:
        from aestudio.gui.window.tour.tour_guide import show_tour

        show_tour(window)

    def hidden() -> str:
        text = translate("commands", "The tour points at parts that a presentation hides: leave it first.")
        return text if window.session.state.presentation else ""

    return (
        Command(
            "help.tour",
            translate("commands", "Tour"),
            translate("commands", "Points at slider, map and Start, and says what they do."),
            show_tour,
            menu=menu,
            section="explain",
            obstacle=hidden,
        ),
        Command(
            "help.glossary",
            translate("commands", "Glossary"),
            translate("commands", "Explains each term that the window uses, in one sentence."),
            window.dialogs.show_glossary,
            menu=menu,
            shortcut="Shift+F1",
            section="explain",
        ),
        Command(
            "help.shortcuts",
            translate("commands", "Keyboard shortcuts"),
            translate("commands", "Lists every shortcut."),
            window.dialogs.show_shortcuts,
            menu=menu,
            shortcut="F1",
            section="explain",
        ),
        Command(
            "help.about",
            translate("commands", "About AE Studio"),
            translate("commands", "Version, licence, where the pretrained models come from."),
            window.dialogs.show_about,
            menu=menu,
            section="about",
        ),
    )

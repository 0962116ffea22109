"""The Help menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def help_commands(window: CommandTarget) -> tuple[Command, ...]:
    """The tour, lessons, the glossary, the list of shortcuts, and what the program is."""
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
        *_lessons(window, menu),
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


def _lessons(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """The list of lessons, and what can be told one by its id."""
    translate = QCoreApplication.translate
    session = window.session

    def no_lesson() -> str:
        given = session.state.lesson.page == "step"
        return "" if given else translate("commands", "No lesson is given: open one with Help, Lessons.")

    return (
        Command(
            "help.lessons",
            translate("commands", "Lessons"),
            translate("commands", "Lists the lessons: guess, measure, and read why."),
            session.lessons.show_list,
            menu=menu,
            section="explain",
        ),
        Command(
            "lesson.give",
            translate("commands", "Give a lesson"),
            translate("commands", "Begins the lesson of this name, or in this file."),
            session.lessons.give,
            arguments=(Argument("name_or_path", str),),
        ),
        Command(
            "lesson.forward",
            translate("commands", "Lesson: next step"),
            translate("commands", "Opens the next step of the lesson."),
            session.lessons.forward,
            obstacle=no_lesson,
        ),
        Command(
            "lesson.back",
            translate("commands", "Lesson: step before"),
            translate("commands", "Opens the step before of the lesson."),
            session.lessons.back,
            obstacle=no_lesson,
        ),
        Command(
            "lesson.go_to",
            translate("commands", "Lesson: go to a step"),
            translate("commands", "Opens the step of this number of the lesson, from 0 on."),
            session.lessons.go_to,
            arguments=(Argument("index", int),),
            obstacle=no_lesson,
        ),
        Command(
            "lesson.close",
            translate("commands", "Close the lesson"),
            translate("commands", "Closes the lesson; what was guessed is kept."),
            session.lessons.close,
        ),
    )

"""The commands of the window, for the menus and the list of shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.actions import Command

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.theme.holder import ThemeHolder
    from aestudio.gui.views.lazy_stack import LazyStack
    from aestudio.gui.window.history_bar import HistoryBar
    from aestudio.gui.window.sidebars.left_sidebar import LeftSidebar
    from aestudio.gui.window.sidebars.right_sidebar import RightSidebar


def window_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Every command, in the order of the menus."""
    return (*_training(window), *_explore(window), *_time(window), *_view(window), *_help(window))


def _training(window: CommandTarget) -> tuple[Command, ...]:
    translate = QCoreApplication.translate
    menu = translate("commands", "&Training")
    control = window.session.training
    return (
        Command(
            menu,
            translate("commands", "Choose a recipe ..."),
            "Ctrl+G",
            translate("commands", "Opens the gallery of recipes."),
            window.left.recipe.open_gallery,
        ),
        Command(
            menu,
            translate("commands", "Save the recipe ..."),
            "",
            translate("commands", "Keeps the recipe with its settings among your own."),
            window.left.recipe.save,
        ),
        Command(
            menu,
            translate("commands", "Start, pause or resume"),
            "Ctrl+Return",
            translate("commands", "Starts the recipe on the left; pauses and continues it exactly."),
            control.toggle,
        ),
        Command(
            menu,
            translate("commands", "Single step"),
            "Ctrl+.",
            translate("commands", "Does one step of the optimiser and pauses."),
            control.step,
        ),
        Command(
            menu,
            translate("commands", "Stop"),
            "Ctrl+Shift+S",
            translate("commands", "Ends the training; the run is kept."),
            control.stop,
        ),
        Command(
            menu,
            translate("commands", "Reset to the initial weights"),
            "Ctrl+R",
            translate("commands", "The same initial weights and order of images again, from the seed."),
            control.reset,
        ),
        Command(
            menu,
            translate("commands", "&Quit"),
            "Ctrl+Q",
            translate("commands", "Closes the window; a current run is kept."),
            window.close,
        ),
    )


def _explore(window: CommandTarget) -> tuple[Command, ...]:
    translate = QCoreApplication.translate
    menu = translate("commands", "&Explore")
    session = window.session
    explore = session.explore
    return (
        Command(
            menu,
            translate("commands", "Undo"),
            "Ctrl+Z",
            translate("commands", "Undoes the last change of sliders, bookmarks or selection."),
            session.workspace.undo,
        ),
        Command(
            menu,
            translate("commands", "Redo"),
            "Ctrl+Shift+Z",
            translate("commands", "Redoes the change that was undone last."),
            session.workspace.redo,
        ),
        Command(
            menu,
            translate("commands", "Bookmark this code"),
            "Ctrl+Shift+D",
            translate("commands", "Keeps the decoded code, to return to it later."),
            lambda: session.workspace.bookmark(),
        ),
        Command(
            menu,
            translate("commands", "Random image"),
            "Ctrl+D",
            translate("commands", "Shows another test image in every view."),
            explore.select_random,
        ),
        Command(
            menu,
            translate("commands", "Next image"),
            "Ctrl+Right",
            translate("commands", "The next image of the test set."),
            lambda: explore.select(session.state.selected + 1),
        ),
        Command(
            menu,
            translate("commands", "Previous image"),
            "Ctrl+Left",
            translate("commands", "The previous image of the test set."),
            lambda: explore.select(session.state.selected - 1),
        ),
        Command(
            menu,
            translate("commands", "Sample from the prior"),
            "Ctrl+P",
            translate("commands", "Moves the sliders to a random code."),
            explore.sample_prior,
        ),
        Command(
            menu,
            translate("commands", "Back to the image's code"),
            "Ctrl+0",
            translate("commands", "Moves the sliders to the code of the selected image."),
            explore.reset,
        ),
    )


def _time(window: CommandTarget) -> tuple[Command, ...]:
    translate = QCoreApplication.translate
    menu = translate("commands", "T&ime")
    control = window.session.history
    return (
        Command(
            menu,
            translate("commands", "Play the history as an animation, or pause it"),
            "Ctrl+Shift+P",
            translate("commands", "Every view shows one checkpoint after the other."),
            control.toggle,
        ),
        # Not Ctrl+[ and Ctrl+]: many keyboards have brackets only behind another modifier.
        Command(
            menu,
            translate("commands", "Previous checkpoint"),
            "Alt+Left",
            translate("commands", "Every view shows an earlier checkpoint."),
            control.back,
        ),
        Command(
            menu,
            translate("commands", "Next checkpoint"),
            "Alt+Right",
            translate(
                "commands", "Every view shows a later checkpoint; after the last one, the newest weights."
            ),
            control.forth,
        ),
        Command(
            menu,
            translate("commands", "First checkpoint"),
            "Alt+Home",
            translate("commands", "Every view shows the weights before the first step."),
            control.first,
        ),
        Command(
            menu,
            translate("commands", "Back to now"),
            "Alt+End",
            translate("commands", "Every view shows the newest weights again."),
            lambda: control.show(None),
        ),
        Command(
            menu,
            translate("commands", "Branch from here ..."),
            "Ctrl+Shift+B",
            translate("commands", "Starts a new run at this checkpoint, with one setting changed."),
            window.history.open_branch,
        ),
    )


def _view(window: CommandTarget) -> tuple[Command, ...]:
    translate = QCoreApplication.translate
    menu = translate("commands", "&View")
    tabs = tuple(
        Command(menu, view.title(), f"Ctrl+{index + 1}", view.help(), lambda n=name: window.show_view(n))
        for index, (name, view) in enumerate(window.views.classes.items())
    )

    def choose(scheme: str) -> None:
        if window.theme_holder is not None:
            window.theme_holder.set_scheme(scheme)  # type: ignore[arg-type]

    session = window.session
    return (
        *tabs,
        Command(
            menu,
            translate("commands", "Recipe sidebar"),
            "Ctrl+B",
            translate("commands", "Hides or shows the left sidebar."),
            lambda: window.toggle_sidebar(window.left),
        ),
        Command(
            menu,
            translate("commands", "Inspector"),
            "Ctrl+I",
            translate("commands", "Hides or shows the right sidebar."),
            lambda: window.toggle_sidebar(window.right),
        ),
        Command(
            menu,
            translate("commands", "Presentation: the view alone"),
            "F11",
            translate("commands", "The view fills the screen, with larger fonts; again or Escape to return."),
            window.toggle_presentation,
        ),
        Command(
            menu,
            translate("commands", "Dark"),
            "",
            translate("commands", "Light on dark."),
            lambda: choose("dark"),
        ),
        Command(
            menu,
            translate("commands", "Light"),
            "",
            translate("commands", "Dark on light."),
            lambda: choose("light"),
        ),
        Command(
            menu,
            translate("commands", "As the system"),
            "",
            translate("commands", "Follows the system's colour scheme."),
            lambda: choose("system"),
        ),
        Command(
            menu,
            translate("commands", "Ink on paper"),
            "Ctrl+Shift+I",
            translate("commands", "Grey images black on white instead of white on black."),
            lambda: session.update(ink_on_paper=not session.state.ink_on_paper),
        ),
    )


def _help(window: CommandTarget) -> tuple[Command, ...]:
    translate = QCoreApplication.translate
    menu = translate("commands", "&Help")
    return (
        Command(
            menu,
            translate("commands", "Keyboard shortcuts"),
            "F1",
            translate("commands", "Lists every shortcut."),
            window.show_shortcuts,
        ),
        Command(
            menu,
            translate("commands", "About AE Studio"),
            "",
            translate("commands", "Version, licence, where the pretrained models come from."),
            window.show_about,
        ),
    )


class CommandTarget(Protocol):
    """The part of the main window that the commands use."""

    session: Session
    views: LazyStack
    history: HistoryBar
    left: LeftSidebar
    right: RightSidebar
    theme_holder: ThemeHolder | None
    commands: tuple[Command, ...]

    def show_view(self, name: str) -> None: ...
    def toggle_sidebar(self, sidebar: QWidget) -> None: ...
    def toggle_presentation(self) -> None: ...
    def show_shortcuts(self) -> None: ...
    def show_about(self) -> None: ...
    def close(self) -> bool: ...

"""The palette and the dialogs of the window, each imported when it is first opened.

The first frame waits for every import; these took 0.03 s of it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aestudio.gui.window.perform import perform

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.gui.window.palette.command_palette import CommandPalette
    from aestudio.gui.window.runs.queue_window import QueueWindow
    from aestudio.gui.window.sweeps.sweeps_window import SweepsWindow


class Dialogs:
    """What lies over the window until it is closed, and belongs to no view."""

    def __init__(self, target: CommandTarget, window: QWidget) -> None:
        self._target, self._window = target, window

    @cached_property
    def palette(self) -> CommandPalette:
        """The field in which everything is found by typing."""
        from aestudio.gui.window.palette.command_palette import CommandPalette

        return CommandPalette(self._target.session, self._window)

    def show_palette(self) -> None:
        """Open the palette, or close it."""
        self.palette.toggle(self._target.commands)

    def name_run(self) -> None:
        """Ask for a name of the shown run."""
        from aestudio.gui.window.name_run import name_run

        name_run(self._target.session, self._window)

    def show_export(self) -> None:
        """Ask in which format the shown run is written."""
        from aestudio.gui.window.files.export_dialog import show_export_dialog

        show_export_dialog(self._target.session, self._window)

    def show_lossless(self) -> None:
        """Open the steps in which images are compressed without loss."""
        from aestudio.gui.window.files.lossless_dialog import show_lossless

        show_lossless(self._target.session, self._window)

    def show_tags(self) -> None:
        """Ask for tags and a note of the selected image."""
        from aestudio.gui.window.tags_dialog import show_tags

        show_tags(self._target.session, self._window)

    def show_guess(self) -> None:
        """Ask which diagnostic would catch the sabotage of the shown run."""
        from aestudio.gui.window.sabotage.guess_dialog import show_guess

        repair = self._target.commands["sabotage.repair"]
        show_guess(self._target.session, self._window, lambda: perform(self._target.session, repair))

    def show_slow_motion(self) -> None:
        """Open the next training step, part by part."""
        from aestudio.gui.window.slow_motion.slow_motion_window import show_slow_motion

        show_slow_motion(self._target.session, self._window)

    @cached_property
    def queue(self) -> QueueWindow:
        """The window of the trainings that wait."""
        from aestudio.gui.window.runs.queue_window import QueueWindow

        return QueueWindow(self._target.session, self._window)

    def show_queue(self) -> None:
        """Open the trainings that wait."""
        self.queue.open_at()

    @cached_property
    def sweeps(self) -> SweepsWindow:
        """The window of the kept sweeps."""
        from aestudio.gui.window.sweeps.sweeps_window import SweepsWindow

        return SweepsWindow(self._target.session, self._window, self.show_vary)

    def show_sweeps(self) -> None:
        """Open the kept sweeps."""
        self.sweeps.open_at()

    def show_vary(self, name: str = "") -> None:
        """Ask which settings of the recipe vary. name: of the first, "" for that of the recipe"""
        from aestudio.gui.window.sweeps.vary_dialog import show_vary

        show_vary(self._target.session, self._window, name, self.show_sweeps)

    def show_preferences(self) -> None:
        """Open the preferences."""
        from aestudio.gui.window.preferences_dialog import show_preferences

        show_preferences(self._target, self._window)

    def show_glossary(self) -> None:
        """Open the glossary."""
        from aestudio.gui.window.glossary_dialog import show_glossary

        show_glossary(self._window)

    def show_shortcuts(self) -> None:
        """Open the list of shortcuts."""
        from aestudio.gui.window.help_dialog import show_shortcuts

        show_shortcuts(self._window, self._target.commands)

    def show_about(self) -> None:
        """Open version and licence."""
        from aestudio.gui.window.help_dialog import show_about

        show_about(self._window)

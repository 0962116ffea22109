"""Sets the window up as a step of a lesson says: view, options, overlay, sliders, compared runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.lessons.declared_lesson import OptionValue


class StepSetUp:
    """What must wait until the shown model can be moved (its sliders) waits; all else is done at once."""

    def __init__(self, target: CommandTarget) -> None:
        self._target = target
        self._sliders: Mapping[int, float] = {}

    def begin(self, state: StudioState) -> None:
        """Set up what the open step wants."""
        lesson, target = state.lesson, self._target
        step, prepared = lesson.step, lesson.prepared
        if step is None or prepared is None:
            return
        shown = prepared.state(lesson.shown)
        try:
            if step.view is not None:
                target.show_view(step.view)
            if step.panel is not None:
                target.show_panel(step.panel)
            for name, value in step.options.items():
                self._set_option(name, value)
            if shown.overlay != state.map_choice.overlay:
                target.session.explore.choose_map(replace(state.map_choice, overlay=shown.overlay))
            if any(action.do == "compare" for action in step.actions):
                target.compare_runs(tuple(prepared.run_of(shown.points[name]) for name in shown.compared))
        except StudioError as problem:
            target.session.show_message(str(problem), "warn")
        self._sliders = shown.sliders
        self.show_state(target.session.state)

    def _set_option(self, name: str, value: OptionValue) -> None:
        """Switch a command on or off, or tell it a value; raises BadChoice for an unknown one."""
        commands = self._target.commands
        command = commands.get(name)
        if command is not None and command.checked is not None and isinstance(value, bool):
            if command.checked() != value:
                command.run()
        elif command is not None and len(command.arguments) == 1:
            command.run(**{command.arguments[0].name: value})
        else:
            commands.run(name)

    def show_state(self, state: StudioState) -> None:
        """Move the sliders once the model of the step can be moved."""
        exploration = state.exploration
        ready = exploration.code is not None and exploration.step is not None
        at_step = state.snapshot is not None and exploration.step == state.snapshot.step
        if self._sliders and ready and at_step:
            moved, self._sliders = self._sliders, {}
            session = self._target.session
            session.after_showing(lambda: session.explore.move_sliders(moved))

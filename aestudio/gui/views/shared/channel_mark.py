"""A mark over a part that shows the values of some channels: it says if one of them is of an earlier step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.moment import Moment, moment_of
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState


class ChannelMark(StepMark):
    """Every part that shows results of requests has one, so that it never passes for another step.

    channels: those whose values the part shows
    """

    def __init__(self, part: QWidget, *channels: str, at_once: bool = False, quiet: bool = False) -> None:
        super().__init__(part, at_once, quiet)
        self.channels = channels

    def show_state(self, state: StudioState, *channels: str, visible: bool = True) -> None:
        """Say of which step the oldest of the values is.

        channels: those that are shown now, all of the part's by default; visible: whether it shows any
        """
        self.show_moment(moment_of(state, *(channels or self.channels)) if visible else Moment(None, None))

    def show_moment(self, moment: Moment) -> None:
        """Say of which step the part is."""
        self.show_step(moment.step, moment.now, moment.follows, moment.since)

"""A mark over a part that shows the values of some channels: it says if one of them is of an earlier step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.point_before import of_point_before
from aestudio.gui.state.shown_step import ShownStep, step_of_channels
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.widgets.fixed_caption import FixedCaption

translate = QCoreApplication.translate


class ChannelMark(StepMark):
    """Every part that shows results of requests has one, so that it never passes for another step.

    channels: those whose values the part shows
    of_point: whether it shows something about the point of the latent space: then it says, too, if that is
              another one than the present point, whose own is being computed
    """

    def __init__(
        self,
        part: QWidget,
        *channels: str,
        at_once: bool = False,
        quiet: bool = False,
        of_point: bool = False,
        caption: FixedCaption | None = None,
    ) -> None:
        super().__init__(part, at_once, quiet, caption)
        self.channels, self._of_point = channels, of_point

    def show_state(self, state: StudioState, *channels: str, visible: bool = True) -> None:
        """Say of which step the oldest of the values is.

        channels: those that are shown now, all of the part's by default; visible: whether it shows any
        """
        channels = channels or self.channels
        self.show_shown_step(step_of_channels(state, *channels) if visible else ShownStep(None, None))
        if self._of_point:
            before = visible and any(of_point_before(state, channel) for channel in channels)
            self.show_other(translate("ChannelMark", "of the point before") if before else "")

    def show_shown_step(self, shown: ShownStep) -> None:
        """Say of which step the part is."""
        self.show_step(shown.step, shown.now, shown.follows, shown.since)

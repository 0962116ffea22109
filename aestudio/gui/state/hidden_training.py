"""The training while another model is on the screen. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.data_state import DataState
    from aestudio.gui.state.history_state import HistoryState
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.run_state import RunState


@dataclass(frozen=True, eq=False)
class HiddenTraining:
    """What is shown again when the training is, and the run that is shown instead.

    Events of the training change `model` and `history` here, and nothing that is on the screen.

    shown:   the run on the screen, with its curves; it is not trained
    model:   the newest model of the training
    history: its checkpoints, at the present model
    data:    its images, if others were loaded for the shown run since; None: the loaded ones are its own
    """

    shown: RunState
    model: ExploredModel | None
    history: HistoryState
    data: DataState | None = None

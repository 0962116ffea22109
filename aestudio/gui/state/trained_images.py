"""On which images the shown model was trained, as far as that is known. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.shown_title import listed_run
from aestudio.gui.state.subject import home_of

if TYPE_CHECKING:
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.run_record import RunRecord


def run_of(model: ExploredModel, state: StudioState) -> RunState | None:
    """The training of the shown model, if it is trained or was trained here."""
    run = state.shown_run
    same = model.snapshot.run == run.run and model.snapshot.home == home_of(run.run, run.folder)
    return run if same and run.run else None


def record_of(model: ExploredModel, state: StudioState) -> RunRecord | None:
    """What the run of the shown model has recorded, in the list of runs or where it was opened."""
    listed, run = listed_run(state, model), run_of(model, state)
    record = None if listed is None else listed.record
    if record is None and run is not None and run.opened is not None:  # from outside the folder of runs
        record = run.opened.record
    return record


def data_title(run: RunState | None, record: RunRecord | None) -> str:
    """The title of the data set that a run is trained on; "" if it is not known."""
    if run is not None and run.started is not None and run.started.data is not None:
        return run.started.data.title
    return "" if record is None else record.dataset_title


def are_foreign(state: StudioState) -> bool:
    """Whether the shown images are of another data set than the shown model was trained on.

    Their classes are then not those that the model knows, even if there are as many.
    """
    model, dataset = state.model, state.dataset
    if model is None or dataset is None:
        return False
    trained_on = data_title(run_of(model, state), record_of(model, state))
    return trained_on not in ("", dataset.title)


def are_foreign_to(run: RunState, state: StudioState) -> bool:
    """The same of the loaded images and one of the compared runs."""
    loaded = state.data.dataset
    return loaded is not None and data_title(run, None) not in ("", loaded.title)

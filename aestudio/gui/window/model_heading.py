"""What is on show, in words: the model, its data set, its step and its state. A pure function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.shown_title import listed_run, title_of_model
from aestudio.gui.state.subject import home_of
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState, Tone
    from aestudio.runs.run_record import RunRecord

translate = QCoreApplication.translate

SEPARATOR = "  ·  "
_LONGEST = 300  # characters of a title, before its end is cut


@dataclass(frozen=True)
class Heading:
    """The parts of the heading, each "" if it is not known.

    longest: the same with parts as wide as they can become while this model is trained, so that nothing moves
             meanwhile
    tone:    of the state
    """

    model: str = ""
    dataset: str = ""
    step: str = ""
    state: str = ""
    longest: tuple[Heading, ...] = ()
    tone: Tone = "plain"

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are known, in the order in which they are read."""
        return tuple(part for part in (self.model, self.dataset, self.step, self.state) if part)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return SEPARATOR.join(self.parts)


def heading_of(state: StudioState, *, comparison: bool = False) -> Heading:
    """What the views show now. comparison: the view in front shows the compared runs."""
    if comparison and state.comparison.runs:
        return _of_comparison(state)
    model = state.model
    if model is None:
        return Heading()
    run = _run_of(model, state)
    listed = listed_run(state, model)
    record = None if listed is None else listed.record
    if record is None and run is not None and run.opened is not None:  # from outside the folder of runs
        record = run.opened.record
    total = _total_steps(run, record)
    step = model.snapshot.step
    text, tone = _state_text(model, run, record, state)
    states = (text, *_states_while_training()) if run is not None and run.active else (text,)
    title = _title_of(state, model, record)
    dataset = _with_images(_dataset_title(run, record), state.dataset)
    last = max(total, step)
    return Heading(
        title,
        dataset,
        _step_text(step, total, checkpoint=state.history.step is not None),
        text,
        tuple(Heading(title, dataset, _step_text(last, total), one) for one in states),
        tone,
    )


def _title_of(state: StudioState, model: ExploredModel, record: RunRecord | None) -> str:
    """The title of the model; of a kept run also when it began, which tells those of one recipe apart."""
    title = one_line(title_of_model(state, model), _LONGEST, cut_end=True)
    if model.origin != "kept" or record is None:
        return title
    return translate("ModelHeading", "{}, run of {}").format(title, _when(record.created.astimezone()))


def _when(began: datetime) -> str:
    """The day, in words if it is today or yesterday, and then the time."""
    days = (datetime.now().astimezone().date() - began.date()).days
    day = {0: translate("ModelHeading", "today"), 1: translate("ModelHeading", "yesterday")}.get(days)
    return f"{began:%Y-%m-%d}" if day is None else f"{day} {began:%H:%M}"


def _of_comparison(state: StudioState) -> Heading:
    runs = state.comparison.runs
    title = translate("ModelHeading", "Comparison of {} runs").format(len(runs))
    if state.comparison.base is not None:
        title = f"{title}: {one_line(state.comparison.base.title, _LONGEST, cut_end=True)}"
    first = runs[0]
    dataset = _with_images(_dataset_title(first, None), state.data.dataset)
    # Of the weights that maps and images are about; the training itself is a little ahead of them.
    steps = [run.snapshot.step for run in runs if run.snapshot is not None]
    total = _total_steps(first, None)
    step = _step_text(max(steps), total) if steps else ""
    text, tone = _phase_text(state.comparison.phase), _tone_of(state.comparison.phase)
    if state.comparison.phase == "ended":
        text = translate("ModelHeading", "ended")
    states = (text, *_states_while_training()) if state.comparison.active else (text,)
    longest = tuple(Heading(title, dataset, _step_text(total, total), one) for one in states)
    return Heading(title, dataset, step, text, longest, tone)


def _run_of(model: ExploredModel, state: StudioState) -> RunState | None:
    """The training of the shown model, if it is trained or was trained here."""
    run = state.shown_run
    same = model.snapshot.run == run.run and model.snapshot.home == home_of(run.run, run.folder)
    return run if same and run.run else None


def _total_steps(run: RunState | None, record: RunRecord | None) -> int:
    """The steps of the whole training; 0 if they are not known."""
    if run is not None and run.started is not None:
        return run.started.epochs * run.started.steps_per_epoch
    if record is not None and record.steps_per_epoch:
        return record.recipe.training.epochs * record.steps_per_epoch
    return 0


def _dataset_title(run: RunState | None, record: RunRecord | None) -> str:
    if run is not None and run.started is not None and run.started.data is not None:
        return one_line(run.started.data.title)
    return "" if record is None else one_line(record.dataset_title)


def _with_images(trained_on: str, shown: Dataset | None) -> str:
    """The data set that a model was trained on, and the one whose images are shown, if that differs."""
    title = "" if shown is None else one_line(shown.title)
    if not trained_on or title in ("", trained_on):
        return trained_on
    return translate("ModelHeading", "{}, on {}").format(trained_on, title)


def _step_text(step: int, total: int, *, checkpoint: bool = False) -> str:
    if total > step or (total and total == step):
        text = translate("ModelHeading", "step {} of {}").format(f"{step:,}", f"{total:,}")
    else:
        text = translate("ModelHeading", "step {}").format(f"{step:,}")
    return translate("ModelHeading", "history: {}").format(text) if checkpoint else text


def _state_text(
    model: ExploredModel, run: RunState | None, record: RunRecord | None, state: StudioState
) -> tuple[str, Tone]:
    """What is happening to the shown model."""
    if model.origin == "shipped" and (run is None or run.phase == "idle"):
        return translate("ModelHeading", "shipped with AE Studio"), "plain"
    if run is None or run.phase == "idle":
        if model.origin == "training" and not model.snapshot.step:
            return translate("ModelHeading", "initial weights"), "plain"
        return _recorded_text(record), "plain"
    if run.phase == "ended":
        reason = None if run.ended is None else run.ended.reason
        return _end_text(reason), "bad" if reason == "diverged" else "plain"
    if state.history.step is not None and run.phase == "running":
        return translate("ModelHeading", "training goes on"), "good"
    return _phase_text(run.phase), _tone_of(run.phase)


def _phase_text(phase: str) -> str:
    return {
        "preparing": translate("ModelHeading", "getting ready"),
        "running": translate("ModelHeading", "training"),
        "paused": translate("ModelHeading", "paused"),
        "stopping": translate("ModelHeading", "stopping"),
    }.get(phase, "")


def _tone_of(phase: str) -> Tone:
    tones: dict[str, Tone] = {"running": "good", "paused": "warn", "stopping": "warn"}
    return tones.get(phase, "plain")


def _end_text(reason: str | None) -> str:
    return {
        "finished": translate("ModelHeading", "finished"),
        "stopped": translate("ModelHeading", "stopped"),
        "early_stopping": translate("ModelHeading", "stopped early"),
        "diverged": translate("ModelHeading", "diverged"),
    }.get(reason or "", translate("ModelHeading", "ended"))


def _recorded_text(record: RunRecord | None) -> str:
    status = "" if record is None else record.status
    return {
        "finished": translate("ModelHeading", "finished"),
        "early_stopping": translate("ModelHeading", "stopped early"),
        "diverged": translate("ModelHeading", "diverged"),
        "stopped": translate("ModelHeading", "stopped"),
    }.get(status, translate("ModelHeading", "kept run"))


def _states_while_training() -> tuple[str, ...]:
    return tuple(_phase_text(phase) for phase in ("preparing", "running", "paused", "stopping"))

"""The events of one or more runs, pulled on a thread of their own."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.gui.workers.mailbox import Mailbox
from aestudio.gui.workers.messages import SaveFailed, Trained, TrainingEnded
from aestudio.gui.workers.recorded_runs import new_run, resumed_run
from aestudio.gui.workers.training_job import TrainingJob
from aestudio.paths import runs_folder
from aestudio.recipes.run_titles import run_title
from aestudio.runs.index import kept_runs
from aestudio.runs.start import RunEvents
from aestudio.training.checkpoint_history import HistoryCheckpoint
from aestudio.training.events import (
    Checkpoint,
    CheckpointTaken,
    Ended,
    HistoryCheckpointKept,
    MetricPoint,
    Paused,
    Snapshot,
    SnapshotTaken,
    Started,
    TrainingProgress,
    Yielded,
)
from aestudio.training.lockstep import LockstepCommands
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Generator

    import pytest
    from pytestqt.qtbot import QtBot

    from aestudio.errors import OnProblem
    from aestudio.gui.workers.recorded_runs import StartRun
    from aestudio.training.commands import Commands
    from aestudio.training.events import Event


def progress(step: int) -> TrainingProgress:
    return TrainingProgress(step, 0.0, 1.0, 1.0, 0, 1e-3)


def a_run(events: Callable[[Commands], Generator[Event, None, None]]) -> StartRun:
    """A run of given events, without a folder."""

    def start(commands: Commands, in_turns: bool, on_problem: OnProblem) -> RunEvents:
        return RunEvents(Path("no folder"), events(commands))

    return start


def of_events(*happened: Event) -> StartRun:
    def events(commands: Commands) -> Generator[Event, None, None]:
        yield from happened

    return a_run(events)


def train(qtbot: QtBot, *runs: StartRun) -> tuple[TrainingJob, list[Trained], TrainingEnded]:
    """The job after its end, the messages with events, and the last message."""
    mailbox = Mailbox()
    job = TrainingJob(mailbox, runs)
    qtbot.waitUntil(lambda: not job.alive())
    *messages, ended = mailbox.take()
    assert isinstance(ended, TrainingEnded)
    assert {message.token for message in (*messages, ended)} == {job.token}
    return job, messages, ended


def test_all_points_come_and_only_the_newest_progress(qtbot: QtBot) -> None:
    end = Ended("finished", 3, 1.0, 1.0)
    points = [MetricPoint("training", step, 0.0, {"loss": 1.0}) for step in range(3)]
    happened = [event for point in points for event in (point, progress(point.step))]
    _, messages, ended = train(qtbot, of_events(*happened, end))
    assert [message.event for message in messages] == [*points, progress(2), end]
    assert {message.number for message in messages} == {0}
    assert ended.problem is None


def test_every_checkpoint_comes_and_none_carries_a_state(qtbot: QtBot) -> None:
    """Hundreds of them in a mailbox are hundreds of numbers: what they name is in the run's folder."""
    kept = [HistoryCheckpointKept(HistoryCheckpoint(step, step / 9, 2_700_000)) for step in range(300)]
    happened = [event for one in kept for event in (one, progress(one.history_checkpoint.step))]
    _, messages, _ = train(qtbot, of_events(*happened))
    assert [message.event for message in messages] == [*kept, progress(299)]


def test_commands_given_before_are_obeyed_from_the_first_step_on(qtbot: QtBot) -> None:
    commands = LockstepCommands(1)
    commands.pause()

    def events(commands: Commands) -> Generator[Event, None, None]:
        yield progress(0)
        if not commands.may_step():
            yield Paused(0)
            commands.wait_while_paused()

    mailbox = Mailbox()
    job = TrainingJob(mailbox, [a_run(events)], commands)
    messages: list[Trained] = []

    def paused() -> bool:
        messages.extend(mailbox.take())
        return len(messages) == 2

    qtbot.waitUntil(paused)
    assert messages[1].event == Paused(0)
    assert job.alive()
    job.commands.stop()
    qtbot.waitUntil(lambda: not job.alive())


def test_a_problem_is_the_last_message(qtbot: QtBot) -> None:
    problem = StudioError("There is no image to train on")

    def events(commands: Commands) -> Generator[Event, None, None]:
        yield progress(0)
        raise problem

    _, messages, ended = train(qtbot, a_run(events))
    assert [message.event for message in messages] == [progress(0)]
    assert ended.problem is problem


def test_an_unexpected_error_is_told_as_well(
    qtbot: QtBot, logged_errors: list[logging.LogRecord], caplog: pytest.LogCaptureFixture
) -> None:
    def events(commands: Commands) -> Generator[Event, None, None]:
        raise RuntimeError("CUDA out of memory")
        yield progress(0)

    _, messages, ended = train(qtbot, a_run(events))
    assert messages == []
    assert "Memory ran out while training" in str(ended.problem)
    assert len(logged_errors) == 1


def test_a_user_s_sys_exit_ends_the_training_and_not_its_messages(
    qtbot: QtBot, logged_errors: list[logging.LogRecord]
) -> None:
    def events(commands: Commands) -> Generator[Event, None, None]:
        yield progress(0)
        sys.exit(3)

    _, messages, ended = train(qtbot, a_run(events))
    assert [message.event for message in messages] == [progress(0)]
    assert "while training (SystemExit: 3)" in str(ended.problem)
    assert len(logged_errors) == 1


def test_it_runs_on_a_thread_of_its_own(qtbot: QtBot) -> None:
    names = []

    def events(commands: Commands) -> Generator[Event, None, None]:
        names.append(threading.current_thread().name)
        yield progress(0)

    train(qtbot, a_run(events))
    assert names == ["training"]


def test_each_job_has_a_token_of_its_own(qtbot: QtBot) -> None:
    jobs = [train(qtbot, of_events(progress(0)))[0] for _ in range(3)]
    assert len({job.token for job in jobs}) == 3


# ---- several runs ---------------------------------------------------------------------------------


def taken(step: int) -> SnapshotTaken:
    return SnapshotTaken(Snapshot("run", quick_recipe(), step, 0.0, {}, data=MNIST))


def test_runs_do_not_replace_the_messages_of_each_other(qtbot: QtBot) -> None:
    first, second, newest = taken(0), taken(0), taken(1)
    runs = (of_events(first, Yielded(4), newest), of_events(second, Yielded(4), progress(7)))
    _, messages, _ = train(qtbot, *runs)
    sent = [(message.number, message.event) for message in messages]
    assert sent == [(1, second), (0, newest), (1, progress(7))]


def test_only_a_single_run_sends_its_states(qtbot: QtBot) -> None:
    """Of compared runs, which are not resumed in the window, they would take memory only."""
    snapshot = taken(0)
    state = CheckpointTaken(Checkpoint(snapshot.snapshot, {}, None, {}, {}))  # type: ignore[arg-type]
    run = of_events(snapshot, state, Ended("stopped", 0, 0.0, 0.0))
    assert state in [message.event for message in train(qtbot, run)[1]]
    assert state not in [message.event for message in train(qtbot, run, run)[1]]


def test_a_single_run_is_not_interrupted_for_others(qtbot: QtBot) -> None:
    asked: list[bool] = []
    obeyed: list[Commands] = []

    def start(commands: Commands, in_turns: bool, on_problem: OnProblem) -> RunEvents:
        asked.append(in_turns)
        obeyed.append(commands)
        return of_events(progress(0))(commands=commands, in_turns=in_turns, on_problem=on_problem)

    job, *_ = train(qtbot, start)
    assert asked == [False]
    assert obeyed == [job.commands]
    asked.clear()
    train(qtbot, start, start)
    assert asked == [True, True]


def test_a_run_that_cannot_be_saved_is_named(qtbot: QtBot) -> None:
    problem = StudioError("The disk is full")

    def start(commands: Commands, in_turns: bool, on_problem: OnProblem) -> RunEvents:
        on_problem(problem)
        return of_events(progress(0))(commands=commands, in_turns=in_turns, on_problem=on_problem)

    mailbox = Mailbox()
    job = TrainingJob(mailbox, (of_events(progress(0)), start))
    qtbot.waitUntil(lambda: not job.alive())
    failed = [message for message in mailbox.take() if isinstance(message, SaveFailed)]
    assert [(one.token, one.number, one.problem) for one in failed] == [(job.token, 1, problem)]


def test_runs_that_never_began_leave_no_folder(qtbot: QtBot, few_digits: Dataset) -> None:
    """The second cannot be trained on images without labels, and the third is not reached."""
    bare = Dataset("bare", "Bare", ImageSet(few_digits.train.images), ImageSet(few_digits.test.images))
    recipes = [quick_recipe("digit-classifier"), quick_recipe("digit-classifier"), quick_recipe()]
    _, messages, ended = train(qtbot, *(new_run(recipe, bare, "cpu") for recipe in recipes))
    assert messages == []
    assert "needs labels" in str(ended.problem)
    assert list(runs_folder().iterdir()) == []


def test_new_runs_and_a_resumed_one_are_kept(qtbot: QtBot, few_digits: Dataset) -> None:
    recipe = quick_recipe(epochs=1)
    _, messages, ended = train(
        qtbot, new_run(recipe, few_digits, "cpu", "One"), new_run(recipe, few_digits, "auto")
    )
    assert ended.problem is None
    names = [message.event.run for message in messages if isinstance(message.event, Started)]
    assert sorted(run.name for run in kept_runs()) == sorted(names)
    assert {run.title for run in kept_runs()} == {"One", run_title(recipe)}

    commands = LockstepCommands(1)
    commands.stop()
    mailbox = Mailbox()
    job = TrainingJob(mailbox, [new_run(recipe, few_digits, "cpu")], commands)
    qtbot.waitUntil(lambda: not job.alive())
    events = [message.event for message in mailbox.take() if isinstance(message, Trained)]
    (state,) = (event.checkpoint for event in events if isinstance(event, CheckpointTaken))
    folder = runs_folder() / state.snapshot.run
    _, messages, ended = train(qtbot, resumed_run(folder, few_digits, "auto", state))
    assert ended.problem is None
    started = messages[0].event
    assert isinstance(started, Started)
    assert (started.run, started.step) == (folder.name, 0)
    assert len(kept_runs()) == 3
    assert {run.status for run in kept_runs()} == {"finished"}

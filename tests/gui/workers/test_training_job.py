"""A generator of events, driven on its own thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.gui.workers.mailbox import Mailbox
from aestudio.gui.workers.messages import Trained, TrainingBroke
from aestudio.gui.workers.training_job import TrainingJob
from aestudio.training.checkpoint_history import HistoryCheckpoint
from aestudio.training.commands import Commands
from aestudio.training.events import Ended, HistoryCheckpointKept, MetricPoint, Paused, TrainingProgress

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

    import pytest
    from pytestqt.qtbot import QtBot

    from aestudio.training.events import Event


def progress(step: int) -> TrainingProgress:
    return TrainingProgress(step, 0.0, 1.0, 1.0, 0, 1e-3)


def test_all_points_come_and_only_the_newest_progress(qtbot: QtBot) -> None:
    ended = Ended("finished", 3, 1.0, 1.0)
    points = [MetricPoint("training", step, 0.0, {"loss": 1.0}) for step in range(3)]

    def events(commands: Commands) -> Iterator[Event]:
        for point in points:
            yield point
            yield progress(point.step)
        yield ended

    mailbox = Mailbox()
    job = TrainingJob(7, mailbox, events)
    qtbot.waitUntil(lambda: not job.alive())
    messages = mailbox.take()
    assert all(isinstance(message, Trained) and message.token == 7 for message in messages)
    assert [message.event for message in messages] == [*points, progress(2), ended]


def test_every_checkpoint_comes_and_none_carries_a_state(qtbot: QtBot) -> None:
    """Hundreds of them in a mailbox are hundreds of numbers: what they name is in the run's folder."""
    history_checkpoints = [
        HistoryCheckpointKept(HistoryCheckpoint(step, step / 9, 2_700_000)) for step in range(300)
    ]

    def events(commands: Commands) -> Iterator[Event]:
        for history_checkpoint in history_checkpoints:
            yield history_checkpoint
            yield progress(history_checkpoint.history_checkpoint.step)

    mailbox = Mailbox()
    job = TrainingJob(7, mailbox, events)
    qtbot.waitUntil(lambda: not job.alive())
    assert [message.event for message in mailbox.take()] == [*history_checkpoints, progress(299)]


def test_commands_given_before_are_obeyed_from_the_first_step_on(qtbot: QtBot) -> None:
    commands = Commands()
    commands.pause()

    def events(commands: Commands) -> Iterator[Event]:
        yield progress(0)
        if not commands.may_step():
            yield Paused(0)
            commands.wait_while_paused()

    mailbox = Mailbox()
    job = TrainingJob(1, mailbox, events, commands)
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

    def events(commands: Commands) -> Iterator[Event]:
        yield progress(0)
        raise problem

    mailbox = Mailbox()
    job = TrainingJob(3, mailbox, events)
    qtbot.waitUntil(lambda: not job.alive())
    message = mailbox.take()[-1]
    assert isinstance(message, TrainingBroke)
    assert message.problem is problem
    assert message.token == 3


def test_an_unexpected_error_is_told_as_well(
    qtbot: QtBot, logged_errors: list[logging.LogRecord], caplog: pytest.LogCaptureFixture
) -> None:
    def events(commands: Commands) -> Iterator[Event]:
        raise RuntimeError("CUDA out of memory")
        yield progress(0)

    mailbox = Mailbox()
    job = TrainingJob(3, mailbox, events)
    qtbot.waitUntil(lambda: not job.alive())
    (message,) = mailbox.take()
    assert "Memory ran out while training" in str(message.problem)
    assert len(logged_errors) == 1


def test_it_runs_on_a_thread_of_its_own(qtbot: QtBot) -> None:
    names = []

    def events(commands: Commands) -> Iterator[Event]:
        names.append(threading.current_thread().name)
        yield progress(0)

    job = TrainingJob(1, Mailbox(), events)
    qtbot.waitUntil(lambda: not job.alive())
    assert names == ["training"]

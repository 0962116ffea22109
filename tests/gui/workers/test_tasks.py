"""Slow tasks: result, problem, cancel, restart."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.gui.workers.mailbox import Mailbox
from aestudio.gui.workers.messages import TaskDone, TaskPart, TaskProgress
from aestudio.gui.workers.tasks import Tasks

if TYPE_CHECKING:
    import logging

    import pytest
    from pytestqt.qtbot import QtBot

    from aestudio.gui.workers.tasks import TaskReport
    from aestudio.progress import Progress


class Office:
    """Tasks and all letters that came of them so far."""

    def __init__(self, qtbot: QtBot) -> None:
        self.mailbox = Mailbox()
        self.tasks = Tasks(self.mailbox)
        self.messages: list[Any] = []
        self._qtbot = qtbot

    def wait_done(self, count: int = 1) -> list[TaskDone]:
        """The letters of ended tasks, as soon as there are so many."""

        def enough() -> bool:
            self.messages += self.mailbox.take()
            return len(self.done) >= count

        self._qtbot.waitUntil(enough)
        return self.done

    @property
    def done(self) -> list[TaskDone]:
        return [message for message in self.messages if isinstance(message, TaskDone)]


def test_the_value_comes_with_the_token(qtbot: QtBot) -> None:
    office = Office(qtbot)
    token = office.tasks.start("sum", "summing", lambda progress: 40 + 2)
    (message,) = office.wait_done()
    assert (message.task, message.token, message.value, message.problem, message.cancelled) == (
        "sum",
        token,
        42,
        None,
        False,
    )
    assert office.tasks.is_current("sum", token)
    qtbot.waitUntil(lambda: not office.tasks.alive())


def test_progress_is_told_but_not_every_time(qtbot: QtBot) -> None:
    office = Office(qtbot)

    def work(progress: Progress) -> None:
        for step in range(10_000):
            progress(step, 10_000, "counting")

    office.tasks.start("count", "counting", work)
    office.wait_done()
    told = [message for message in office.messages if isinstance(message, TaskProgress)]
    assert told
    assert len(told) < 100
    assert told[0].what == "counting"
    assert told[0].total == 10_000


def endless(began: threading.Event) -> Any:
    def work(progress: Progress) -> None:
        began.set()
        while True:
            progress(0, None, "")

    return work


def test_cancel_ends_a_task_at_its_next_progress(qtbot: QtBot) -> None:
    office, began = Office(qtbot), threading.Event()
    office.tasks.start("endless", "running", endless(began))
    qtbot.waitUntil(began.is_set)
    office.tasks.cancel("endless")
    office.tasks.cancel("a task that never was")
    (message,) = office.wait_done()
    assert message.cancelled
    assert message.value is None


def test_starting_again_cancels_the_older_one_and_makes_its_messages_stale(qtbot: QtBot) -> None:
    office, began = Office(qtbot), threading.Event()
    old = office.tasks.start("load", "loading", endless(began))
    qtbot.waitUntil(began.is_set)
    new = office.tasks.start("load", "loading", lambda progress: "new")
    messages = {message.token: message for message in office.wait_done(2)}
    assert messages[old].cancelled
    assert messages[new].value == "new"
    assert not office.tasks.is_current("load", old)
    assert office.tasks.is_current("load", new)


def test_a_replaced_task_counts_as_alive_until_it_ends(qtbot: QtBot) -> None:
    office, go_on = Office(qtbot), threading.Event()
    office.tasks.start("load", "loading", lambda progress: go_on.wait())
    office.tasks.start("load", "loading", lambda progress: "new")
    office.wait_done()
    assert office.tasks.alive()
    go_on.set()
    qtbot.waitUntil(lambda: not office.tasks.alive())


def test_cancel_all(qtbot: QtBot) -> None:
    office, began = Office(qtbot), (threading.Event(), threading.Event())
    for name, event in zip("ab", began, strict=True):
        office.tasks.start(name, "running", endless(event))
    qtbot.waitUntil(lambda: all(event.is_set() for event in began))
    office.tasks.cancel_all()
    assert all(message.cancelled for message in office.wait_done(2))


def test_a_problem_made_for_people_is_passed_on(qtbot: QtBot) -> None:
    office, problem = Office(qtbot), StudioError("The file is gone", where="a.npz")

    def work(progress: Progress) -> None:
        raise problem

    office.tasks.start("open", "opening", work)
    (message,) = office.wait_done()
    assert message.problem is problem


def test_a_user_s_sys_exit_is_a_problem_of_its_task(
    qtbot: QtBot, logged_errors: list[logging.LogRecord]
) -> None:
    office = Office(qtbot)
    office.tasks.start("probe", "a probe was being trained", lambda progress: sys.exit(3))
    (message,) = office.wait_done()
    assert "while a probe was being trained (SystemExit: 3" in str(message.problem)
    assert len(logged_errors) == 1


def test_an_unexpected_one_is_logged_and_told_in_words(
    qtbot: QtBot, logged_errors: list[logging.LogRecord], caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(qtbot)
    office.tasks.start("divide", "the numbers were being divided", lambda progress: 1 / 0)
    (message,) = office.wait_done()
    assert "while the numbers were being divided (ZeroDivisionError" in str(message.problem)
    assert [record.exc_info is not None for record in logged_errors] == [True]


def test_what_there_is_of_a_result_is_shown_newest_first_and_not_after_a_cancel(qtbot: QtBot) -> None:
    office, gate = Office(qtbot), threading.Event()

    def work(report: TaskReport) -> str:
        report.show(1)
        report.show(2)
        gate.wait(30)
        report.show(3)
        return "whole"

    office.tasks.start("slow", "it was slow", work)
    qtbot.waitUntil(lambda: bool(office.messages) or bool(office.messages.extend(office.mailbox.take())))
    parts = [message.value for message in office.messages if isinstance(message, TaskPart)]
    assert parts[-1] in (1, 2)
    office.tasks.cancel("slow")
    gate.set()
    assert office.wait_done()[0].cancelled
    assert 3 not in [message.value for message in office.messages if isinstance(message, TaskPart)]

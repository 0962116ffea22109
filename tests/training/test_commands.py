"""Commands to a trainer arrive once and in order, from any thread."""

from __future__ import annotations

import threading
import time

import pytest

from aestudio.training.commands import Commands


def test_without_commands_nothing_is_pending() -> None:
    commands = Commands()
    assert not commands.waiting
    assert commands.may_step()
    assert not commands.stopped
    assert commands.take_changes() == []


def test_pause_and_resume() -> None:
    commands = Commands()
    commands.pause()
    assert commands.waiting
    assert not commands.may_step()
    commands.resume()
    assert not commands.waiting
    assert commands.may_step()


def test_single_steps_are_used_up() -> None:
    commands = Commands()
    commands.advance()
    commands.advance(2)
    assert [commands.may_step() for _ in range(5)] == [True, True, True, False, False]
    assert commands.waiting
    commands.advance(3)
    commands.pause()
    assert not commands.may_step()


def test_a_single_step_may_be_of_one_phase() -> None:
    """Each step has its own phase; after `resume` all are executed again."""
    commands = Commands()
    commands.advance(2, "critic")
    commands.advance()
    commands.advance(phase="generator")
    phases = []
    while commands.may_step():
        phases.append(commands.phase)
    assert phases == ["critic", "critic", "", "generator"]
    commands.advance(phase="critic")
    commands.resume()
    assert commands.may_step()
    assert commands.phase == ""
    commands.advance(3, "critic")
    commands.pause()
    assert not commands.may_step()


def test_stop_wins() -> None:
    commands = Commands()
    commands.advance(3)
    commands.stop()
    assert commands.stopped
    assert not commands.may_step()
    commands.resume()
    assert commands.waiting
    assert not commands.may_step()


def test_the_newest_value_of_each_setting_is_taken_once() -> None:
    commands = Commands()
    for name, value in (("beta", 1.0), ("learning_rate", 0.1), ("beta", 2.0)):
        commands.change(name, value)
    assert commands.waiting
    assert commands.take_changes() == [("beta", 2.0), ("learning_rate", 0.1)]
    assert not commands.waiting
    assert commands.take_changes() == []
    commands.pause()
    commands.change("beta", 3.0)
    commands.take_changes()
    assert commands.waiting


@pytest.mark.parametrize("order", ["resume", "advance", "stop", "change"])
def test_waiting_ends_with_every_order(order: str) -> None:
    commands = Commands()
    commands.pause()
    woke = threading.Event()

    def wait() -> None:
        commands.wait_while_paused()
        woke.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not woke.wait(0.05)
    getattr(commands, order)(*(("beta", 1.0) if order == "change" else ()))
    assert woke.wait(5)
    thread.join(5)


def test_who_resumes_and_pauses_at_once_gets_an_answer() -> None:
    """The trainer that waits has not seen the resumption: it says that it is paused once more."""
    commands = Commands()
    commands.pause()
    answers: list[bool] = []

    def trainer() -> None:
        for _ in range(2):
            commands.wait_while_paused()
            answers.append(commands.paused)

    thread = threading.Thread(target=trainer)
    thread.start()
    try:
        commands.resume()
        commands.pause()  # before the other thread can look
        deadline = time.monotonic() + 20
        while not answers and time.monotonic() < deadline:
            time.sleep(0.001)
        assert answers, "it waits on, and nobody is told that it is paused"
    finally:
        commands.stop()
        thread.join(20)
    assert not thread.is_alive()

"""Refreshes are few while a training runs and the user does nothing; each input shows at once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from aestudio.gui.controllers.refresh_pace import SHARE
from aestudio.gui.controllers.session import DRAG_MILLISECONDS, DRAIN_MILLISECONDS, IDLE_MILLISECONDS, Session
from aestudio.gui.workers.messages import Trained
from aestudio.training.events import MetricPoint
from aestudio.training.lockstep import LockstepCommands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

AT_MOST = 1000 / DRAG_MILLISECONDS  # per second


class Clock:
    """A QElapsedTimer of a time that passes only where the test says so, however busy the machine is."""

    now = 0

    def __init__(self) -> None:
        self.began: int | None = None

    def isValid(self) -> bool:
        return self.began is not None

    def start(self) -> None:
        self.began = Clock.now

    def elapsed(self) -> int:
        assert self.began is not None
        return Clock.now - self.began


@pytest.fixture
def session(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr("aestudio.gui.controllers.store.QElapsedTimer", Clock)
    calm_session = Session()
    calm_session._timer.stop()  # `pass_time` empties the mailbox as often as it would
    yield calm_session
    qtbot.waitUntil(calm_session.close)


def pass_time(session: Session, milliseconds: int) -> None:
    """So much time, in which the mailbox is emptied again and again."""
    for _ in range(-(-milliseconds // DRAIN_MILLISECONDS)):
        Clock.now += DRAIN_MILLISECONDS
        session.drain()


def rate(session: Session, seconds: int = 3, *, can_wait: bool = True) -> float:
    """How often per second the views are refreshed while messages arrive faster than any timer."""
    refreshes: list[None] = []

    def count() -> None:
        refreshes.append(None)

    point = Trained(Job.token, 0, MetricPoint("training", 1, 0.1, {"loss": 1.0}))
    session.changed.connect(count)
    began = Clock.now
    while Clock.now - began < 1000 * seconds:
        session.mailbox.put(point, can_wait=can_wait)
        pass_time(session, DRAIN_MILLISECONDS)
    session.changed.disconnect(count)
    return 1000 * len(refreshes) / (Clock.now - began)


class Job:
    """A training without a thread."""

    token = 1

    def __init__(self) -> None:
        self.commands = LockstepCommands(1)

    def alive(self) -> bool:
        return False


def running(session: Session) -> None:
    session.training._job = Job()  # type: ignore[assignment]
    session.set_state(replace(session.state, training=replace(session.state.training, phase="running")))


def test_an_untouched_training_is_shown_ten_times_a_second_at_most(session):
    running(session)
    pass_time(session, IDLE_MILLISECONDS)
    assert 0.5 * AT_MOST < rate(session) <= AT_MOST
    points = len(session.state.training.training)
    pass_time(session, 2 * DRAG_MILLISECONDS)
    assert len(session.state.training.training) > points


def test_what_was_touched_is_shown_at_the_timers_rate(session):
    running(session)
    refreshes = rate(session, IDLE_MILLISECONDS // 1000, can_wait=False)
    assert refreshes == pytest.approx(1000 / DRAIN_MILLISECONDS, rel=0.05)


def test_after_an_input_what_only_follows_the_training_is_still_shown_ten_times_a_second(session):
    running(session)
    assert rate(session, IDLE_MILLISECONDS // 1000) <= AT_MOST


def test_what_somebody_waits_for_is_shown_at_once_also_in_a_calm_training(session):
    """That the training has paused, for instance."""
    running(session)
    pass_time(session, IDLE_MILLISECONDS)
    assert rate(session, 1, can_wait=False) == pytest.approx(1000 / DRAIN_MILLISECONDS, rel=0.05)


def test_the_more_a_refresh_costs_the_fewer_there_are(session, monkeypatch):
    worked = 0.0

    def work() -> None:
        nonlocal worked
        worked += 0.009

    monkeypatch.setattr("aestudio.gui.controllers.refresh_pace.time.thread_time", lambda: worked)
    session.changed.connect(work)
    running(session)
    pass_time(session, IDLE_MILLISECONDS)
    assert rate(session) == pytest.approx(SHARE / 0.009, rel=0.15)


def test_what_follows_a_change_by_itself_is_no_input(session):
    """A snapshot's image is decoded again: that must not count as a dragged slider."""
    running(session)
    pass_time(session, IDLE_MILLISECONDS)
    in_use: list[None] = []
    session.inference_worker = SimpleNamespace(
        in_use=lambda: in_use.append(None), training=True, close=lambda: None, alive=lambda: False
    )

    session.blockSignals(True)
    session.move(session.state.exploration)
    session.update(ink_on_paper=not session.state.ink_on_paper)
    session.blockSignals(False)
    assert not session._since_move.isValid()
    assert not in_use
    session.update(ink_on_paper=not session.state.ink_on_paper)
    assert in_use, "the user did this"


def test_an_intent_is_shown_at_once_also_in_a_calm_training(session, qtbot):
    running(session)
    pass_time(session, IDLE_MILLISECONDS)
    with qtbot.waitSignal(session.changed, timeout=0, raising=False) as refreshes:
        session.update(ink_on_paper=True)
    assert refreshes.signal_triggered

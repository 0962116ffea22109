"""While a training runs that nobody touches, refreshes are few; whoever touches something sees it at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QElapsedTimer

from aestudio.gui.jobs.letters import Trained
from aestudio.gui.session.session import CALM_MILLISECONDS, HAND_MILLISECONDS, Session
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

AT_MOST = 1.2 * 1000 / HAND_MILLISECONDS  # per second, with the timer's grain


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    yield made
    qtbot.waitUntil(made.close)


def rate(session: Session, qtbot: QtBot, milliseconds: int = 600) -> float:
    """How often per second the views are told while points arrive faster than any timer."""
    told: list[None] = []

    def count() -> None:
        told.append(None)

    point = Trained(session.training.token, MetricPoint("training", 1, 0.1, {"loss": 1.0}))
    session.changed.connect(count)
    clock = QElapsedTimer()
    clock.start()
    while clock.elapsed() < milliseconds:
        session.mailbox.put(point)
        qtbot.wait(10)
    session.changed.disconnect(count)
    return 1000 * len(told) / clock.elapsed()


def running(session: Session) -> None:
    session.put(replace(session.state, training=replace(session.state.training, phase="running")))


def test_an_untouched_training_is_shown_ten_times_a_second_at_most(session, qtbot):
    running(session)
    qtbot.wait(CALM_MILLISECONDS + 20)
    assert 0 < rate(session, qtbot) <= AT_MOST
    points = len(session.state.training.training)
    qtbot.waitUntil(lambda: len(session.state.training.training) > points, timeout=10 * HAND_MILLISECONDS)


def test_what_was_touched_is_shown_at_the_timers_rate(session, qtbot):
    running(session)
    assert rate(session, qtbot) > AT_MOST


def test_an_intent_is_shown_at_once_also_in_a_calm_training(session, qtbot):
    running(session)
    qtbot.wait(CALM_MILLISECONDS + 20)
    with qtbot.waitSignal(session.changed, timeout=0, raising=False) as told:
        session.update(ink_on_paper=True)
    assert told.signal_triggered

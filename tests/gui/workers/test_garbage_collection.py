"""Cyclic garbage is collected on the window's thread only: destroying a widget elsewhere can crash."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from aestudio.errors import StudioError
from aestudio.gui.controllers.session import Session
from aestudio.gui.workers import garbage_collection as garbage
from aestudio.gui.workers.collector_switch import switched_off
from aestudio.gui.workers.garbage_collection import GarbageCollector, collection_paused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

WAIT = 20_000


class _Panel(QWidget):
    """Widgets of Python's own classes die on the thread that collects them; Qt's plain ones wait."""


def _lost_panel(died_on: list[threading.Thread]) -> None:
    """A panel that only itself refers to."""
    panel = _Panel()
    panel.itself = panel  # type: ignore[attr-defined]
    QVBoxLayout(panel).addWidget(QPushButton("x"))
    connection = Qt.ConnectionType.DirectConnection
    panel.destroyed.connect(lambda: died_on.append(threading.current_thread()), connection)


@pytest.fixture
def threads_that_collected() -> Iterator[set[threading.Thread]]:
    found: set[threading.Thread] = set()

    def note(phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            found.add(threading.current_thread())

    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)


def _on_a_thread(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()


def _make_many_objects() -> None:
    """As an import does: enough of them for Python to collect all generations several times."""
    kept = []
    for _ in range(200):
        kept.append([{"n": n} for n in range(1000)])


@pytest.mark.thorough
def test_no_widget_dies_on_a_thread_that_makes_many_objects(
    qtbot: QtBot, threads_that_collected: set[threading.Thread]
) -> None:
    session, died_on = Session(), []
    for _ in range(20):
        _lost_panel(died_on)
    _on_a_thread(_make_many_objects)
    _on_a_thread(gc.collect)  # as libraries do
    assert died_on == []
    qtbot.waitUntil(lambda: len(died_on) == 20, timeout=WAIT)  # the window's own look, a moment later
    assert set(died_on) == {threading.main_thread()}
    assert threads_that_collected == {threading.main_thread()}
    qtbot.waitUntil(session.close, timeout=WAIT)
    assert gc.isenabled()
    assert gc.collect is garbage._collect


def test_a_library_that_switches_it_on_is_not_left_so(qtbot: QtBot) -> None:
    collector = GarbageCollector()
    collector.start()
    gc.enable()
    qtbot.waitUntil(lambda: not gc.isenabled(), timeout=WAIT)
    collector.stop()
    assert gc.isenabled()


def test_with_two_windows_the_last_one_restores_the_collector() -> None:
    first, second = GarbageCollector(), GarbageCollector()
    first.start()
    second.start()
    first.stop()
    assert not gc.isenabled()
    second.stop()
    assert gc.isenabled()


def test_young_garbage_goes_at_the_next_collection_and_none_while_paused() -> None:
    collector, died_on = GarbageCollector(), []
    collector.start()
    try:
        _lost_panel(died_on)
        kept = [[] for _ in range(gc.get_threshold()[0] + 1)]
        with collection_paused():
            collector.collect_due()
        assert died_on == []
        collector.collect_due()
        assert len(died_on) == 1
        assert len(kept) > 1
    finally:
        collector.stop()


def test_old_garbage_goes_too_and_many_old_objects_are_not_walked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gc.freeze()  # of the other tests
    collector, died_on = GarbageCollector(), []
    monkeypatch.setattr(garbage, "OLD_EVERY", 3)
    collector.start()
    try:
        _lost_panel(died_on)
        gc.collect(0), gc.collect(1)
        died_on.clear()
        _lost_panel(died_on)
        for _ in range(3):
            collector.collect_due()
        assert len(died_on) == 1
        monkeypatch.setattr(garbage, "MOST_OLD", 10)
        kept = [[n] for n in range(100)]
        gc.collect(1)
        frozen = gc.get_freeze_count()
        for _ in range(3):
            collector.collect_due()
        assert gc.get_freeze_count() >= frozen + len(kept)
    finally:
        collector.stop()


def test_a_process_that_opened_a_window_collects_again_after_it() -> None:
    """Also if the window could not be opened."""
    with switched_off():
        assert not gc.isenabled()
        collector = GarbageCollector()
        collector.start()
        collector.stop()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(StudioError), switched_off():
        raise StudioError("No display")
    assert gc.isenabled()


def test_a_window_that_is_left_keeps_it_off() -> None:
    collector = GarbageCollector()
    with switched_off():
        collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()

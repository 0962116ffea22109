"""What the user prefers is there in the next session; a folder that cannot be written is no error."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import BadChoice
from aestudio.gui.controllers.preferences_controller import FILE, kept_text_size
from aestudio.gui.controllers.session import Session
from aestudio.gui.controllers.settings_file import (
    MAXIMUM_BYTES,
    change_table,
    read_table,
    write_table,
)
from aestudio.paths import settings_folder, settings_lock
from aestudio.storage.lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def open_session(qtbot: QtBot) -> Iterator[Callable[[], Session]]:
    sessions: list[Session] = []

    def open_one() -> Session:
        sessions.append(Session())
        return sessions[-1]

    yield open_one
    for session in sessions:
        qtbot.waitUntil(session.close)


def test_size_and_map_options_are_there_in_the_next_session(open_session: Callable[[], Session]) -> None:
    first = open_session()
    assert kept_text_size() == 100
    first.preferences.change_text_size(2)
    first.explore.choose_map(replace(first.state.map_choice, overlay="density", points="faint"))
    first.embedding.choose("tsne", "points", 70_000)
    second = open_session()
    assert kept_text_size() == second.state.text_size == 125
    assert second.state.map_choice == first.state.map_choice
    assert second.state.embedding.settings["tsne"].points == 70_000
    second.preferences.restore_text_size()
    assert open_session().state.text_size == 100


def test_two_windows_keep_what_each_of_them_changed(open_session: Callable[[], Session]) -> None:
    one, other = open_session(), open_session()
    one.preferences.change_text_size(3)
    other.explore.choose_map(replace(other.state.map_choice, colour="loss"))
    later = open_session().state
    assert (later.text_size, later.map_choice.colour) == (150, "loss")


@pytest.mark.thorough
def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each reads, changes and writes 60 times: without the lock some changes of one undo the other's."""
    code = (
        "import random, sys, time; from aestudio.gui.controllers.settings_file import change_table\n"
        "for number in range(60):\n"
        "    change_table('options.json', {f'{sys.argv[1]}{number}': number})\n"
        "    time.sleep(0.01 * random.random())"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, name]) for name in ("one", "other")]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    expected = {f"{name}{number}": number for name in ("one", "other") for number in range(60)}
    assert read_table("options.json") == expected


def test_a_lock_that_another_window_keeps_does_not_lose_the_choice() -> None:
    settings_folder().mkdir(parents=True)
    with locked(settings_lock()):
        change_table("other.json", {"a": 1})
    change_table("other.json", {"b": 2})
    assert read_table("other.json") == {"a": 1, "b": 2}


def test_the_message_says_how_large_the_text_is(open_session: Callable[[], Session]) -> None:
    session = open_session()
    session.preferences.change_text_size(1)
    assert session.state.message.text == "Text size: 110 %"
    session.preferences.change_text_size(5)
    assert session.state.message.text == "Text size: 150 %, the largest"


def test_nothing_is_written_without_a_choice(open_session: Callable[[], Session]) -> None:
    session = open_session()
    session.update(selected=0, presentation=True)
    assert not (settings_folder() / FILE).exists()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"text_size": NaN}', b" " * MAXIMUM_BYTES + b"{}"]
)
def test_a_damaged_file_is_ignored_and_replaced(content: bytes, open_session: Callable[[], Session]) -> None:
    settings_folder().mkdir(parents=True, exist_ok=True)
    (settings_folder() / FILE).write_bytes(content)
    session = open_session()
    assert session.state.text_size == 100
    session.preferences.change_text_size(1)
    assert read_table(FILE) == {"text_size": 110}


def test_a_folder_of_this_name_is_left_alone(open_session: Callable[[], Session]) -> None:
    (settings_folder() / FILE).mkdir(parents=True)
    session = open_session()
    session.preferences.change_text_size(1)
    assert session.state.text_size == 110
    assert (settings_folder() / FILE).is_dir()


def test_a_table_is_written_and_read() -> None:
    write_table("other.json", {"a": [1, 2], "b": "ü"})
    assert read_table("other.json") == {"a": [1, 2], "b": "ü"}
    assert read_table("none.json") == {}


def test_a_size_that_is_not_offered_is_refused(open_session: Callable[[], Session]) -> None:
    session = open_session()
    with pytest.raises(BadChoice, match="text size cannot be"):
        session.preferences.choose_text_size(120)
    assert session.state.text_size == 100

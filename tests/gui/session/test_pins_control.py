"""Pinned drawings stay with the run that they were pinned in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.runs.pins_file import read_pins, write_pins

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.data.digits import Dataset
    from aestudio.gui.session.session import Session

WAIT = 20_000


@pytest.fixture
def kept_run(few_digits: Dataset) -> Path:
    """A run of one epoch among the user's runs."""
    from aestudio.folders import runs_folder
    from aestudio.recipes.library import find_recipe
    from aestudio.runs.record import record
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    recipe = find_recipe("hidden-256").with_settings({"latent_size": 6, "epochs": 1, "batch_size": 100})
    spec = RunSpec("r", recipe, "builtin", "cpu")
    for _ in record(train(spec, few_digits), spec, runs_folder() / "r"):
        pass
    return runs_folder() / "r"


def names(folder: Path) -> list[str]:
    return [name for name, _ in read_pins(folder)]


def test_pins_come_back_with_their_run_and_changes_are_written(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    session = studio_session
    seven = np.full((28, 28), 7, np.uint8)
    write_pins(kept_run, [("seven", seven)])
    session.lab.pin(np.ones((28, 28), np.uint8), "mine")
    session.runs.open("r")
    qtbot.waitUntil(lambda: [pin.name for pin in session.state.lab.pins] == ["seven"], timeout=WAIT)
    np.testing.assert_array_equal(session.state.lab.pins[0].image, seven)
    session.lab.undo()
    assert [pin.name for pin in session.state.lab.pins] == ["mine"], "nothing is lost by opening a run"
    session.lab.redo()
    session.lab.rename_pin(0, "my seven")
    qtbot.waitUntil(lambda: names(kept_run) == ["my seven"], timeout=WAIT)
    session.lab.remove_pin(0)
    qtbot.waitUntil(lambda: names(kept_run) == [], timeout=WAIT)


def test_a_run_without_pins_is_not_written_to_until_something_is_pinned_there(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    session = studio_session
    session.lab.pin(np.ones((28, 28), np.uint8), "from elsewhere")
    session.runs.open("r")
    qtbot.waitUntil(lambda: session.state.training.run == "r", timeout=WAIT)
    qtbot.wait(100)
    assert [pin.name for pin in session.state.lab.pins] == ["from elsewhere"], "to be compared"
    assert names(kept_run) == []
    session.lab.pin(np.ones((28, 28), np.uint8), "here")
    qtbot.waitUntil(lambda: names(kept_run) == ["from elsewhere", "here"], timeout=WAIT)


def test_a_damaged_file_is_told_and_the_run_opens(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    (kept_run / "pins.npz").write_bytes(b"torn")
    studio_session.runs.open("r")
    qtbot.waitUntil(lambda: studio_session.state.training.run == "r", timeout=WAIT)
    assert "pins.npz" in studio_session.state.message.text
    assert (kept_run / "pins.npz").read_bytes() == b"torn", "not overwritten"


def test_many_changes_at_once_leave_the_newest(
    studio_session: Session, kept_run: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk: each writing takes longer than the one after it, and still none overtakes another."""
    import time

    import aestudio.runs.pins_file as pins_file

    delays = iter([0.2, 0.1, 0.0, 0.0, 0.0])
    write = pins_file.write_pins

    def slow(folder: Path, drawings: list[tuple[str, np.ndarray]]) -> None:
        time.sleep(next(delays))
        write(folder, drawings)

    monkeypatch.setattr(pins_file, "write_pins", slow)
    studio_session.runs.open("r")
    qtbot.waitUntil(lambda: studio_session.state.training.run == "r", timeout=WAIT)
    for letter in "abc":
        studio_session.lab.pin(np.ones((28, 28), np.uint8), letter)
    qtbot.waitUntil(lambda: "pins" not in studio_session.state.tasks and bool(names(kept_run)), timeout=WAIT)
    assert names(kept_run) == ["a", "b", "c"]

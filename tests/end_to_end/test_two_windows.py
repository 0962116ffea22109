"""Two windows on one home, with the same run before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.paths import runs_folder
from aestudio.runs.bookmarks_file import read_bookmarks
from aestudio.runs.drawings_file import read_drawings
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person


@pytest.mark.thorough
def test_neither_window_overwrites_files_of_the_other(
    open_window: Callable[..., Person], quick_data: None, digits: Dataset
) -> None:
    from aestudio.runs.record import record
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    folder = runs_folder() / "r"
    spec = RunSpec("r", small(epochs=1), digits.origin, "cpu")
    for _ in record(train(spec, digits), spec, folder):
        pass
    users = [open_window(run="r") for _ in range(2)]
    for person in users:
        person.wait(lambda p=person: p.training.run == "r" and p.state.exploration.code is not None)
        person.wait_computed()
    for person, name in zip(users, ("one", "other"), strict=True):
        person.window.session.workspace.bookmark(name)
        person.window.session.workspace.keep_drawing(np.full((1, 28, 28), len(name), np.uint8), name)
        person.wait(lambda n=name: n in [mark.name for mark in read_bookmarks(folder / "bookmarks.npz")])
        person.wait(lambda n=name: n in [drawing.name for drawing in read_drawings(folder / "pins.npz")])
        person.wait(lambda p=person: not p.state.tasks)
    assert [mark.name for mark in read_bookmarks(folder / "bookmarks.npz")] == ["one", "other"]
    assert [drawing.name for drawing in read_drawings(folder / "pins.npz")] == ["one", "other"]
    second = users[1]
    assert [mark.name for mark in second.state.workspace.bookmarks] == ["one", "other"]
    assert [drawing.name for drawing in second.state.workspace.drawings] == ["one", "other"]
    assert "Another window" in second.state.message.text

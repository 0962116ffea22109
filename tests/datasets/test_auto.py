from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets import auto
from aestudio.datasets.auto import load_auto
from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.download import download
from aestudio.datasets.published_set import raw_folder
from aestudio.datasets.source import DataFolders
from aestudio.datasets.sources import builtin
from aestudio.datasets.sources.mnist import MNIST
from aestudio.errors import Cancelled, StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def _quick_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    image_set = ImageSet(np.zeros((5, 1, 28, 28), np.uint8))
    dataset = Dataset("builtin", "Built-in digits", image_set, image_set, ("Drawn.",))
    monkeypatch.setattr(builtin, "SOURCE", _Made(dataset))


class _Made:
    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def load(self, folders: DataFolders, progress: Any) -> Dataset:
        return self.dataset


def test_takes_mnist_that_is_here_without_asking_anybody(
    write_set: Callable[[Path], Path], web: Any, offered: Any, tmp_path: Path
) -> None:
    write_set(raw_folder(MNIST, tmp_path))
    dataset = load_auto(DataFolders(None, tmp_path), silent)
    assert dataset.name == "mnist"
    assert not web.requests


def test_fetches_mnist(offered: Any, tmp_path: Path) -> None:
    dataset = load_auto(DataFolders(None, tmp_path), silent)
    assert dataset.name == "mnist"
    assert len(dataset.train) == 20


def test_a_server_that_does_not_answer_costs_a_few_seconds(offered: Any, tmp_path: Path, clock: Any) -> None:
    assert auto._SECONDS <= 3
    for route in offered.values():
        route.stall_after = 0
    dataset = load_auto(DataFolders(None, tmp_path), clock.tick)
    assert clock.now <= auto._SECONDS + clock.step
    assert dataset.name == "builtin"
    assert "MNIST is not available" in dataset.notes[0]
    assert "no answer" in dataset.notes[0]
    assert dataset.notes[1:] == ("Drawn.",)


def test_a_slow_server_is_waited_for(offered: Any, web: Any, tmp_path: Path, clock: Any) -> None:
    """The few seconds are for the first answer; the download may take longer while it moves."""
    slow = offered["/a/train-images-idx3-ubyte.gz"]
    slow.stall_after = 2000

    def release(done: float, total: float | None, what: str) -> None:
        if done:  # the first answer was there
            clock.tick(done, total, what)
        if clock.now > 2 * auto._SECONDS:
            slow.stall_after = None
            web.released.set()

    assert load_auto(DataFolders(None, tmp_path), release).name == "mnist"
    assert clock.now > 2 * auto._SECONDS


def test_a_captive_portal_and_a_damaged_copy_lead_to_the_built_in_digits(
    offered: Any, write_set: Callable[[Path], Path], tmp_path: Path
) -> None:
    for route in offered.values():
        route.body, route.content_type = b"<html>", "text/html"
    assert "log-in page" in load_auto(DataFolders(None, tmp_path), silent).notes[0]
    given = tmp_path / "given"
    path = write_set(raw_folder(MNIST, given)) / MNIST.files[1]
    path.write_bytes(b"broken")
    assert str(path) in load_auto(DataFolders(given, tmp_path), silent).notes[0]


def test_cancelling_is_no_failure(offered: Any, tmp_path: Path) -> None:
    def cancel(*_: Any) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        load_auto(DataFolders(None, tmp_path), cancel)


def test_without_torchvision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(published: Any, progress: Any) -> None:
        raise StudioError("torchvision cannot be used")

    monkeypatch.setattr(download, "remote_files_of", fail)
    assert load_auto(DataFolders(None, tmp_path), silent).name == "builtin"

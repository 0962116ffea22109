"""The process that imports torchvision, with a torchvision of the test's own in its place."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aestudio.cli import main as command_line
from aestudio.datasets.download import addresses_child, addresses_process
from aestudio.datasets.download.addresses_process import read_addresses
from aestudio.errors import Cancelled, StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORKING = """
print("a library that prints")
class MNIST:
    mirrors = ["http://a/"]
    resources = [("file.gz", "0" * 32)]
class FashionMNIST(MNIST): pass
class KMNIST(MNIST): pass
class EMNIST(MNIST):
    url = "http://c/gzip.zip"
    md5 = "1" * 32
"""


@pytest.fixture
def torchvision_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`torchvision_is(text)`: the process imports this module `torchvision.datasets`."""

    def write(text: str) -> None:
        folder = tmp_path / "fake" / "torchvision"
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "datasets.py").write_text(text)
        monkeypatch.syspath_prepend(str(folder.parent))

    return write


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    started: list[subprocess.Popen[bytes]] = []
    real = addresses_process._started

    def start() -> subprocess.Popen[bytes]:
        started.append(real())
        return started[-1]

    monkeypatch.setattr(addresses_process, "_started", start)
    return started


def test_the_output_is_the_list_alone(torchvision_is: Callable[[str], None]) -> None:
    torchvision_is(WORKING)
    listed = json.loads(read_addresses(silent, "Looking"))
    assert listed["MNIST"] == {"mirrors": ["http://a/"], "resources": [["file.gz", "0" * 32]]}
    assert listed["EMNIST"]["url"] == "http://c/gzip.zip"
    assert set(listed) == {"MNIST", "FashionMNIST", "KMNIST", "EMNIST"}


def test_this_process_does_not_import_it(torchvision_is: Callable[[str], None]) -> None:
    torchvision_is(WORKING)
    before = sys.modules.get("torchvision.datasets")
    read_addresses(silent, "Looking")
    assert sys.modules.get("torchvision.datasets") is before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raise ModuleNotFoundError(\"No module named 'torchvision'\")", "No module named 'torchvision'"),
        ("raise RuntimeError('operator torchvision::nms does not exist')", "nms does not exist"),
        ("class MNIST: pass", "FashionMNIST"),
        ("import os; os._exit(3)", "ended with code 3"),
        ("MNIST = FashionMNIST = KMNIST = EMNIST = type('', (), {'url': 1j})", "not JSON serializable"),
    ],
)
def test_a_torchvision_that_cannot_be_used(
    torchvision_is: Callable[[str], None], text: str, reason: str
) -> None:
    torchvision_is(text)
    with pytest.raises(StudioError, match=r"torchvision.*cannot be used") as caught:
        read_addresses(silent, "Looking")
    assert reason in caught.value.what
    assert "built-in digits" in caught.value.advice


def test_cancelling_ends_the_process(
    torchvision_is: Callable[[str], None], processes: list[subprocess.Popen[bytes]]
) -> None:
    torchvision_is("import time; time.sleep(1000)")
    calls: list[tuple[float, float | None, str]] = []

    def cancel(done: float, total: float | None, what: str) -> None:
        calls.append((done, total, what))
        if len(calls) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_addresses(cancel, "Looking for MNIST")
    assert calls == [(0, None, "Looking for MNIST")] * 4
    assert processes[0].returncode is not None


def test_an_import_that_hangs_is_given_up(
    torchvision_is: Callable[[str], None],
    processes: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torchvision_is("import time; time.sleep(1000)")
    monkeypatch.setattr(addresses_process, "_MOST_SECONDS", 0.3)
    with pytest.raises(StudioError, match="took more than"):
        read_addresses(silent, "Looking")
    assert processes[0].returncode is not None


def test_a_list_longer_than_a_pipe_holds(torchvision_is: Callable[[str], None]) -> None:
    torchvision_is(WORKING + "MNIST.mirrors = ['http://a/' + 'x' * 300_000]\n")
    assert len(read_addresses(silent, "Looking")) > 300_000


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(StudioError, match="no process can be started") as caught:
        read_addresses(silent, "Looking")
    assert "built-in digits" in caught.value.advice


def test_a_frozen_program_starts_itself_with_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: started.append(command))
    addresses_process._started()
    assert started == [[sys.executable, "--addresses-process"]]

    calls: list[str] = []
    monkeypatch.setattr(addresses_child, "main", lambda: calls.append("child"))
    monkeypatch.setattr(sys, "argv", ["aestudio", *started[0][1:]])
    command_line.main()
    assert calls == ["child"]

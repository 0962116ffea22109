"""Fixtures for every test: a temporary home folder, no network, the real MNIST if it is available."""

from __future__ import annotations

import gc
import importlib.util
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.guards import Guard, WrittenFiles


def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


# Training, models and runs need no Qt; what does is left out where Qt is not installed, on a machine with a
# GPU and no screen for instance.
WITH_QT = _installed("PySide6") and _installed("pytestqt")
pytest_plugins = ["tests.small_models", *(["tests.qt_fixtures"] if WITH_QT else [])]
collect_ignore = [] if WITH_QT else ["gui", "end_to_end", "benchmarks", "tools", "test_import_time.py"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Two runs are compared bit for bit: the number of threads must not depend on how busy the machine is.
os.environ.setdefault("AESTUDIO_THREADS", "1")
os.environ.setdefault("AESTUDIO_PRECISION", "float32")  # a trial may end differently the next time

# Where Python may keep no compiled files, each of the hundred processes that tests start would compile the
# program anew, for a second or two, and each worker would rewrite the assertions of all tests, for twenty.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell that starts the tests in the background (nohup, &) has them ignore signals, and so would every
# process that a test starts.
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)

# The default suite is to take less than six minutes; HYPOTHESIS_PROFILE=default runs a hundred of each.
hypothesis.settings.register_profile("suite", max_examples=25, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Without Qt, no pytest-qt, which would end the tests; its options in pyproject.toml stay known."""
    if WITH_QT:
        return
    plugin = pluginmanager.get_plugin("pytest-qt")
    if plugin is not None:
        pluginmanager.unregister(plugin)
        return
    for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore", "qt_default_raising"):
        parser.addini(name, "of pytest-qt")


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: no collection of garbage walks through it again,
    which takes half a second with torch loaded."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test neither reads nor writes files of the user."""
    monkeypatch.setenv("AESTUDIO_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def _written_files() -> WrittenFiles:
    return WrittenFiles()


@pytest.fixture(autouse=True)
def guard(request: pytest.FixtureRequest, _written_files: WrittenFiles) -> Iterator[Guard | None]:
    """A test of the window leaves no thread, window, stray file or logged error behind."""
    if "qapp" not in request.fixturenames:
        yield None
        return
    request.getfixturevalue("qapp")
    watch = Guard(_written_files, shared="shared_window" in request.fixturenames)
    yield watch
    complaints = watch.complaints()
    if complaints:
        pytest.fail("The test left behind:\n" + "\n".join(complaints), pytrace=False)


@pytest.fixture
def logged_errors(guard: Guard | None) -> list[logging.LogRecord]:
    """For tests that expect logged errors: the records, which do not fail the test."""
    assert guard is not None
    guard.errors_expected = True
    return guard.errors.records


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    """The folder with MNIST/raw, from AESTUDIO_DATA or ../shared/data."""
    named = os.environ.get("AESTUDIO_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not (folder / "MNIST" / "raw").is_dir():
        pytest.skip("the real MNIST is not here: set AESTUDIO_DATA to the folder that has MNIST/raw")
    return folder


@pytest.fixture(scope="session")
def mnist(mnist_folder: Path) -> Dataset:
    """The real MNIST, read once."""
    from aestudio.datasets.catalogue import load_dataset

    return load_dataset("mnist", data_dir=mnist_folder)


@pytest.fixture(scope="session")
def few_digits() -> Dataset:
    """300 + 60 built-in digits: enough for a few training steps, and quickly made."""
    from aestudio.datasets.synthetic import generate

    return generate(train=300, test=60, seed=1)

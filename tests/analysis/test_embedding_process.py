"""The process that computes embeddings: its life cycle, and the messages when it fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis import embedding as layouts
from aestudio.analysis import embedding_process as embedding_process
from aestudio.analysis.embedding import embed_codes
from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.analysis.embedding_settings import TsneSettings
from aestudio.cli import main as command_line
from aestudio.errors import Cancelled, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CODES = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
PATIENCE = 240.0
# umap-learn, as far as its import goes.
FAKE = "import sys, time, os\n"

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and process numbers of POSIX")


@pytest.fixture
def process() -> Iterator[EmbeddingProcess]:
    with EmbeddingProcess() as process:
        yield process
    assert not process.alive()


@pytest.fixture
def fake_umap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make the process import this Python text instead of umap-learn."""

    def write(text: str) -> None:
        (tmp_path / "umap.py").write_text(FAKE + text)
        monkeypatch.syspath_prepend(str(tmp_path))

    return write


def has_ended(pid: int) -> bool:
    """Whether no process has this number any more, not even a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until(so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < until
        threading.Event().wait(0.005)


class ActOnce:
    """A progress function that calls `act` once, when the process has started."""

    def __init__(self, process: EmbeddingProcess, act: Callable[[int], None]) -> None:
        self._process, self._act = process, act
        self.pid: int | None = None
        self.acted_at = 0.0

    def __call__(self, done: float, total: float | None, what: str) -> None:
        if self.pid is None and what == "Loading UMAP" and self._process.pid is not None:
            self.pid, self.acted_at = self._process.pid, time.monotonic()
            self._act(self.pid)


def cancel(_pid: int) -> None:
    raise Cancelled


@needs_posix
def test_cancelling_an_embedding_ends_the_process_at_once(
    process: EmbeddingProcess, fake_umap: Callable[[str], None]
) -> None:
    fake_umap("time.sleep(1000)")
    progress = ActOnce(process, cancel)
    with pytest.raises(Cancelled):
        embed_codes(CODES, "umap", progress, process=process)
    assert progress.pid is not None
    assert has_ended(progress.pid)
    assert not process.alive()
    assert time.monotonic() - progress.acted_at < PATIENCE, "not when the library has been imported"


@needs_posix
def test_a_stopped_process_that_reads_nothing_does_not_block(process: EmbeddingProcess) -> None:
    """The pipe takes 64 KB; these codes do not fit into it."""
    codes = np.random.default_rng(0).normal(size=(3_000, 4)).astype(np.float32)
    process.load("tsne")
    pid = process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    reports = []

    def progress(done: float, total: float | None, what: str) -> None:
        reports.append(what)
        if reports.count("Loading t-SNE") > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        embed_codes(codes, "tsne", progress, process=process)
    assert has_ended(pid)


@needs_posix
@pytest.mark.parametrize(
    ("number", "message"),
    [(9, "was killed, perhaps because memory ran out"), (11, "SIGSEGV"), (15, "SIGTERM")],
)
def test_a_killed_process_is_reported(
    process: EmbeddingProcess, fake_umap: Callable[[str], None], number: int, message: str
) -> None:
    fake_umap("time.sleep(1000)")
    progress = ActOnce(process, lambda pid: os.kill(pid, number))
    with pytest.raises(StudioError, match=message) as caught:
        embed_codes(CODES, "umap", progress, process=process)
    assert "UMAP" in caught.value.what
    assert caught.value.advice
    assert progress.pid is not None
    assert has_ended(progress.pid)


@pytest.mark.thorough
@needs_posix
def test_after_a_kill_the_next_embedding_starts_a_process(process: EmbeddingProcess) -> None:
    process.load("tsne")
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not process.alive())
    assert embed_codes(CODES, "tsne", process=process).xy.shape == (60, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise ModuleNotFoundError('No module')", "UMAP cannot be loaded .No module"),
        ("raise MemoryError", "Memory ran out while UMAP"),
        ("raise ValueError('odd')", "UMAP failed .ValueError: odd"),
        ("os._exit(3)", "ended before it had finished .exit code 3"),
        ("os._exit(0)", "ended before it had finished .exit code 0"),
        ("print('printed', flush=True); raise ImportError('why')", "UMAP cannot be loaded .why"),
    ],
)
def test_an_error_in_the_process_is_reported(
    process: EmbeddingProcess, fake_umap: Callable[[str], None], text: str, message: str
) -> None:
    fake_umap(text)
    with pytest.raises(StudioError, match=message) as caught:
        embed_codes(CODES, "umap", process=process)
    assert "Traceback" not in str(caught.value)
    assert caught.value.advice


def test_a_process_that_cannot_be_started_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    with pytest.raises(StudioError, match="cannot be started") as caught:
        embed_codes(CODES, "tsne")
    assert caught.value.advice


@pytest.mark.thorough
@needs_posix
def test_an_idle_process_ends_and_the_next_embedding_starts_another() -> None:
    with EmbeddingProcess(idle_seconds=0.01) as process:
        first = embed_codes(CODES, "tsne", process=process)
        wait_until(lambda: not process.alive())
        np.testing.assert_array_equal(embed_codes(CODES, "tsne", process=process).xy, first.xy)


@pytest.mark.thorough
def test_the_process_is_kept_has_low_priority_and_leaves_no_thread() -> None:
    short = TsneSettings(iterations=60)
    before = threading.active_count()
    with EmbeddingProcess() as process:
        embed_codes(CODES, "tsne", process=process, settings=short)
        pid = process.pid
        assert pid is not None
        embed_codes(CODES, "tsne", process=process, settings=short)
        assert process.pid == pid
        if sys.platform == "linux":
            has_low_priority_and_one_thread(pid)
    wait_until(lambda: threading.active_count() == before)


def test_closing_during_an_embedding_cancels_it(
    process: EmbeddingProcess, fake_umap: Callable[[str], None]
) -> None:
    fake_umap("time.sleep(1000)")
    with pytest.raises(Cancelled):
        embed_codes(CODES, "umap", ActOnce(process, lambda _pid: process.close()), process=process)


def has_low_priority_and_one_thread(pid: int) -> None:
    folder = Path(f"/proc/{pid}")
    assert int((folder / "stat").read_text().rpartition(")")[2].split()[16]) >= 10
    # What computes, and what waits for orders; a thread that has just done its work takes a moment to end.
    wait_until(lambda: len(list((folder / "task").iterdir())) == 2)


PROGRAM = """
import os, sys, time
import numpy as np
from aestudio.analysis.embedding import embed_codes
from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.analysis.embedding_settings import TsneSettings

process = EmbeddingProcess()
def progress(done, total, what):
    if what == "Loading UMAP" and process.pid is not None:
        print(process.pid, flush=True)
        if sys.argv[1] == "exit":
            os._exit(0)
        time.sleep(1000)
codes = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
embed_codes(codes, "umap", progress, process=process)
"""


@pytest.mark.thorough
@needs_posix
@pytest.mark.parametrize("end", ["exit", "kill"])
def test_the_process_ends_with_the_program(fake_umap: Callable[[str], None], end: str) -> None:
    fake_umap("time.sleep(1000)")
    path = os.pathsep.join(folder for folder in sys.path if folder)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, end], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path}
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        if end == "kill":
            program.kill()
    wait_until(lambda: _ended(pid))


def _ended(pid: int) -> bool:
    """Whether it ended; also true for a zombie, as in a container without an init."""
    if has_ended(pid):
        return True
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip().startswith("Z")


def test_a_frozen_program_starts_itself_with_an_argument(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: started.append(command))
    embedding_process._start_process(60.0, None)
    assert started == [[sys.executable, "--layout-process", "60.0"]]

    seconds = []
    monkeypatch.setattr("aestudio.analysis.embedding_child.main", seconds.append)
    monkeypatch.setattr(sys, "argv", ["aestudio", *started[0][1:]])
    monkeypatch.setattr(command_line, "run", lambda arguments: 0)
    command_line.main()
    assert seconds == [60.0]


def test_every_kind_has_a_module_for_the_process() -> None:
    from importlib import import_module

    for kind in layouts.TITLES:
        found = import_module(f"aestudio.analysis.embedding_{kind}")
        assert callable(found.embed)
        assert callable(found.load)

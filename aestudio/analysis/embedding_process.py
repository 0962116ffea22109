"""A separate process for UMAP and t-SNE, whose libraries the window's process never imports.

umap-learn and numba held the interpreter's lock for seconds while they were imported and compiled, openTSNE
for up to 80 ms in the middle of its work, and 250 MB of them stayed. In another process nobody notices,
and an embedding is cancelled at once by ending the process.

The process is `sys.executable` with a line of Python, not one of `multiprocessing`: that would run the
user's own script a second time where it has no guard, and would leave a tracker of resources behind. The
line sets the same folders to import from and calls `embedding_child.main`, so nothing of the window runs.
In a frozen program, whose executable is no Python, the command line has an argument for it (`FROZEN`).
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from typing import TYPE_CHECKING, Any

from aestudio.analysis.embedding_pipe import Message, receive, send
from aestudio.errors import Cancelled, StudioError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aestudio.analysis.embedding_plan import Settings
    from aestudio.progress import Progress

log = logging.getLogger(__name__)

FROZEN = "--layout-process"
"""The first argument by which a frozen program becomes this process; cli/main.py knows it."""
IDLE_SECONDS = 60.0
"""So long the process waits for the next layout, which then need not import and compile again."""
_TICK = 0.05
_BEGIN = """\
import sys
idle, *sys.path = sys.argv[1:]
from aestudio.analysis.embedding_child import main
main(float(idle))
"""
# A training beside it, and the window, have the other cores.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
_FEWER = "Lay out fewer digits, or choose principal components."


class LayoutProcess:
    """The process, started when it is first needed and again after it has ended; one layout at a time.

    `close` ends it, as does the end of the program, and rest: after `idle_seconds` it ends by itself.
    Every method may be called from any thread.
    """

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle = idle_seconds
        self._busy = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> LayoutProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._child is not None:
            self._child.join()

    @property
    def pid(self) -> int | None:
        """The process's number, None where there is none."""
        child = self._child
        return child.process.pid if child is not None and child.alive() else None

    def alive(self) -> bool:
        """Whether there is a process, or one whose end has not been heard yet."""
        return self.pid is not None

    def close(self) -> None:
        """End the process, without waiting for its end; a layout in the middle of its work is cancelled."""
        child = self._child
        if child is not None:
            child.kill()

    def load(self, kind: str) -> None:
        """Let the library of this layout be loaded while other things are done; returns at once.

        Raises StudioError where no process can be started.
        """
        if self._busy.acquire(blocking=False):
            try:
                self._there().order(Message({"what": "load", "kind": kind}))
            finally:
                self._busy.release()

    def embed(
        self,
        kind: str,
        title: str,
        arrays: tuple[NDArray[Any], ...],
        settings: Settings,
        progress: Progress,
    ) -> NDArray[Any]:
        """The points float32 (N, 2) that `embed` of the module `embedding_KIND` returns for these arrays.

        Calls progress(0 to 1, 1, what) twenty times a second. What it raises ends the process and is raised
        here. Raises StudioError where the process cannot be started, fails, or is ended by others.
        """
        order = Message({"what": "embed", "kind": kind, "settings": settings}, arrays)
        with self._alone(progress, title):
            while True:
                child = self._there()
                try:
                    return _answered(child, order, title, progress)
                except _Rested:
                    child.join()
                except BaseException:
                    child.kill()
                    child.join()
                    raise

    @contextlib.contextmanager
    def _alone(self, progress: Progress, title: str) -> Iterator[None]:
        while not self._busy.acquire(timeout=_TICK):
            progress(0.0, 1.0, f"Loading {title}")
        try:
            yield
        finally:
            self._busy.release()

    def _there(self) -> _Child:
        child = self._child
        if child is None or child.killed or child.ended:
            if child is not None:
                child.join()
            child = self._child = _Child(self._idle)
        return child


class _Rested(Exception):
    """The process had ended by itself, just before it was asked."""


def _answered(child: _Child, order: Message, title: str, progress: Progress) -> NDArray[Any]:
    progress(0.0, 1.0, f"Loading {title}")
    child.order(order)
    now = 0.0, 1.0, f"Loading {title}"
    while True:
        answer = child.answer(_TICK)
        if answer is not None:
            if answer.what == "done":
                return answer.arrays[0]
            if answer.what == "failed":
                raise _failed(answer, title)
            if answer.what == "rested":
                raise _Rested
            if answer.what == "ended":
                raise _gone(child, title)
            done, total, what = answer.words["progress"]
            now = done, total, what
        progress(*now)


class _Child:
    """One process from its start to its end. A thread hears all that it says, and reaps it."""

    def __init__(self, idle_seconds: float) -> None:
        self._answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self.killed = False
        self.ended = False
        self.said = ""
        # A file and not a pipe, which would have to be emptied.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the thread
        try:
            self.process = _started(idle_seconds, self._errors)
        except StudioError:
            self._errors.close()
            raise
        self._hearing = threading.Thread(target=self._hear, name="layout process", daemon=True)
        self._hearing.start()

    def alive(self) -> bool:
        return self._hearing.is_alive()

    def join(self) -> None:
        """Wait until it has ended."""
        self._hearing.join()

    def kill(self) -> None:
        """At once: it has nothing to tidy up, and a process that is stopped obeys nothing else."""
        self.killed = True
        with contextlib.suppress(OSError):
            self.process.kill()

    def order(self, message: Message) -> None:
        """Send an order, on a thread: a process that does not read must not hold up whoever cancels."""
        threading.Thread(target=self._send, args=(message,), name="layout order", daemon=True).start()

    def answer(self, seconds: float) -> Message | None:
        """The next message, None where nothing is said for so long; the last one is "ended"."""
        with contextlib.suppress(queue.Empty):
            return self._answers.get(timeout=seconds)
        return None

    def _send(self, message: Message) -> None:
        assert self.process.stdin is not None
        # Where it has ended, `_hear` notices.
        with self._writing, contextlib.suppress(OSError, ValueError):
            send(self.process.stdin, message)

    def _hear(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self.process.stdout as pipe:
            try:
                while (message := receive(pipe)) is not None:
                    self._answers.put(message)
            except Exception:
                log.exception("while the process of layouts was heard")
                self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        with self._errors as file:
            file.seek(0)
            self.said = file.read().decode(errors="replace")
        self.ended = True
        self._answers.put(Message({"what": "ended"}))


def _started(idle_seconds: float, errors: Any) -> subprocess.Popen[bytes]:
    idle = str(idle_seconds)
    if getattr(sys, "frozen", False):
        command = [sys.executable, FROZEN, idle]
    else:
        folders = [folder or os.getcwd() for folder in sys.path]
        command = [sys.executable, "-c", _BEGIN, idle, *folders]
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            creationflags=flags,
            env=os.environ | _ONE_THREAD,
        )
    except (OSError, ValueError) as error:
        raise StudioError(
            f"The process that computes layouts cannot be started ({error})",
            where=sys.executable or "Python",
            advice="Close other programs, or choose principal components.",
        ) from error


def _failed(answer: Message, title: str) -> StudioError:
    words = answer.words
    if words["problem"] == "import":
        advice = "Install the program again, or choose principal components."
        return StudioError(f"{title} cannot be loaded ({words['text']})", advice=advice)
    if words["problem"] == "memory":
        return StudioError(f"Memory ran out while {title} laid the codes out", advice=_FEWER)
    log.error("in the process of layouts:\n%s", words["details"])
    advice = "Please report it; the log has the details."
    return StudioError(f"{title} failed ({words['text']})", advice=advice)


def _gone(child: _Child, title: str) -> Exception:
    if child.killed:  # by `close`
        return Cancelled()
    code = child.process.returncode
    if child.said:
        log.warning("the process of layouts ended, and said:\n%s", child.said)
    if code == -getattr(signal, "SIGKILL", 9):
        what = f"The process that computes {title} was killed, perhaps because memory ran out"
        return StudioError(what, advice=_FEWER)
    how = f"exit code {code}"
    with contextlib.suppress(ValueError):
        how = signal.Signals(-code).name
    return StudioError(
        f"The process that computes {title} ended in the middle of its work ({how})",
        advice="Try again, or choose principal components.",
    )

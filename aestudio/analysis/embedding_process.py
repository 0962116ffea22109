"""A separate process for UMAP and t-SNE, whose libraries the window's process never imports.

umap-learn and numba hold the interpreter lock for seconds while they are imported and compiled, openTSNE for
up to 80 ms while it computes, and they keep 250 MB of memory. A separate process does not disturb the window,
and an embedding is cancelled at once by ending the process.

How it is started, and why not by `multiprocessing`: `helper_processes.py`.
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
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from aestudio.analysis.embedding_pipe import Message, receive, send
from aestudio.errors import Cancelled, StudioError
from aestudio.helper_processes import EMBEDDING_PROCESS, helper_command, helper_flags

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import IO

    from numpy.typing import NDArray

    from aestudio.analysis.embedding_plan import Orders, Settings
    from aestudio.progress import Progress

log = logging.getLogger(__name__)

IDLE_SECONDS = 60.0
"""Seconds that the process waits for the next embedding, which need not import and compile again."""
_POLL_SECONDS = 0.05
# The other cores are for the window and a training.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
_FEWER = "Choose fewer images, or principal components."


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions (N, 2) after `done` of `total` steps."""

    xy: NDArray[Any]
    done: int
    total: int


class EmbeddingProcess:
    """The process: started when it is needed, again if it has ended; one embedding at a time.

    It ends by `close`, when the program ends, and by itself after `idle_seconds` without a request.
    Every method may be called from any thread.
    """

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle = idle_seconds
        self._busy = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> EmbeddingProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._child is not None:
            self._child.join()

    @property
    def pid(self) -> int | None:
        """The process's number; None if there is no process."""
        child = self._child
        return child.process.pid if child is not None and child.alive() else None

    def alive(self) -> bool:
        """Whether the process runs, or its end has not been noticed yet."""
        return self.pid is not None

    def close(self) -> None:
        """End the process, without waiting for its end; a running embedding is cancelled."""
        child = self._child
        if child is not None:
            child.kill()

    def load(self, kind: str) -> None:
        """Start to load the library of this embedding in the process; returns at once.

        Raises StudioError if no process can be started.
        """
        if self._busy.acquire(blocking=False):
            try:
                self._running_child().request(Message({"type": "load", "kind": kind}))
            finally:
                self._busy.release()

    def embed(
        self,
        kind: str,
        title: str,
        arrays: tuple[NDArray[Any], ...],
        settings: Settings,
        progress: Progress,
        *,
        orders: Orders,
        show: Callable[[Layout], None],
    ) -> Layout:
        """The positions float64 (N, 2) that `embed` of the module `embedding_KIND` computes from arrays.

        settings: of the module's `plan`, and the "seed" of perturbations; orders: newer ones come by `order`
        Calls `progress` twenty times a second, and `show` with positions some five times a second. If one
        raises, the process is ended and the error raised here.
        Raises StudioError if the process cannot be started, fails, or is ended from outside.
        """
        fields = {"type": "embed", "kind": kind, "title": title, "settings": settings}
        request = Message(fields | {"orders": asdict(orders)}, arrays)
        with self._exclusive(progress, title):
            while True:
                child = self._running_child()
                try:
                    return _result_of(child, request, title, progress, show)
                except _EndedIdle:
                    child.join()
                except BaseException:
                    child.kill()
                    child.join()
                    raise

    def order(self, orders: Orders) -> None:
        """Tell the embedding that is being computed to pause, to go on, to move its points, or to end."""
        child = self._child
        if child is not None and child.alive() and not child.killed:
            child.request(Message({"type": "order", "orders": asdict(orders)}))

    @contextlib.contextmanager
    def _exclusive(self, progress: Progress, title: str) -> Generator[None]:
        while not self._busy.acquire(timeout=_POLL_SECONDS):
            progress(0.0, 1.0, f"Loading {title}")
        try:
            yield
        finally:
            self._busy.release()

    def _running_child(self) -> _Child:
        child = self._child
        if child is None or child.killed or child.ended:
            if child is not None:
                child.join()
            child = self._child = _Child(self._idle)
        return child


class _EndedIdle(Exception):
    """The process had ended by itself just before it received the request."""


def _result_of(
    child: _Child, request: Message, title: str, progress: Progress, show: Callable[[Layout], None]
) -> Layout:
    progress(0.0, 1.0, f"Loading {title}")
    child.request(request)
    newest, shown = (0.0, 1.0, f"Loading {title}"), (0, 0)
    while True:
        reply = child.next_reply(_POLL_SECONDS)
        if reply is not None:
            if reply.type == "done":
                return Layout(reply.arrays[0], *shown)
            if reply.type == "failed":
                raise _failure(reply, title)
            if reply.type == "idle":
                raise _EndedIdle
            if reply.type == "ended":
                raise _unexpected_end(child, title)
            done, total, what = reply.fields["progress"]
            newest = done, total, what
            if reply.arrays:
                shown = done, total
                show(Layout(reply.arrays[0], done, total))
        progress(*newest)


class _Child:
    """One process from its start to its end. A thread reads its replies and waits for its end."""

    def __init__(self, idle_seconds: float) -> None:
        self._replies: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self.killed = False
        self.ended = False
        self.error_output = ""
        # A file: a pipe would block the process if it is not read.
        self._error_file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the thread
        try:
            self.process = _start_process(idle_seconds, self._error_file)
        except StudioError:
            self._error_file.close()
            raise
        self._reader = threading.Thread(target=self._read, name="embedding process", daemon=True)
        self._reader.start()

    def alive(self) -> bool:
        return self._reader.is_alive()

    def join(self) -> None:
        """Wait until it has ended."""
        self._reader.join()

    def kill(self) -> None:
        """End it at once. It leaves nothing behind, and a stopped process ignores other signals."""
        self.killed = True
        with contextlib.suppress(OSError):
            self.process.kill()

    def request(self, message: Message) -> None:
        """Send a request on a thread: a process that does not read must not delay a cancellation."""
        threading.Thread(target=self._send, args=(message,), name="embedding request", daemon=True).start()

    def next_reply(self, seconds: float) -> Message | None:
        """Wait for the next reply, at most this long, then None; the last reply is "ended"."""
        with contextlib.suppress(queue.Empty):
            return self._replies.get(timeout=seconds)
        return None

    def _send(self, message: Message) -> None:
        assert self.process.stdin is not None
        # If the process has ended, `_read` notices it.
        with self._writing, contextlib.suppress(OSError, ValueError):
            send(self.process.stdin, message)

    def _read(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self.process.stdout as pipe:
            try:
                while (message := receive(pipe)) is not None:
                    self._replies.put(message)
            except Exception:
                log.exception("while reading from the embedding process")
                self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        with self._error_file as file:
            file.seek(0)
            self.error_output = file.read().decode(errors="replace")
        self.ended = True
        self._replies.put(Message({"type": "ended"}))


def _start_process(idle_seconds: float, error_file: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            helper_command(EMBEDDING_PROCESS, "aestudio.analysis.embedding_child", idle_seconds),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=error_file,
            creationflags=helper_flags(),
            env=os.environ | _ONE_THREAD,
        )
    except (OSError, ValueError) as error:
        raise StudioError(
            f"The process that computes embeddings cannot be started ({error})",
            where=sys.executable or "Python",
            advice="Close other programs, or choose principal components.",
        ) from error


def _failure(reply: Message, title: str) -> StudioError:
    fields = reply.fields
    if fields["problem"] == "import":
        advice = "Install the program again, or choose principal components."
        return StudioError(f"{title} cannot be loaded ({fields['text']})", advice=advice)
    if fields["problem"] == "memory":
        return StudioError(f"Memory ran out while {title} was computed", advice=_FEWER)
    log.error("in the embedding process:\n%s", fields["details"])
    advice = "Please report it; the log has the details."
    return StudioError(f"{title} failed ({fields['text']})", advice=advice)


def _unexpected_end(child: _Child, title: str) -> Exception:
    if child.killed:  # by `close`
        return Cancelled()
    code = child.process.returncode
    if child.error_output:
        log.warning("the embedding process ended with this output:\n%s", child.error_output)
    if code == -getattr(signal, "SIGKILL", 9):
        message = f"The process that computes {title} was killed, perhaps because memory ran out"
        return StudioError(message, advice=_FEWER)
    reason = f"exit code {code}"
    with contextlib.suppress(ValueError):
        reason = signal.Signals(-code).name
    return StudioError(
        f"The process that computes {title} ended before it had finished ({reason})",
        advice="Try again, or choose principal components.",
    )

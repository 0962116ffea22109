"""Real files and a real server on this machine for the tests of the data room."""

from __future__ import annotations

import gzip
import hashlib
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.download import download
from aestudio.datasets.download.servers import RemoteFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CODES = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}
TRAIN, TEST = 20, 10
NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def _idx_bytes(array: np.ndarray[Any, Any]) -> bytes:
    header = bytes([0, 0, CODES[array.dtype.name], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.fixture(scope="session")
def idx_bytes() -> Callable[[np.ndarray[Any, Any]], bytes]:
    """The bytes of an IDX file, written without the package."""
    return _idx_bytes


@pytest.fixture(scope="session")
def small_set() -> dict[str, np.ndarray[Any, Any]]:
    """The four arrays of a set like MNIST, 20 + 10 images."""
    generator = np.random.default_rng(5)
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for images, labels, count in ((NAMES[0], NAMES[1], TRAIN), (NAMES[2], NAMES[3], TEST)):
        arrays[images] = generator.integers(0, 256, (count, 28, 28), np.uint8)
        arrays[labels] = (np.arange(count) % 10).astype(np.uint8)
    return arrays


@pytest.fixture
def write_set(small_set: dict[str, np.ndarray[Any, Any]]) -> Callable[[Path], Path]:
    """Writes the small set as plain IDX files into a folder."""

    def write(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in small_set.items():
            (folder / name).write_bytes(_idx_bytes(array))
        return folder

    return write


@dataclass
class Route:
    """What the server answers at one path.

    break_after: after how many bytes the connection is cut, one entry per request, then never
    stall_after: after how many bytes the server falls silent
    """

    body: bytes
    status: int = 200
    content_type: str = "application/x-gzip"
    break_after: list[int] = field(default_factory=list)
    stall_after: int | None = None
    ranges: bool = True
    announced: bool = True


class Web:
    """A server on 127.0.0.1."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.handle_error = lambda *_: None  # clients that hang up are part of the tests
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            byte_range = self.headers.get("Range")
            web.requests.append((self.path, byte_range))
            route = web.routes.get(self.path, Route(b"no such page", 404, "text/html"))
            start = (
                int(byte_range.removeprefix("bytes=").removesuffix("-")) if byte_range and route.ranges else 0
            )
            body = route.body[start:]
            self.send_response(206 if start else route.status)
            self.send_header("Content-Type", route.content_type)
            if route.announced:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            cut = route.break_after.pop(0) if route.break_after else None
            stop = cut if cut is not None else route.stall_after
            self.wfile.write(body[:stop])
            self.wfile.flush()
            if cut is None and route.stall_after is not None:
                web.released.wait(20)

    return Handler


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A running server without pages."""
    monkeypatch.setenv("no_proxy", "*")
    server = Web()
    yield server
    server.close()


@pytest.fixture
def route() -> type[Route]:
    return Route


@pytest.fixture
def offered(
    web: Web, small_set: dict[str, np.ndarray[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Route]:
    """The small set offered by the server under /a and /b, as two mirrors; every set is found there."""
    routes: dict[str, Route] = {}
    remote_files = []
    for name, array in small_set.items():
        body = gzip.compress(_idx_bytes(array), mtime=0)
        for mirror in ("a", "b"):
            routes[f"/{mirror}/{name}.gz"] = Route(body)
        urls = tuple(f"{web.url}/{mirror}/{name}.gz" for mirror in ("a", "b"))
        remote_files.append(RemoteFile(urls, hashlib.md5(body).hexdigest(), (name,)))
    web.routes.update(routes)
    monkeypatch.setattr(download, "remote_files_of", lambda *_: tuple(remote_files))
    return web.routes


class Clock:
    """The time that downloads read: it passes only when they tell their progress, not with the machine.

    tick: a progress callback that lets `step` seconds pass
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 0.5

    def monotonic(self) -> float:
        return self.now

    def tick(self, done: float, total: float | None, what: str) -> None:
        self.now += self.step


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of `transfer` and `background`."""
    fake_clock = Clock()
    for module in ("download.transfer", "download.background"):
        monkeypatch.setattr(f"aestudio.datasets.{module}.time", fake_clock)
    return fake_clock

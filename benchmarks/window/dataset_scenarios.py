"""Data sets that are read, downloaded or generated while the lateness of the event loop is recorded."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.datasets.download import download
from aestudio.datasets.download.servers import RemoteFile
from aestudio.datasets.published_set import raw_folder
from aestudio.datasets.sources.mnist import MNIST
from benchmarks.window.driver import run_for, wait_until
from benchmarks.window.scenarios import settle, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.gui.window.main_window import MainWindow
    from benchmarks.window.scenarios import LatenessLog


def load(window: MainWindow, log: LatenessLog, doing: str, choose: Callable[[], None]) -> None:
    """Record the loading of the data set that `choose` chooses; raises the error of the loading."""
    with log.record(doing):
        choose()
        wait_until(lambda: state_of(window).data.phase != "loading", doing)
        run_for(0.3)  # until the images are shown
    problem = state_of(window).data.problem
    if problem is not None:
        raise problem
    settle(window)


def read_mnist(window: MainWindow, log: LatenessLog, data: Path) -> None:
    """Read MNIST from the disk."""
    load(window, log, "MNIST is read from the disk", lambda: window.session.data.choose_folder(data))


def download_mnist(window: MainWindow, log: LatenessLog, data: Path, scratch: Path) -> None:
    """Download and unpack MNIST from a server on this machine, which is a separate process."""
    offered, empty = scratch / "offered", scratch / "empty"
    (empty / "MNIST").mkdir(parents=True)
    remote_files_of = download.remote_files_of
    with served(offered) as address:
        files = _compressed(data, offered, address)
        download.remote_files_of = lambda *_: files
        try:
            choose = window.session.data.choose_folder
            load(window, log, "MNIST is downloaded and unpacked", lambda: choose(empty))
        finally:
            download.remote_files_of = remote_files_of
            window.session.data.choose_folder(data)
            wait_until(lambda: state_of(window).data.usable, "MNIST from the disk")
            settle(window)


def _compressed(data: Path, folder: Path, address: str) -> tuple[RemoteFile, ...]:
    """Write MNIST's files as the real servers offer them, and describe them."""
    files = []
    for name in MNIST.files:
        plain = raw_folder(MNIST, data) / name
        packed = plain.with_name(f"{name}.gz")
        body = packed.read_bytes() if packed.exists() else gzip.compress(plain.read_bytes(), 1)
        (folder / f"{name}.gz").write_bytes(body)
        digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
        files.append(RemoteFile((f"{address}/{name}.gz",), digest, (name,)))
    return tuple(files)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a new folder by HTTP from a separate process; yields its address on this machine."""
    folder.mkdir(parents=True)
    command = [
        sys.executable,
        "-u",
        "-m",
        "http.server",
        "0",
        "--bind",
        "127.0.0.1",
        "--directory",
        str(folder),
    ]
    proxies = os.environ.get("no_proxy")
    os.environ["no_proxy"] = "*"
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        port = server.stdout.readline().partition(" port ")[2].split()[0]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
        os.environ.pop("no_proxy")
        if proxies is not None:
            os.environ["no_proxy"] = proxies
        server.stdout.close()


def generate_digits(window: MainWindow, log: LatenessLog, seconds: float) -> None:
    """Generate the built-in digits for the first time; cancelled after `seconds`."""
    session = window.session
    with log.record("built-in digits are generated"):
        session.data.choose("builtin")
        began = time.monotonic()
        wait_until(
            lambda: state_of(window).data.phase != "loading" or time.monotonic() - began > seconds, "digits"
        )
        session.data.cancel()
        wait_until(lambda: state_of(window).data.phase != "loading", "the digits or their cancellation")
    settle(window)


def read_image_files(window: MainWindow, log: LatenessLog, scratch: Path, count: int) -> None:
    """Read a folder of PNG files, half of them ten times as large as the images of a data set."""
    from PIL import Image

    images = state_of(window).data.dataset.train.images  # type: ignore[union-attr]
    folder = scratch / "images"
    for number in range(count):
        side = 28 if number % 2 else 280
        class_folder = folder / str(number % 10)
        class_folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(images[number, 0]).resize((side, side)).save(class_folder / f"{number}.png")
    choose = window.session.data.choose
    load(window, log, f"{count:,} images are read", lambda: choose(str(folder)))

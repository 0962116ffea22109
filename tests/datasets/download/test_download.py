from __future__ import annotations

import errno
import gzip
import hashlib
import io
import pathlib
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.download import download as download_module
from aestudio.datasets.download.download import download, try_to_reach
from aestudio.datasets.download.servers import RemoteFile
from aestudio.datasets.published import load
from aestudio.datasets.published_set import missing, raw_folder
from aestudio.datasets.source import DataFolders
from aestudio.datasets.sources.emnist_digits import EMNIST_DIGITS
from aestudio.datasets.sources.mnist import MNIST
from aestudio.errors import Cancelled, StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_downloads_unpacks_and_loads(offered: Any, small_set: Any, tmp_path: Path) -> None:
    folders = DataFolders(None, tmp_path)
    dataset = load(MNIST, folders, silent)
    np.testing.assert_array_equal(dataset.train.images[:, 0], small_set["train-images-idx3-ubyte"])
    np.testing.assert_array_equal(dataset.test.labels, small_set["t10k-labels-idx1-ubyte"])
    assert names(raw_folder(MNIST, tmp_path)) == sorted(MNIST.files)


def test_a_second_try_brings_only_what_is_missing(offered: Any, web: Any, tmp_path: Path) -> None:
    third = MNIST.files[2]
    good = offered[f"/a/{third}.gz"].body
    for mirror in "ab":
        offered[f"/{mirror}/{third}.gz"].body = good[: len(good) // 2]
    with pytest.raises(StudioError, match="checksum"):
        download(MNIST, tmp_path, silent)
    assert names(tmp_path) == sorted(MNIST.files[:2])
    web.requests.clear()
    for mirror in "ab":
        offered[f"/{mirror}/{third}.gz"].body = good
    download(MNIST, tmp_path, silent)
    assert [path for path, _ in web.requests] == [f"/a/{third}.gz", f"/a/{MNIST.files[3]}.gz"]
    assert not missing(MNIST, tmp_path)


def test_a_file_cut_short_in_the_cache_is_brought_again(offered: Any, small_set: Any, tmp_path: Path) -> None:
    folder = raw_folder(MNIST, tmp_path)
    download(MNIST, folder, silent)
    path = folder / MNIST.files[0]
    path.write_bytes(path.read_bytes()[:5000])
    dataset = load(MNIST, DataFolders(None, tmp_path), silent)
    np.testing.assert_array_equal(dataset.train.images[:, 0], small_set[MNIST.files[0]])


def test_cancelling_leaves_nothing_half_written(offered: Any, tmp_path: Path) -> None:
    for path in list(offered):
        if "train-images" in path:
            offered[path].stall_after = 3000

    def cancel(done: float, total: float | None, what: str) -> None:
        if done >= 3000:
            raise Cancelled

    with pytest.raises(Cancelled):
        download(MNIST, tmp_path, cancel)
    assert names(tmp_path) == []


def test_cancelling_while_unpacking(offered: Any, tmp_path: Path) -> None:
    def cancel(done: float, total: float | None, what: str) -> None:
        if what.startswith("Unpacking"):
            raise Cancelled

    with pytest.raises(Cancelled):
        download(MNIST, tmp_path, cancel)
    assert names(tmp_path) == []


class SmallDisk(io.BufferedRandom):
    """A file on a disk with room for `room` more bytes, shared by all files."""

    room = 0

    def write(self, content: Any) -> int:
        SmallDisk.room -= len(content)
        if SmallDisk.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(content)


@pytest.mark.parametrize("room", [0, 8_000, 20_000])  # while downloading, twice; while unpacking
def test_a_full_disk(offered: Any, tmp_path: Path, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = pathlib.Path.open

    def open_file(path: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
        if mode == "w+b":
            return SmallDisk(io.FileIO(path, "w+"))
        return real(path, mode, *rest, **options)

    monkeypatch.setattr(pathlib.Path, "open", open_file)
    monkeypatch.setattr(SmallDisk, "room", room)
    with pytest.raises(StudioError, match="disk is full") as caught:
        download(MNIST, tmp_path, silent)
    assert str(tmp_path) in caught.value.where
    assert names(tmp_path) == []
    monkeypatch.setattr(SmallDisk, "room", 10**9)
    download(MNIST, tmp_path, silent)  # some space was freed
    assert names(tmp_path) == sorted(MNIST.files)


def test_a_server_that_packed_badly(
    web: Any, route: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = gzip.compress(b"x" * 100_000)[:-20]
    web.routes["/file.gz"] = route(body)
    remote_file = RemoteFile((f"{web.url}/file.gz",), hashlib.md5(body).hexdigest(), (MNIST.files[0],))
    monkeypatch.setattr(download_module, "remote_files_of", lambda *_: (remote_file,))
    with pytest.raises(StudioError, match="cannot be unpacked"):
        download(MNIST, tmp_path, silent)
    assert names(tmp_path) == []


def test_an_archive_of_many(
    web: Any, route: Any, small_set: Any, idx_bytes: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("gzip/emnist-letters-train-images-idx3-ubyte.gz", b"not wanted")
        for name, array in zip(EMNIST_DIGITS.files, small_set.values(), strict=True):
            file.writestr(f"gzip/{name}.gz", gzip.compress(idx_bytes(array)))
    body = archive.getvalue()
    web.routes["/gzip.zip"] = route(body, content_type="application/zip")
    remote_file = RemoteFile((f"{web.url}/gzip.zip",), hashlib.md5(body).hexdigest(), EMNIST_DIGITS.files)
    monkeypatch.setattr(download_module, "remote_files_of", lambda *_: (remote_file,))
    dataset = load(EMNIST_DIGITS, DataFolders(None, tmp_path), silent)
    assert names(raw_folder(EMNIST_DIGITS, tmp_path)) == sorted(EMNIST_DIGITS.files)
    first = small_set["train-images-idx3-ubyte"][0]
    np.testing.assert_array_equal(dataset.train.images[0, 0], first.T)  # brought upright


def test_the_try_asks_for_the_smallest_file(offered: Any, web: Any) -> None:
    try_to_reach(MNIST, 3.0, silent)
    assert {path for path, _ in web.requests} <= {f"/{mirror}/{MNIST.files[3]}.gz" for mirror in "ab"}

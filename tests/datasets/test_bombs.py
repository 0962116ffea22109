"""Files that would take far more memory than they have bytes, and things that are no files."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import threading
import tracemalloc
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets import memory_limit as room
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.importers import image_files, image_memory
from aestudio.datasets.importers.idx import is_whole, read_idx
from aestudio.datasets.importers.image_files import look_at, read_image
from aestudio.errors import StudioError
from aestudio.recipes.recipe import read_recipe
from aestudio.storage.npz import NpzFile, open_npz
from tests.data.brought import bring_to_28

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

LITTLE = 30_000_000  # bytes; what is refused takes nothing like its size


@contextmanager
def little_memory() -> Iterator[None]:
    """Inside it, Python and numpy take little memory."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < LITTLE
    finally:
        tracemalloc.stop()


def png(path: Path, width: int, height: int, colour: int = 6) -> Path:
    """A PNG of transparent pixels that is not there in full: its header is enough to refuse it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return path


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (13_000, 13_000), (200_000, 1)])
def test_a_image_with_too_many_pixels_is_refused_from_its_header(
    tmp_path: Path, width: int, height: int
) -> None:
    path = png(tmp_path / "bomb.png", width, height)
    loaded: list[object] = []
    with pytest.MonkeyPatch.context() as patch, little_memory():
        patch.setattr("PIL.ImageFile.ImageFile.load", lambda self: loaded.append(self))
        with pytest.raises(StudioError, match="pixels") as caught:
            read_image(path)
    assert loaded == []
    assert caught.value.where == str(path)
    assert "smaller" in caught.value.advice


def test_large_photographs_are_still_read(tmp_path: Path) -> None:
    """A telephone's 50 million pixels as JPEG are unpacked at a fraction of their size."""
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (4000, 3000), (250, 0, 0)).save(path)
    image, _, size = read_image(path)
    assert size == (4000, 3000)
    assert image.shape == (21, 28)


def bomb_npz(path: Path, shape: tuple[int, ...]) -> Path:
    """Zeros that pack a thousandfold; written by pieces."""
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("images.npy", "w", force_zip64=True) as file,
    ):
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        left = int(np.prod(shape))
        while left:
            piece = min(left, 1 << 22)
            file.write(bytes(piece))
            left -= piece
    return path


def test_an_npz_that_unpacks_to_more_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bomb_npz(tmp_path / "bomb.npz", (60_000, 28, 28))
    monkeypatch.setattr(room, "MOST_BYTES", 40_000_000)
    assert path.stat().st_size < 1_000_000
    with little_memory(), pytest.raises(StudioError, match="47 MB of memory, more than the 40 MB") as caught:
        load_dataset(str(path))
    assert caught.value.where == f"{path} (images)"


def test_what_is_larger_than_the_free_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bomb_npz(tmp_path / "bomb.npz", (60_000, 28, 28))
    monkeypatch.setattr(room, "available_memory", lambda: 100_000_000)
    with little_memory(), pytest.raises(StudioError, match="and 100 MB are free"):
        load_dataset(str(path))


@pytest.mark.parametrize("packed", [True, False])
def test_an_idx_header_that_promises_too_much(tmp_path: Path, packed: bool) -> None:
    content = struct.pack(">IIII", 0x803, 4_000_000, 28, 28) + bytes(100_000)
    path = tmp_path / "images-idx3-ubyte"
    path.write_bytes(gzip.compress(content) if packed else content)
    with little_memory(), pytest.raises(StudioError, match="its header announces would take"):
        read_idx(path)


def test_an_idx_file_that_unpacks_to_more_than_its_header_says(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(struct.pack(">IIII", 0x803, 2, 28, 28) + bytes(200_000_000), 1))
    with little_memory(), pytest.raises(StudioError, match="has more"):
        read_idx(path)


def test_an_idx_header_of_too_many_dimensions(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(b"\0\0\x08\xff" + b"\0\0\0\x01" * 255 + b"x")
    with pytest.raises(StudioError, match="255 dimensions"):
        read_idx(path)


def test_images_of_endless_width() -> None:
    with little_memory(), pytest.raises(StudioError, match="too large"):
        bring_to_28(np.zeros((2, 1, 1_000_000), np.uint8))


def test_large_images_are_scaled_a_few_at_a_time() -> None:
    images = np.zeros((12, 2000, 2000), np.uint8)
    tracemalloc.start()
    bring_to_28(images)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 130_000_000  # all at once as float32 they are 192 MB


# ---- what is no file --------------------------------------------------------------------------------


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


MADE = [a_pipe, a_socket, a_device]
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")


def in_time(work: Callable[[], object]) -> BaseException | object:
    """What the work gives or raises; a failure where it waits for ever (its thread is left)."""
    results: list[BaseException | object] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as problem:
            results.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    if thread.is_alive():
        pytest.fail("it waits for ever")
    return results[0]


@needs_pipes
@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize("name", ["data.npz", "images-idx3-ubyte", "kept.digits", "picture.png"])
def test_only_files_are_opened(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    path = tmp_path / name
    make(path)
    work = (lambda: read_image(path)) if name.endswith("png") else (lambda: load_dataset(str(path)))
    assert isinstance(in_time(work), StudioError)


@needs_pipes
@pytest.mark.parametrize("make", MADE)
def test_a_folder_with_other_things_between_its_images(tmp_path: Path, make: Callable[[Path], None]) -> None:
    for number in range(4):
        Image.new("L", (28, 28), 50 * number).save(tmp_path / f"{number}.png")
    make(tmp_path / "other.png")
    dataset = in_time(lambda: load_dataset(str(tmp_path)))
    assert not isinstance(dataset, Exception), dataset
    assert len(dataset.train) + len(dataset.test) == 4  # type: ignore[attr-defined]


@needs_pipes
def test_pipes_where_the_program_looks_by_itself(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "recipe.json")
    assert isinstance(in_time(lambda: read_recipe(tmp_path / "recipe.json")), StudioError)
    os.mkfifo(tmp_path / "train-images-idx3-ubyte")
    assert in_time(lambda: is_whole(tmp_path / "train-images-idx3-ubyte")) is False


def npz_of(path: Path, kind: str, shape: tuple[int, ...], size: int, name: str = "images") -> Path:
    """An archive of one array of so many zero bytes."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}\n".encode()
    head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.npy", head + bytes(size))
    return path


def test_many_tiny_images_are_refused_before_they_grow(tmp_path: Path) -> None:
    path = npz_of(tmp_path / "tiny.npz", "|u1", (20_000_000, 1, 1), 20_000_000)
    with little_memory(), pytest.raises(StudioError, match="8 × 8 would take"):
        load_dataset(str(path))
    with little_memory(), pytest.raises(StudioError, match="28 × 28 would take"):
        load_dataset(str(path), image=MNIST.image)


def test_one_huge_image_in_an_array_is_refused_before_it_is_scaled() -> None:
    images = np.broadcast_to(np.uint8(0), (2, 20_000, 20_000))  # takes one byte
    with little_memory(), pytest.raises(StudioError, match="too large"):
        bring_to_28(images)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((2, 6000, 6000), np.uint8), np.zeros(2, np.int64), "too large"),
        (np.zeros((2, 28, 28), np.uint8), np.array(["a", "b" * 2000]), "longer than any name"),
    ],
)
def test_sizes_in_an_npz_are_judged_before_an_array_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, images: NDArray[Any], labels: NDArray[Any], message: str
) -> None:
    np.savez_compressed(tmp_path / "x.npz", images=images, labels=labels)
    monkeypatch.setattr(NpzFile, "read", None)
    monkeypatch.setattr(NpzFile, "batches", None)
    with pytest.raises(StudioError, match=message):
        load_dataset(str(tmp_path / "x.npz"))


def test_texts_of_no_letter_cannot_announce_terabytes(tmp_path: Path) -> None:
    path = npz_of(tmp_path / "empty.npz", "|U0", (2**46,), 0)
    with little_memory(), open_npz(path) as file:
        with pytest.raises(StudioError, match="more than it can hold"):
            file.read("images", 1000)
        with pytest.raises(StudioError, match="more than it can hold"):
            next(file.batches("images", 10))


@pytest.mark.parametrize("content", ["ico", "postscript"])
def test_other_formats_with_the_name_of_an_image_are_not_opened(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.png"
    if content == "ico":
        Image.new("L", (16, 16)).save(path, "ICO")
    else:
        path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n%%EndComments\n")
    with pytest.raises(StudioError, match="no image of a kind that is known"):
        read_image(path)


def test_a_small_tiff_with_a_huge_tile_is_refused(tmp_path: Path) -> None:
    tags = [(256, 28), (257, 28), (258, 8), (259, 8), (262, 1), (277, 1), (322, 46_000), (323, 46_000)]
    tags += [(324, 134), (325, 50)]
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    content = b"II*\0" + struct.pack("<IH", 8, len(tags)) + table + bytes(4) + zlib.compress(bytes(100_000))
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    with pytest.raises(StudioError, match="of memory"):
        read_image(path)


@pytest.mark.parametrize("suffix", ["gif", "tif", "webp"])
def test_pages_of_few_bytes_and_many_pixels_are_refused_soon(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_memory, "_PAGES_ALLOWED", 1 << 20)
    monkeypatch.setattr(image_memory, "_PIXELS_EACH_BYTE", 1)
    pages = [Image.new("L", (700, 700), 200 + number) for number in range(30)]
    pages[0].save(tmp_path / f"own.{suffix}", save_all=True, append_images=pages[1:], **PACKED[suffix])
    unpacked: list[int] = []
    monkeypatch.setattr(image_files, "_look", lambda _, page, __: unpacked.append(page))
    with pytest.raises(StudioError, match="which no images do") as caught:
        look_at(tmp_path / f"own.{suffix}", None, True)
    assert "--frames first" in caught.value.advice
    assert unpacked == [0, 1]  # the third is over 2 ** 20
    assert len(look_at(tmp_path / f"own.{suffix}", None, False)) == 1


PACKED: dict[str, Any] = {"gif": {}, "tif": {"compression": "tiff_adobe_deflate"}, "webp": {"lossless": True}}

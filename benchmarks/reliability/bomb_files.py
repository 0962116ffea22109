"""Small files that need much memory when they are read (decompression bombs), and paths that are no files.

Longer than other files: a list of forty, each with the few lines that write it.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

SPARSE = 100_000_000_000  # bytes of a sparse file, which takes no space on the disk
_MOST = 1 << 30  # bytes of images that the program accepts
_PIECE = 1 << 22

Reader = Literal["data", "window", "resume"]


@dataclass(frozen=True)
class Bomb:
    """One file or folder to read.

    make:   makes it in an empty folder (in a copy of an intact run unless reader is "data"); returns its path
    reader: "data": `train --dataset PATH`, "resume": `train --resume PATH`, "window": as the window opens it
    """

    name: str
    make: Callable[[Path], Path]
    reader: Reader = "data"


# ---- arrays -----------------------------------------------------------------------------------------


def npz(path: Path, shape: tuple[int, ...], kind: str, *, blank: bool = True, fortran: bool = False) -> Path:
    """An archive of images: all zero if `blank`, otherwise noise that compresses about fifteenfold."""
    table = {"descr": np.dtype(kind).str, "fortran_order": fortran, "shape": shape}
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6 if blank else 1) as archive,
        archive.open("images.npy", "w", force_zip64=True) as file,
    ):
        np.lib.format.write_array_header_1_0(file, table)
        for piece in _pieces(shape, kind, blank):
            file.write(piece)
    return path


def gzipped_idx(path: Path, count: int, *, blank: bool = True, content: int | None = None) -> Path:
    """An IDX file of `count` images according to its header; content: how many images it holds."""
    with gzip.open(path, "wb", compresslevel=6 if blank else 1) as file:
        file.write(struct.pack(">IIII", 0x803, count, 28, 28))
        for piece in _pieces((count if content is None else content, 28, 28), "u1", blank):
            file.write(piece)
    return path


def _pieces(shape: tuple[int, ...], kind: str, blank: bool) -> Iterator[bytes]:
    """The pixels of images in chunks of bytes: blank, or noise in the first sixteenth of each image."""
    row = int(np.prod(shape[1:]))
    each = max(1, _PIECE // (row * np.dtype(kind).itemsize))
    random = np.random.default_rng(0)
    for start in range(0, shape[0], each):
        images: NDArray[np.generic] = np.zeros((min(each, shape[0] - start), row), kind)
        if not blank:
            noise = random.integers(0, 256, (len(images), row // 16))
            images[:, : row // 16] = noise / 255 if np.dtype(kind).kind == "f" else noise
        yield images.tobytes()


def of_size(kind: str, *more: int) -> tuple[int, ...]:
    """The shape of the largest accepted array of images of 28x28 (x more) of this type."""
    each = 28 * 28 * int(np.prod(more)) * np.dtype(kind).itemsize
    return (_MOST // each, 28, 28, *more)


def _archive_in_archive(folder: Path) -> Path:
    inner = npz(folder / "inner.npz", of_size("u1"), "u1")
    path = folder / "outer.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(16):
            archive.write(inner, f"images{number}.npz")
    inner.unlink()
    return path


def _many_entries(folder: Path) -> Path:
    path = folder / "entries.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.npy", b"")
    return path


# ---- images ---------------------------------------------------------------------------------------


def png(path: Path, width: int, height: int) -> Path:
    """An image with all pixels, all of them transparent."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    packer = zlib.compressobj(9)
    rows = b"".join([*(packer.compress(bytes(1 + 4 * width)) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def _saved(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 30)).save(
        buffer, form, **({"lossless": True} if form == "WEBP" else {})
    )
    return buffer.getvalue()


def huge_jpeg(path: Path) -> Path:
    """65,500 x 65,500 pixels according to its header."""
    content = bytearray(_saved("JPEG"))
    offset = content.index(b"\xff\xc0") + 5
    content[offset : offset + 4] = struct.pack(">HH", 65_500, 65_500)
    path.write_bytes(content)
    return path


def huge_gif(path: Path) -> Path:
    """65,535 x 65,535 pixels according to its header and its first frame."""
    content = bytearray(_saved("GIF"))
    content[6:10] = struct.pack("<HH", 65_535, 65_535)
    colours = 2 << (content[10] & 7)
    offset = content.index(b"\x2c", 13 + 3 * colours) + 5
    content[offset : offset + 4] = struct.pack("<HH", 65_535, 65_535)
    path.write_bytes(content)
    return path


def huge_webp(path: Path) -> Path:
    """16,384 x 16,384 pixels according to its header, the maximum of the format."""
    content = bytearray(_saved("WEBP"))
    offset = content.index(b"VP8L") + 9
    content[offset : offset + 4] = struct.pack("<I", 16_383 | 16_383 << 14)
    path.write_bytes(content)
    return path


def tiff(path: Path, side: int, tile: int) -> Path:
    """An image of `side` pixels a side in tiles of `tile` pixels; the file holds hardly any of them."""
    tags = [(256, side), (257, side), (258, 8), (259, 8), (262, 1), (277, 1), (322, tile), (323, tile)]
    tags += [(324, 134), (325, 50)]
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    head = b"II*\0" + struct.pack("<IH", 8, len(tags))
    path.write_bytes(head + table + bytes(4) + zlib.compress(bytes(100_000)))
    return path


def frames(path: Path, count: int) -> Path:
    """A GIF with `count` frames."""
    images = [Image.new("L", (400, 400), number % 256) for number in range(256)] * (count // 256 + 1)
    images[0].save(path, "GIF", save_all=True, append_images=images[1:count])
    return path


def _among_images(folder: Path, make: Callable[[Path], object], name: str) -> Path:
    """A folder with two intact images and this one."""
    for number in range(2):
        Image.new("L", (28, 28), 100 * number).save(folder / f"intact{number}.png")
    make(folder / name)
    return folder


# ---- sparse files, paths that are no files --------------------------------------------------------------


def sparse(path: Path, head: bytes = b"") -> Path:
    """A file of 100 GB, of which only the beginning takes space on the disk."""
    path.write_bytes(head)
    os.truncate(path, SPARSE)
    return path


def _device(path: Path) -> Path:
    path.symlink_to("/dev/zero")
    return path


def _fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _loops(folder: Path) -> Path:
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "self.png").symlink_to("self.png")
    return _among_images(folder, lambda _: None, "")


# ---- files in the folder of a run --------------------------------------------------------------------


def _nested(run: Path) -> Path:
    (run / "run.json").write_bytes(b"[" * 8_000_000 + b"]" * 8_000_000)
    return run


def _write_long_line(path: Path, size: int, begin: bytes) -> None:
    """One line of `size` bytes."""
    with path.open("wb") as file:
        file.write(begin)
        for _ in range(size // _PIECE):
            file.write(b" " * _PIECE)


def _record_of_one_line(run: Path) -> Path:
    _write_long_line(run / "run.json", _MOST, b'{"a":')
    return run


def _curves_of_one_line(run: Path) -> Path:
    with (run / "metrics.jsonl").open("ab") as file:
        file.write(b'{"a":')
        file.truncate(SPARSE)
    return run


def _bookmarks(run: Path) -> Path:
    npz(run / "bookmarks.npz", (_MOST,), "u1")
    return run


def _drawings(run: Path) -> Path:
    npz(run / "pins.npz", of_size("u1"), "u1")
    return run


def tensors(path: Path, entries: bytes, size: int) -> None:
    """A safetensors file with this header, and `size` bytes of tensors."""
    with path.open("wb") as file:
        file.write(len(entries).to_bytes(8, "little") + entries)
        file.truncate(8 + len(entries) + size)


def _header_of_lists(run: Path) -> Path:
    tensors(run / "checkpoint.safetensors", b'{"a":[' + b"[]," * 30_000_000 + b"[]]}", 0)
    shutil.copy(run / "checkpoint.safetensors", run / "weights.safetensors")
    return run


def _state_of_gigabytes(run: Path) -> Path:
    """The checkpoint with another array of 16 GB, which is sparse."""
    path, more = run / "checkpoint.safetensors", 1 << 34
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    table = json.loads(content[8 : 8 + length])
    end = len(content) - 8 - length
    table["weights/more"] = {"dtype": "F32", "shape": [more // 4], "data_offsets": [end, end + more]}
    about = json.loads(table["__metadata__"]["aestudio"])
    about["names"].append("weights/more")
    table["__metadata__"]["aestudio"] = json.dumps(about)
    entries = json.dumps(table).encode()
    with path.open("wb") as file:
        file.write(len(entries).to_bytes(8, "little") + entries + content[8 + length :])
        file.truncate(8 + len(entries) + end + more)
    return run


def _in(name: str, make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    return lambda folder: make(folder / name)


def _image(name: str, make: Callable[[Path], object]) -> Callable[[Path], Path]:
    return lambda folder: _among_images(folder, make, name)


def _picture(name: str, make: Callable[[Path], object]) -> Callable[[Path], Path]:
    """A folder with this picture alone: beside others it would be left out, and they would be trained on."""

    def make_folder(folder: Path) -> Path:
        make(folder / name)
        return folder

    return make_folder


def _zeros(kind: str, *more: int, fortran: bool = False) -> Callable[[Path], Path]:
    return _in("zeros.npz", lambda path: npz(path, of_size(kind, *more), kind, fortran=fortran))


def _full(kind: str, *more: int) -> Callable[[Path], Path]:
    return _in("full.npz", lambda path: npz(path, of_size(kind, *more), kind, blank=False))


_COUNT = of_size("u1")[0]
_EMNIST = (814_255, 28, 28)

BOMBS = (
    Bomb(".npz, 1 GiB of zeros, uint8", _zeros("u1")),
    Bomb(".npz, 1 GiB of zeros, uint8, columns first", _zeros("u1", fortran=True)),
    Bomb(".npz, 1 GiB of zeros, float64", _zeros("f8")),
    Bomb(".npz, 1 GiB of zeros, float16", _zeros("f2")),
    Bomb(".npz, 1 GiB of zeros, in colour", _zeros("u1", 3)),
    Bomb(".npz, 8 GB of zeros", _in("zeros.npz", lambda path: npz(path, (10_000_000, 28, 28), "u1"))),
    Bomb(".npz, 1 GiB of images, uint8", _full("u1")),
    Bomb(".npz, 1 GiB of images, float64", _full("f8")),
    Bomb(".npz, 1 GiB of images, float16", _full("f2")),
    Bomb(".npz, 1 GiB of images, in colour", _full("u1", 3)),
    Bomb(
        ".npz as large as EMNIST byclass (814,255 images)",
        _in("emnist.npz", lambda path: npz(path, _EMNIST, "u1", blank=False)),
    ),
    Bomb(".npz of 1,300,000 images of 1x1", _in("a.npz", lambda path: npz(path, (_COUNT, 1, 1), "u1"))),
    Bomb(".npz of .npz", _archive_in_archive),
    Bomb(".npz of 60,000 entries", _many_entries),
    Bomb(
        "gzipped IDX, a header of 3 TB",
        _in("images.gz", lambda path: gzipped_idx(path, 2**32 - 1, content=10)),
    ),
    Bomb("gzipped IDX, 1 GiB of zeros", _in("images.gz", lambda path: gzipped_idx(path, _COUNT))),
    Bomb(
        "gzipped IDX, 1 GiB behind a header of two images",
        _in("images.gz", lambda path: gzipped_idx(path, 2, content=_COUNT)),
    ),
    Bomb(
        "gzipped IDX, 1 GiB of images",
        _in("images.gz", lambda path: gzipped_idx(path, _COUNT, blank=False)),
    ),
    Bomb("PNG, 13,000 x 13,000", _picture("a.png", lambda path: png(path, 13_000, 13_000))),
    Bomb("JPEG, 65,500 x 65,500", _picture("a.jpg", huge_jpeg)),
    Bomb("GIF, 65,535 x 65,535", _picture("a.gif", huge_gif)),
    Bomb("WebP, 16,384 x 16,384", _picture("a.webp", huge_webp)),
    Bomb("TIFF, 60,000 x 60,000", _picture("a.tif", lambda path: tiff(path, 60_000, 256))),
    Bomb(
        "TIFF, 28 x 28 in a tile of 46,000 x 46,000", _picture("a.tif", lambda path: tiff(path, 28, 46_000))
    ),
    Bomb("GIF, 5,000 frames", _picture("a.gif", lambda path: frames(path, 5_000))),
    Bomb("FIFO named .npz", _in("a.npz", _fifo)),
    Bomb("FIFO among images", _image("a.png", _fifo)),
    Bomb("/dev/zero as a link named .npz", _in("a.npz", _device)),
    Bomb("/dev/zero as a link among images", _image("a.png", _device)),
    Bomb("links that lead back, among images", _loops),
    Bomb("sparse 100 GB named .npz", _in("a.npz", sparse)),
    Bomb(
        "sparse 100 GB, IDX of two images",
        _in("images-idx3-ubyte", lambda path: sparse(path, struct.pack(">IIII", 0x803, 2, 28, 28))),
    ),
    Bomb("sparse 100 GB, WebP", _picture("a.webp", lambda path: sparse(path, _saved("WEBP")))),
    Bomb("run.json, 8 million brackets deep", _nested, "window"),
    Bomb("run.json, one line of 1 GiB", _record_of_one_line, "window"),
    Bomb("metrics.jsonl, a line of 100 GB", _curves_of_one_line, "window"),
    Bomb("bookmarks.npz, 1 GiB of zeros", _bookmarks, "window"),
    Bomb("pins.npz, 1 GiB of zeros", _drawings, "window"),
    Bomb("safetensors, a header of 90 MB", _header_of_lists, "window"),
    Bomb("safetensors, a state of 16 GB, sparse", _state_of_gigabytes, "resume"),
)


def main() -> None:
    """`python -m benchmarks.reliability.bomb_files NAME FOLDER`: make one and print its path."""
    name, folder = sys.argv[1:]
    bomb = next(bomb for bomb in BOMBS if bomb.name == name)
    sys.stdout.write(str(bomb.make(Path(folder))))


if __name__ == "__main__":
    main()

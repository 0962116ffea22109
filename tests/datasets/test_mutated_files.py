"""Damaged files of every kind are read, or refused in one sentence: no traceback, no hang, little memory.

Each mutation changes, removes, doubles or cuts bytes at random places. 1,000 of each kind are tried with
`pytest -m slow tests/datasets/test_mutated_files.py`.
"""

from __future__ import annotations

import gzip
import io
import struct
import sys
import tarfile
import time
import tracemalloc
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers
from tests.datasets.pages.page_of_digits import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW, FEWER, MANY = 12, 3, 1000  # fewer of those that take longer
MOST_SECONDS, MOST_BYTES = 5.0, 1 << 30
IMAGES, LABELS = numbers(24, 12, 12), np.arange(24) % 3


def _npz(compress: bool) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if compress else np.savez)(file, images=IMAGES, labels=LABELS)
    return file.getvalue()


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, IMAGES)
    return file.getvalue()


def _idx() -> bytes:
    return struct.pack(">IIII", 0x803, *IMAGES.shape) + IMAGES.tobytes()


def _csv() -> bytes:
    rows = [",".join(map(str, [label, *image.ravel()])) for label, image in zip(LABELS, IMAGES, strict=True)]
    return "\n".join(rows).encode()


def _pictures() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for number, (label, image) in enumerate(zip(LABELS, IMAGES, strict=True)):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "PNG")
        found[f"{label}/{number}.png"] = file.getvalue()
    return found


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _pictures().items():
            archive.writestr(name, content)
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in _pictures().items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def _stack() -> bytes:
    file = io.BytesIO()
    first, *others = [Image.fromarray(image) for image in IMAGES]
    first.save(file, "TIFF", save_all=True, append_images=others)
    return file.getvalue()


def _gif() -> bytes:
    file = io.BytesIO()
    first, *others = [Image.fromarray(image) for image in IMAGES]
    first.save(file, "GIF", save_all=True, append_images=others)
    return file.getvalue()


def _mat() -> bytes:
    scipy_io = pytest.importorskip("scipy.io")
    file = io.BytesIO()
    scipy_io.savemat(file, {"images": np.moveaxis(IMAGES, 0, -1), "labels": LABELS}, do_compression=True)
    return file.getvalue()


def _hdf5() -> bytes:
    library: Any = pytest.importorskip("h5py")
    file = io.BytesIO()
    with library.File(file, "w") as arrays:
        arrays.create_dataset("images", data=IMAGES, chunks=True, compression="gzip")
        arrays.create_dataset("labels", data=LABELS)
    return file.getvalue()


def _parquet() -> bytes:
    writer: Any = pytest.importorskip("pyarrow.parquet")
    arrow: Any = pytest.importorskip("pyarrow")
    file = io.BytesIO()
    pictures = [{"bytes": content, "path": None} for content in _pictures().values()]
    writer.write_table(arrow.table({"image": pictures, "label": LABELS}), file)
    return file.getvalue()


def _arff() -> bytes:
    head = [f"@attribute p{number} integer" for number in range(144)]
    return "\n".join(["@relation x", "@attribute class {0,1,2}", *head, "@data", _csv().decode()]).encode()


def _libsvm() -> bytes:
    pytest.importorskip("sklearn.datasets")  # now, and not while the time is taken
    rows = [
        " ".join([str(label), *(f"{at}:{value}" for at, value in enumerate(image.ravel(), 1) if value)])
        for label, image in zip(LABELS, IMAGES, strict=True)
    ]
    return "\n".join(rows).encode()


def _labelled_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, content in enumerate(_pictures().values()):
            archive.writestr(f"{number}.png", content)
        rows = [f"{number}.png,{label}" for number, label in enumerate(LABELS)]
        archive.writestr("labels.csv", "\n".join(["file,label", *rows]))
    return file.getvalue()


def _picture(kind: str, **options: Any) -> Callable[[], bytes]:
    """A picture of 24 digits on a page, which is cut out: every reader of Pillow, and what comes after."""

    def make() -> bytes:
        file = io.BytesIO()
        mode = "RGB" if kind == "JPEG2000" else "L"
        Image.fromarray(page("boxes")).convert(mode).save(file, kind, **options)
        return file.getvalue()

    return make


KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "npz": ("own.npz", lambda: _npz(compress=False)),
    "npz, compressed": ("own.npz", lambda: _npz(compress=True)),
    "npy": ("own.npy", _npy),
    "idx": ("own-idx3-ubyte", _idx),
    "idx.gz": ("own-idx3-ubyte.gz", lambda: gzip.compress(_idx(), mtime=0)),
    "csv": ("own.csv", _csv),
    "zip": ("own.zip", _zip),
    "zip, stored, with labels": ("own.zip", _labelled_zip),
    "hdf5": ("own.h5", _hdf5),
    "parquet": ("own.parquet", _parquet),
    "arff": ("own.arff", _arff),
    "libsvm": ("own.libsvm", _libsvm),
    "tar.gz": ("own.tar.gz", _tar),
    "tiff": ("own.tif", _stack),
    "gif": ("own.gif", _gif),
    "mat": ("own.mat", _mat),
    "png": ("own.png", _picture("PNG")),
    "jpg": ("own.jpg", _picture("JPEG")),
    "jpg, progressive": ("own.jpg", _picture("JPEG", progressive=True)),
    "bmp": ("own.bmp", _picture("BMP")),
    "webp": ("own.webp", _picture("WEBP")),
    "jp2": ("own.jp2", _picture("JPEG2000")),
    "pgm": ("own.pgm", _picture("PPM")),
    "tga": ("own.tga", _picture("TGA")),
    "pcx": ("own.pcx", _picture("PCX")),
    "tiff, deflate": ("own.tif", _picture("TIFF", compression="tiff_adobe_deflate")),
}


PAGES = ("own.png", "own.jpg", "own.bmp", "own.webp", "own.jp2", "own.pgm", "own.tga", "own.pcx")


def mutated(content: bytes, generator: np.random.Generator) -> bytes:
    """The content with one to four faults, most of them near its beginning, where headers are."""
    data = bytearray(content)
    for _ in range(int(generator.integers(1, 5))):
        near = bool(generator.integers(0, 2))
        at = int(generator.integers(0, max(1, min(len(data), 200 if near else len(data)))))
        length = int(generator.integers(1, 9))  # bytes; of a turned bit its place
        kind = int(generator.integers(0, 5))
        if kind == 0:
            data[at : at + length] = generator.bytes(length)
        elif kind == 1:
            data[at : at + 1] = bytes(byte ^ (1 << (length - 1)) for byte in data[at : at + 1])
        elif kind == 2:
            del data[at : at + length]
        elif kind == 3:
            data[at:at] = data[at : at + length]
        else:
            del data[max(at, 1) :]
    return bytes(data)


def most_memory() -> int:
    """Bytes that the process has had at most; 0 on Windows."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def check(kind: str, folder: Path, seeds: range) -> None:
    """Every mutation is a data set or one sentence, soon and in little memory."""
    name, make = KINDS[kind]
    content, path = make(), folder / name
    at_first = most_memory()

    def grown() -> int:
        return most_memory() - at_first

    for seed in seeds:
        path.write_bytes(mutated(content, np.random.default_rng(seed)))
        began = time.process_time()
        tracemalloc.start()
        try:
            dataset = load_dataset(str(path))
        except StudioError as problem:
            answer = str(problem)
        else:
            answer = "read" if len(dataset.train) else "without images\n"
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert answer, seed
        assert "\n" not in answer, seed
        assert peak < MOST_BYTES, seed
        assert time.process_time() - began < MOST_SECONDS, seed  # of the processor, whatever else it does
        assert grown() < MOST_BYTES, seed  # also what libraries take
    path.write_bytes(content)
    assert len(load_dataset(str(path)).train) > 0  # the file itself is whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_damaged_files(kind: str, tmp_path: Path) -> None:
    check(kind, tmp_path, range(FEWER if KINDS[kind][0] in PAGES else FEW))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_damaged_files(kind: str, tmp_path: Path) -> None:
    check(kind, tmp_path, range(MANY))

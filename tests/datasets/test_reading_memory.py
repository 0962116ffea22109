"""What reading a set takes stays under what its headers say, whatever its file, and can be cancelled."""

from __future__ import annotations

import gzip
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets import memory_limit as room
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.importers.image_files import read_image
from aestudio.errors import Cancelled, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

GENERATOR = np.random.default_rng(0)

# Prints the bytes that reading took above what the process had, and those that were estimated.
CHILD = """
import sys
from pathlib import Path
from aestudio.datasets import memory_limit, own_data
from aestudio.datasets.catalogue import load_dataset

load_dataset(sys.argv[1])
estimates = []
check = memory_limit.check_free
memory_limit.check_free = lambda need, *more: (estimates.append(need), check(need, *more))
status = Path("/proc/self/status")
field = lambda name: int(status.read_text().split(name)[1].split()[0]) * 1024
Path("/proc/self/clear_refs").write_text("5")
before = field("VmRSS:")
dataset = load_dataset(sys.argv[2])
print(field("VmHWM:") - before, *estimates)
"""


def images(count: int, *more: int) -> Any:
    """Noise on a dark border."""
    images = GENERATOR.integers(0, 256, (count, 28, 28, *more), np.uint8)
    images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1] = 0, 0, 0, 0
    return images


def npz(array: Any) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        np.savez(folder / "big.npz", images=array, labels=np.arange(len(array)) % 10)
        return folder / "big.npz"

    return make


def gzipped_idx(folder: Path) -> Path:
    content = struct.pack(">IIII", 0x803, 180_000, 28, 28) + images(18_000).tobytes() * 10
    (folder / "big.gz").write_bytes(gzip.compress(content, 0))
    return folder / "big.gz"


FORMS: dict[str, Callable[[Path], Path]] = {
    "uint8": lambda folder: npz(np.tile(images(18_000), (10, 1, 1)))(folder),
    "float64": lambda folder: npz(np.tile(images(3_000) / 255, (8, 1, 1)))(folder),
    "float16": lambda folder: npz(np.tile((images(9_000) / 255).astype(np.float16), (10, 1, 1)))(folder),
    "colour": lambda folder: npz(np.tile(images(9_000, 3), (7, 1, 1, 1)))(folder),
    "columns first": lambda folder: npz(np.asfortranarray(np.tile(images(8_000), (10, 1, 1))))(folder),
    "grown": lambda folder: npz(np.tile(images(6_000)[:, 8:10, 8:10], (20, 1, 1)))(folder),
    "large images": lambda folder: npz(GENERATOR.integers(0, 256, (12, 3500, 3500), np.uint8))(folder),
    "gzipped IDX": gzipped_idx,
}


@pytest.mark.thorough
@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak cannot be reset here")
@pytest.mark.parametrize("form", FORMS)
def test_the_peak_stays_under_the_estimate(form: str, tmp_path: Path) -> None:
    path = FORMS[form](tmp_path)
    small = tmp_path / "small.npz"
    np.savez(small, images=images(20), labels=np.arange(20) % 3)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-c", CHILD, str(small), str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    peak, estimate = map(float, done.stdout.split())
    assert peak <= estimate
    assert estimate < 2 * max(peak, 150_000_000)  # who has the room is not sent away


@pytest.mark.thorough
@pytest.mark.parametrize("form", ["colour", "columns first", "gzipped IDX"])
def test_reading_can_be_cancelled_at_every_stage(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = FORMS[form](tmp_path)
    stages: list[str] = []
    load_dataset(str(path), progress=lambda done, total, what: stages.append(what))
    assert len(stages) > 100
    for stage in dict.fromkeys(stages):

        def leave(done: float, total: float | None, what: str, stage: str = stage) -> None:
            if what == stage:
                raise Cancelled

        with pytest.raises(Cancelled):
            load_dataset(str(path), progress=leave)


@pytest.mark.parametrize("kind", [np.uint8, np.float64, np.float16])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_is_packed_more_than_images_are(tmp_path: Path, kind: Any, order: Any) -> None:
    path = tmp_path / "blank.npz"
    blank = np.zeros((90_000 // np.dtype(kind).itemsize, 28, 28), kind, order=order)
    np.savez_compressed(path, images=blank)
    with pytest.raises(StudioError, match="times as much, which no images do"):
        load_dataset(str(path))


def test_a_gzipped_idx_file_that_is_packed_more_than_images_are(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(struct.pack(">IIII", 0x803, 90_000, 28, 28) + bytes(90_000 * 784)))
    with pytest.raises(StudioError, match="which no images do"):
        load_dataset(str(path))


def test_both_parts_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_BYTES", 100_000)
    for name in ("train-images", "t10k-images"):
        (tmp_path / name).write_bytes(struct.pack(">IIII", 0x803, 100, 28, 28) + bytes(78_400))
    with pytest.raises(StudioError, match="more than the 0 MB allowed"):
        load_dataset(str(tmp_path / "train-images"))


def test_too_many_images_are_known_before_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        Image.new("L", (8, 8), 40 * number).save(tmp_path / f"{number}.png")
    monkeypatch.setattr(room, "MOST_BYTES", 5 * 784)
    monkeypatch.setattr("aestudio.datasets.picture_looks.look_at", None)
    with pytest.raises(StudioError, match="This number of images would take"):
        load_dataset(str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="files with holes are made otherwise there")
@pytest.mark.parametrize("form", ["WEBP", "TIFF", "PNG"])
def test_a_image_of_a_hundred_gigabytes_with_hardly_a_byte(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form.lower()}"
    Image.new("L", (28, 28)).save(path, form)
    os.truncate(path, 100_000_000_000)
    with pytest.raises(StudioError, match="100 GB, more than any image"):
        read_image(path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_the_folder_above_brings_nothing_twice(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    (folder / "one").mkdir(parents=True)
    for number in range(4):
        Image.new("L", (28, 28), 40 * number).save(folder / "one" / f"{number}.png")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "above").symlink_to(tmp_path, target_is_directory=True)
    dataset = load_dataset(str(folder))
    assert len(dataset.train) + len(dataset.test) == 4
    assert dataset.train.class_names == ("one",)


PICTURE = """
import sys
from pathlib import Path
from aestudio.datasets.image_shape import ImageShape
from aestudio.datasets.importers import image_files, image_memory

shape = ImageShape(int(sys.argv[1]), 64, 64)
image_files.read_picture(Path(sys.argv[2]), shape)
needs = []
image_memory.check_free = lambda need, *more: needs.append(need)
status = Path("/proc/self/status")
field = lambda name: int(status.read_text().split(name)[1].split()[0]) * 1024
Path("/proc/self/clear_refs").write_text("5")
before = field("VmRSS:")
image_files.read_picture(Path(sys.argv[3]), shape)
print(field("VmHWM:") - before, *needs)
"""


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak cannot be reset here")
@pytest.mark.parametrize(("mode", "channels"), [("RGB", 3), ("P", 1), ("CMYK", 3), ("RGBA", 1), ("RGBA", 3)])
def test_a_picture_takes_no_more_than_its_header_says(tmp_path: Path, mode: str, channels: int) -> None:
    pixels = np.zeros((2000, 3000, 4), np.uint8)
    pixels[..., 0], pixels[..., 3] = np.arange(3000) % 256, np.arange(3000) % 200 + 50
    image = Image.fromarray(pixels)
    suffix = "tif" if mode == "CMYK" else "png"
    paths = [tmp_path / f"{name}.{suffix}" for name in ("small", "large")]
    for path, each in zip(paths, (image.resize((30, 20)), image), strict=True):
        (each if mode == "RGBA" else each.convert("RGB").convert(mode)).save(path)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-c", PICTURE, str(channels), *map(str, paths)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    peak, need = map(float, done.stdout.split())
    assert peak <= need + 3_000_000  # tables and buffers that do not grow with the picture

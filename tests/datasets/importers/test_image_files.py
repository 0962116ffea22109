from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.importers.image_files import read_image
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = np.zeros((56, 56), np.uint8)
SQUARE[16:40, 20:36] = 240
EXPECTED = SQUARE[::2, ::2]


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "gif", "webp", "tif"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_kind(tmp_path: Path, suffix: str, mode: str) -> None:
    path = tmp_path / f"square.{suffix}"
    options: dict[str, Any] = {"quality": 100} if suffix in ("jpg", "webp") else {}
    Image.fromarray(SQUARE).convert(mode).save(path, **options)
    image, border, size = read_image(path)
    difference = image.astype(float) - EXPECTED
    assert image.shape == (28, 28)
    assert np.abs(difference[10:18, 12:16]).max() <= 4  # inside, far from the edges
    assert np.abs(difference[:6]).max() <= 4
    assert border < 5
    assert size == (56, 56)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("light_ink", [True, False])
def test_transparency_becomes_the_opposite_of_the_ink(tmp_path: Path, mode: str, light_ink: bool) -> None:
    path = tmp_path / "ink.png"
    ink = 255 if light_ink else 0
    layers = np.zeros((28, 28, 4), np.uint8)
    layers[..., :3] = ink
    layers[8:20, 8:20, 3] = 255
    image = Image.fromarray(layers)
    if mode == "P":
        indexed = np.where(layers[..., 3] > 0, 1, 0).astype(np.uint8)
        image = Image.fromarray(indexed, "L").convert("P")
        image = Image.fromarray(indexed)
        image.putpalette([0, 0, 0, ink, ink, ink])
        image.save(path, transparency=0)
    else:
        image.convert(mode).save(path)
    image, border, _ = read_image(path)
    assert (image[8:20, 8:20] == ink).all()
    assert (image[:8] == 255 - ink).all()
    assert border == 255 - ink


def test_sixteen_bits_and_one_bit(tmp_path: Path) -> None:
    deep, bitmap = tmp_path / "deep.png", tmp_path / "bitmap.png"
    Image.fromarray(SQUARE.astype(np.uint16) * 257).save(deep)
    Image.fromarray(EXPECTED > 0).save(bitmap)
    assert read_image(deep)[0].max() == 240
    assert set(np.unique(read_image(bitmap)[0])) == {0, 255}


def test_a_camera_s_orientation_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    image = np.zeros((64, 64), np.uint8)
    image[:16] = 255  # a bar above
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: the bar comes to the right
    Image.fromarray(image).save(path, exif=exif, quality=100)
    image, _, _ = read_image(path)
    assert image[:, -5:].mean() > 240
    assert image[:, :20].mean() < 15


def test_shape_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("L", (300, 100), 77).save(path)
    image, border, size = read_image(path)
    assert image.shape == (9, 28)
    assert border == 77
    assert size == (300, 100)


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x89PNG\r\n\x1a\n", None])
def test_unreadable_images_are_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.png"
    if content is None:  # a real one that was cut
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (99, 99), np.uint8)).save(path)
        content = path.read_bytes()[:3000]
    path.write_bytes(content)
    with pytest.raises(StudioError, match="cannot be read") as caught:
        read_image(path)
    assert caught.value.where == str(path)
    assert "PNG" in caught.value.advice
    foreign = ("Error", "identify", "<_io", "BytesIO", "Truncated", "truncated")
    assert not any(word in str(caught.value) for word in foreign), "in our words, not Pillow's"


def test_the_disk_s_faults_are_not_the_image_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "locked.png"
    path.write_bytes(b"")
    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(StudioError, match="No permission to read"):
        read_image(path)


def test_a_image_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (300, 300)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(StudioError, match="too many pixels"):
        read_image(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 60_000)  # big, but no bomb: no warning either
    assert read_image(path)[0].shape == (28, 28)

"""Animations read back have the same frames, pixels and duration; a cancelled one leaves no file."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageSequence

from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.export.pictures.animation import enlarged, frame_times, write_animation

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def frames() -> NDArray[np.uint8]:
    """Frames uint8 (9, 1, 28, 28) with every grey level, each different from the one before."""
    levels = np.arange(28 * 28).reshape(28, 28) % 256
    return np.stack([(levels + 29 * index) % 256 for index in range(9)])[:, None].astype(np.uint8)


def read_back(path: Path) -> tuple[NDArray[np.uint8], list[int], int]:
    with Image.open(path) as image:
        loop = image.info["loop"]
        read, times = [], []
        for frame in ImageSequence.Iterator(image):
            read.append(np.asarray(frame.convert("RGB")))
            times.append(int(frame.info["duration"]))
    return np.stack(read), times, loop


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_gif_and_webp_are_exact_and_repeat(tmp_path: Path, frames: NDArray[np.uint8], kind: str) -> None:
    path = tmp_path / f"animation.{kind}"
    write_animation(frames, path, kind, scale=3, rate=20)  # type: ignore[arg-type]
    read, times, loop = read_back(path)
    expected = np.stack([enlarged(frame, 3)[0] for frame in frames])
    assert read.shape == (9, 84, 84, 3)
    for channel in range(3):
        np.testing.assert_array_equal(read[..., channel], expected)
    assert times == [50] * 9
    assert loop == 0


def test_a_gif_keeps_its_duration_if_frames_are_no_whole_hundredths_of_a_second(
    tmp_path: Path, frames: NDArray[np.uint8]
) -> None:
    write_animation(frames, tmp_path / "animation.gif", "gif", scale=1, rate=30)
    _, times, _ = read_back(tmp_path / "animation.gif")
    assert set(times) == {30, 40}
    assert sum(times) == 300
    assert sum(frame_times(60, 24, 10)) == 2500
    assert frame_times(3, 50, 10) == [20, 20, 20]


def read_mp4(path: Path) -> tuple[str, NDArray[np.uint8]]:
    """ffmpeg's description of a video, and its frames uint8 (N, H, W, 3)."""
    from imageio_ffmpeg import get_ffmpeg_exe

    command = [get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    read = subprocess.run(command, capture_output=True, check=True)
    messages = read.stderr.decode()
    width, height = map(int, re.findall(r", (\d+)x(\d+)", messages)[0])
    return messages, np.frombuffer(read.stdout, np.uint8).reshape(-1, height, width, 3)


def test_mp4_has_every_frame_sharp_and_nearly_the_same_greys(tmp_path: Path) -> None:
    frames = np.full((9, 1, 28, 28), 20, np.uint8)
    frames[:, 0, 6:20, 6:20] = np.linspace(60, 240, 9).astype(np.uint8)[:, None, None]
    write_animation(frames, tmp_path / "animation.mp4", "mp4", scale=8, rate=25)
    messages, read = read_mp4(tmp_path / "animation.mp4")
    assert "h264" in messages
    assert "yuv420p" in messages
    assert "25 fps" in messages
    expected = np.stack([enlarged(frame, 8)[0] for frame in frames]).astype(int)[..., None]
    assert read.shape == (9, 224, 224, 3)
    assert np.abs(read - expected).mean() < 2
    assert np.abs(read - expected).max() < 24, "also at the edges of pixels"


def test_mp4_pads_an_odd_size_to_an_even_one(tmp_path: Path) -> None:
    write_animation(np.full((3, 1, 5, 7), 200, np.uint8), tmp_path / "odd.mp4", "mp4", scale=3, rate=10)
    _, read = read_mp4(tmp_path / "odd.mp4")
    assert read.shape == (3, 16, 22, 3)
    assert np.abs(read[:, :14, :20].astype(int) - 200).max() < 24


def test_an_ffmpeg_error_is_reported_and_leaves_no_file(
    tmp_path: Path, frames: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.export.pictures.animation._QUALITY", ("-crf", "nonsense", "-f", "mp4"))
    with pytest.raises(StudioError, match="could not be encoded"):
        write_animation(frames, tmp_path / "animation.mp4", "mp4")
    assert not list(tmp_path.iterdir())


def test_png_has_the_frames_side_by_side(tmp_path: Path, frames: NDArray[np.uint8]) -> None:
    write_animation(frames, tmp_path / "strip.png", "png", scale=2)
    with Image.open(tmp_path / "strip.png") as image:
        read = np.asarray(image)
    np.testing.assert_array_equal(read, np.concatenate([enlarged(frame, 2)[0] for frame in frames], axis=1))


def test_a_single_frame_can_be_written(tmp_path: Path, frames: NDArray[np.uint8]) -> None:
    for kind in ("gif", "webp", "mp4", "png"):
        path = tmp_path / f"one.{kind}"
        write_animation(frames[:1], path, kind)  # type: ignore[arg-type]
        assert path.stat().st_size > 50


@pytest.mark.parametrize("kind", ["gif", "webp", "mp4"])
def test_a_cancelled_export_keeps_the_existing_file(
    tmp_path: Path, frames: NDArray[np.uint8], kind: str, counter: type
) -> None:
    path = tmp_path / f"animation.{kind}"
    path.write_bytes(b"older")
    with pytest.raises(Cancelled):
        write_animation(frames, path, kind, progress=counter(cancel_after=4))  # type: ignore[arg-type]
    assert path.read_bytes() == b"older"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_missing_ffmpeg_is_an_error_with_advice(
    tmp_path: Path, frames: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    import imageio_ffmpeg

    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(StudioError, match="ffmpeg, which writes MP4 files, is missing") as raised:
        write_animation(frames, tmp_path / "animation.mp4", "mp4")
    assert "imageio-ffmpeg" in str(raised.value)
    assert "WebP" in raised.value.advice
    assert not list(tmp_path.iterdir())


def test_invalid_options_are_refused(tmp_path: Path, frames: NDArray[np.uint8]) -> None:
    path = tmp_path / "animation.gif"
    with pytest.raises(BadChoice, match="animation format"):
        write_animation(frames, path, "avi")  # type: ignore[arg-type]
    with pytest.raises(BadChoice, match="scale"):
        write_animation(frames, path, "gif", scale=0)
    with pytest.raises(BadChoice, match="frames per second"):
        write_animation(frames, path, "gif", rate=51)
    with pytest.raises(ValueError, match="uint8"):
        write_animation(frames[:0], path, "gif")
    assert not list(tmp_path.iterdir())

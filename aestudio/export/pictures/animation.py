"""Animations of images as files: GIF, animated WebP, MP4, and a row of frames as PNG.

Images are enlarged by repeating pixels, without smoothing. WebP and PNG are exact, and so is GIF for grey
images; a GIF has at most 256 colours in each frame. MP4 is H.264 in yuv420p, which every player shows; its
grey levels differ by a few, and its hues have half the resolution.
"""

from __future__ import annotations

import subprocess
import tempfile
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.datasets.image_layout import pixel_rows
from aestudio.datasets.image_shape import CHANNELS
from aestudio.errors import BadChoice, StudioError
from aestudio.progress import silent
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from collections.abc import Generator
    from io import BufferedRandom
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

    from aestudio.progress import Progress

AnimationFormat = Literal["gif", "webp", "mp4", "png"]
FORMATS: tuple[AnimationFormat, ...] = ("gif", "webp", "mp4", "png")
MAX_RATE = 50.0
"""Frames per second at most: a GIF counts in hundredths of a second, and players show a duration of
0.01 s more slowly."""
_GIF_COLOURS = 256
_QUALITY = ("-crf", "10", "-preset", "medium", "-movflags", "+faststart", "-f", "mp4")


def write_animation(
    frames: NDArray[np.uint8],
    path: Path,
    kind: AnimationFormat,
    scale: int = 8,
    rate: float = 25.0,
    progress: Progress = silent,
) -> None:
    """Write frames uint8 (N, C, H, W), N >= 1, to a file, completely or not at all; GIF, WebP loop forever.

    scale: pixels of the file per pixel of a frame, 1 to 64
    rate:  frames per second, up to `MAX_RATE`; no effect for "png", where the frames are side by side
    Equal consecutive frames may be stored as one longer frame. The durations of a GIF's frames are rounded
    such that the whole animation keeps its duration.
    Raises BadChoice for another format, scale or rate, ValueError for other arrays, StudioError if the file
    cannot be written, and what `progress` raises.
    """
    if kind not in FORMATS:
        raise BadChoice("animation format", kind, FORMATS)
    if not 1 <= scale <= 64:
        raise BadChoice("scale", scale, "whole number from 1 to 64")
    if not 0 < rate <= MAX_RATE:
        raise BadChoice("frames per second", rate, f"more than 0, up to {MAX_RATE:g}")
    if frames.ndim != 4 or frames.shape[1] not in CHANNELS or not len(frames) or frames.dtype != np.uint8:
        raise ValueError(f"an animation is uint8 (N, C, H, W), not {frames.dtype} {frames.shape}")
    progress(0, len(frames), "Writing the animation")
    with new_file(path) as file:
        if kind == "mp4":
            _write_mp4(frames, file, scale, rate, progress)
        elif kind == "png":
            _image(np.concatenate(list(frames), axis=2), scale).save(file, "PNG")
        else:
            _write_looping(frames, file, kind, scale, rate, progress)
    progress(len(frames), len(frames), "Writing the animation")


def enlarged(frame: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """Image uint8 (C, H, W) -> (C, scale * H, scale * W), each pixel repeated in both directions."""
    return frame.repeat(scale, axis=1).repeat(scale, axis=2)


def frame_times(count: int, rate: float, unit: int) -> list[int]:
    """The duration of each of `count` frames in milliseconds, in multiples of `unit` (ms).

    Rounded such that no frame starts more than half a unit from its exact time.
    """
    starts = np.rint(np.arange(count + 1) * 1000 / rate / unit).astype(int) * unit
    return np.diff(starts).tolist()


def _image(frame: NDArray[np.uint8], scale: int) -> Image.Image:
    from PIL import Image

    return Image.fromarray(pixel_rows(enlarged(frame, scale)))


def _with_palette(frame: NDArray[np.uint8], scale: int) -> Image.Image:
    """A frame (C, H, W) for a GIF: in grey, or with its own palette; without dithering."""
    from PIL import Image

    if len(frame) == 1:
        return _image(frame, scale)
    chosen = Image.fromarray(pixel_rows(frame)).quantize(_GIF_COLOURS, dither=Image.Dither.NONE)
    return chosen.resize((chosen.width * scale, chosen.height * scale), Image.Resampling.NEAREST)


def _write_looping(
    frames: NDArray[np.uint8], file: BufferedRandom, kind: str, scale: int, rate: float, progress: Progress
) -> None:
    durations = frame_times(len(frames), rate, 10 if kind == "gif" else 1)
    picture = _with_palette if kind == "gif" else _image
    options: dict[str, Any] = {"duration": durations, "loop": 0, "save_all": True}
    options |= {"optimize": False} if kind == "gif" else {"lossless": True, "quality": 50, "method": 2}

    def remaining_frames() -> Generator[Image.Image]:
        for index, frame in enumerate(frames[1:], start=1):
            progress(index, len(frames), "Writing the animation")
            yield picture(frame, scale)

    picture(frames[0], scale).save(file, kind.upper(), append_images=remaining_frames(), **options)


def _write_mp4(
    frames: NDArray[np.uint8], file: BufferedRandom, scale: int, rate: float, progress: Progress
) -> None:
    height, width = (side * scale for side in frames.shape[2:])
    pixel_format = "gray" if frames.shape[1] == 1 else "rgb24"
    even = height + height % 2, width + width % 2  # yuv420p needs even sizes
    size = f"{even[1]}x{even[0]}"
    taken = ["-f", "rawvideo", "-pix_fmt", pixel_format, "-s", size, "-r", f"{rate:g}", "-i", "-"]
    made = ["-an", "-c:v", "libx264", "-pix_fmt", "yuv420p", *_QUALITY, file.name]
    command = [_ffmpeg(), "-v", "error", "-y", *taken, *made]
    with (
        tempfile.TemporaryFile() as messages,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as encoder,
    ):
        assert encoder.stdin is not None
        try:
            for index, frame in enumerate(frames):
                progress(index, len(frames), "Writing the animation")
                canvas = np.zeros((len(frame), *even), np.uint8)
                canvas[:, :height, :width] = enlarged(frame, scale)
                encoder.stdin.write(pixel_rows(canvas).tobytes())
            encoder.stdin.close()
        except OSError:
            encoder.kill()  # it has ended or is about to; its output is reported below
        except BaseException:
            encoder.kill()
            raise
        if encoder.wait() != 0:
            messages.seek(0)
            raise _encoding_error(messages.read().decode(errors="replace"))


def _encoding_error(messages: str) -> StudioError:
    reason = messages.strip().splitlines()[-1:] or ["ffmpeg ended"]
    return StudioError(
        f"The animation could not be encoded ({reason[0]})",
        where="ffmpeg",
        advice="Check the free space on the disk, or export a GIF or WebP file instead.",
    )


def _ffmpeg() -> str:
    """The path of the ffmpeg program that comes with imageio-ffmpeg; raises StudioError if it is missing."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:
        raise StudioError(
            "ffmpeg, which writes MP4 files, is missing",
            where="imageio-ffmpeg",
            advice="Install it with  pip install imageio-ffmpeg , or export a GIF or WebP file.",
        ) from error

"""Reads image files of any size and kind as small images, grey or in colour, through Pillow."""

from __future__ import annotations

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from typing import IO, TYPE_CHECKING, TypeVar

import numpy as np

from aestudio.datasets.image_shape import LARGEST_SIDE, MNIST
from aestudio.datasets.importers.array_picture import SUFFIX as ARRAY
from aestudio.datasets.importers.array_picture import open_array
from aestudio.datasets.importers.image_channels import (
    DEEP,
    GREY,
    colours_of,
    depth_of,
    grey_of,
    has_transparency,
)
from aestudio.datasets.importers.image_memory import (
    PEAK,
    PEAK_IN_COLOUR,
    SMALLER,
    check_file,
    check_image,
    check_pages,
)
from aestudio.datasets.own_shape import reduced_size, size_within
from aestudio.datasets.pixel_range import Numbers
from aestudio.datasets.prepare import LONGEST_SIDE, border_middles, fit, scaled
from aestudio.datasets.split import digests_of
from aestudio.errors import StudioError
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import file_size, open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL.Image import Image

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.importers.image_channels import EndsOf
    from aestudio.datasets.own_shape import Size

# What Pillow's readers raise for damaged files, beside OSError.
_DAMAGE = (
    *(ValueError, SyntaxError, EOFError, MemoryError, OverflowError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, RuntimeError, NotImplementedError, AssertionError, struct.error, zlib.error),
)

# No others, whatever the name: PostScript would be run by Ghostscript, an icon hides a far larger image.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "AVIF", "JPEG2000", "PPM", "TGA", "PCX", "DIB")
_COMMON = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".avif", ".jp2", ".pgm", ".tga")
_RARE = (".jfif", ".jpe", ".j2k", ".jpx", ".j2c", ".ppm", ".pbm", ".pnm", ".pcx", ".dib", ".apng")
SUFFIXES = frozenset({*_COMMON, *_RARE})
NAMED_SUFFIXES = ", ".join(_COMMON)
_OF_SEVERAL = ("TIFF", "GIF", "WEBP")  # formats with pages or frames
_NEVER_TURNED = ("PNG", "BMP", "GIF", "PPM", "PCX", "TGA", "DIB")  # unless it is said in words of a camera
_CAMERA_WORDS = ("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp")
_REDUCED = 254  # tag of TIFF: 1 for a page that is a small copy of another
_SAVE_AGAIN = "Open it in an image editor and save it again as PNG, or remove it from the folder."

_Found = TypeVar("_Found")
_MOST_PAGES = 100_000
_ORIENTATION = 0x0112  # a tag of the camera's
_ON_ITS_SIDE = range(5, 9)  # its values by which width and height are exchanged


@dataclass(frozen=True, eq=False)
class Picture:
    """An image from a file.

    channels: uint8 (C, H, W) of the wanted number of channels, as large as fits into the wanted shape
    border:   the grey of its border, 0 to 255
    size:     its height and width in the file, the right way up
    grey:     whether the file holds no colours
    """

    channels: NDArray[np.uint8]
    border: float
    size: Size
    grey: bool


def read_image(
    path: Path, side: int = MNIST.image.height
) -> tuple[NDArray[np.uint8], float, tuple[int, int]]:
    """The image in grey, uint8 (H, W); the grey of its border, 0 to 255; its width and height in the file.

    side: the longer side of the result; more than that of MNIST if the ink is to be cut out

    Of an animation the first frame; more than 8 bits by the depth that holds them; transparent pixels
    become black if the image is light and white if it is dark; the camera's orientation is respected.
    Raises StudioError if the file cannot be read as an image, or has too many pixels; this is checked
    before any is unpacked.
    """
    from PIL import ImageOps

    def small(image: Image) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        size = image.size
        _reduce(image, "L", side, path)
        return grey_of(ImageOps.exif_transpose(image)), size

    grey, size = _opened(path, small)
    return fit(grey, side), float(border_middles(grey[None]).mean()), size


def read_picture(path: Path, shape: ImageShape) -> Picture:
    """The image in the colours of this shape, and as large as fits into it; otherwise as `read_image`."""
    return _opened(path, lambda image: _picture_of(image, 0, shape, path, depth_of, area=True))


@dataclass(frozen=True, eq=False)
class Look:
    """What is known of one image of a file, before the shape of its set is known.

    page:     its page or frame in the file
    size:     its height and width in the file, the right way up
    grey:     whether its mode has no colours
    coloured: whether any pixel that is seen has a colour
    digest:   of its content
    deep:     the range of numbers of more than 8 bits, None for bytes
    small:    a small image itself, uint8 (C, H, W), C = 1 unless coloured, so that it is read once
    """

    page: int
    size: Size
    grey: bool
    coloured: bool
    digest: int
    deep: Numbers | None = None
    small: NDArray[np.uint8] | None = None


def look_at(path: Path, content: bytes | None, all_pages: bool) -> tuple[Look, ...]:
    """All pages or frames of the file, or the first; content: the file's, if it is no file of its own.

    Raises as `read_image`.
    """

    def look(image: Image) -> tuple[Look, ...]:
        size = path.stat().st_size if content is None else len(content)
        pages = _pages(image, path, size) if all_pages else (0,)
        return tuple(_look(image, page, path) for page in pages)

    return _opened(path, look, content)


def look_at_greys(
    path: Path, content: bytes | None, all_pages: bool, look: Callable[[NDArray[np.uint8]], _Found]
) -> list[_Found]:
    """What `look` finds in each page, or the first, in grey (H, W) and in its own size.

    One page after another is unpacked. Raises as `read_image`.
    """
    from PIL import ImageOps

    def each(image: Image) -> list[_Found]:
        size = path.stat().st_size if content is None else len(content)
        found: list[_Found] = []
        for page in _pages(image, path, size) if all_pages else (0,):
            if page:
                image.seek(page)
            _reduce(image, "L", LONGEST_SIDE, path)
            upright = ImageOps.exif_transpose(image) if _may_be_turned(image) else image
            found.append(look(grey_of(upright)))
        return found

    return _opened(path, each, content)


def read_pages(
    path: Path, content: bytes | None, pages: Iterable[int], shape: ImageShape, ends: EndsOf, area: bool
) -> list[Picture]:
    """Pages or frames of the file as `read_picture`; ends: black and white of those of more than 8 bits.

    area: whether they are made smaller by the means of areas
    """

    def read(image: Image) -> list[Picture]:
        return [_picture_of(image, page, shape, path, ends, area) for page in pages]

    return _opened(path, read, content)


def small_picture(look: Look, shape: ImageShape, area: bool) -> Picture | None:
    """The image from what was looked at, in the shape; None if it has to be read again."""
    if look.small is None or (shape.grey and look.coloured):
        return None
    channels = scaled(look.small, size_within(look.size, shape), area)
    border = float(border_middles(look.small[:1]).mean()) if shape.grey else 0.0
    if len(channels) != shape.channels:
        channels = channels.repeat(shape.channels, axis=0)
    return Picture(channels, border, look.size, look.grey)


def _pages(image: Image, path: Path, size: int) -> Iterator[int]:
    """The pages that are images of their own; raises StudioError if they have too many pixels together.

    size: bytes of the file
    """
    count = getattr(image, "n_frames", 1) if image.format in _OF_SEVERAL else 1
    unpacked = 0
    for page in range(min(count, _MOST_PAGES)):
        image.seek(page)
        unpacked += image.width * image.height
        if page:  # one alone may be as large as `check_image` allows
            check_pages(unpacked, size, count, path)
        kind = getattr(image, "tag_v2", {}).get(_REDUCED, 0)
        if page == 0 or not (isinstance(kind, int) and kind & 1):
            yield page


def _look(image: Image, page: int, path: Path) -> Look:
    from PIL import ImageOps

    if page:
        image.seek(page)
    grey, size = image.mode in GREY, _reduce(image, "RGB", LARGEST_SIDE, path)
    if _may_be_turned(image):
        ImageOps.exif_transpose(image, in_place=True)
    if image.mode in DEEP:
        values = np.asarray(image)
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            what = "This image cannot be read: it holds values that are not finite"
            raise StudioError(what, where=str(path), advice=_SAVE_AGAIN)
        numbers = Numbers(values.dtype, float(values.min()), float(values.max()))
        return Look(page, size, True, False, int(digests_of(values[None])[0]), numbers)
    exact = image.format != "JPEG" and not has_transparency(image)
    channels = iter((grey_of(image),)) if grey else colours_of(image)
    if max(size) > LARGEST_SIDE:  # one channel after another: all at once would take much memory
        coloured, digest = _look_at_channels(channels)
        return Look(page, size, grey, coloured, digest)
    small = next(channels).copy()[None] if grey else np.stack(list(channels))
    coloured = not grey and bool((small[1:] != small[:1]).any())
    small = small if grey or coloured else small[:1].copy()
    digest = int(digests_of(small if len(small) == 1 else np.moveaxis(small, 0, 2)[None])[0])
    return Look(page, size, grey, coloured, digest, None, small if exact else None)


def _look_at_channels(channels: Iterator[NDArray[np.uint8]]) -> tuple[bool, int]:
    """Whether the channels differ, and a digest of the first, or of all if they do."""
    first = next(channels)
    digests = [int(digests_of(first[None])[0])]
    coloured = False
    for channel in channels:
        coloured = coloured or bool((channel != first).any())
        digests.append(int(digests_of(channel[None])[0]))
    mixed = np.array([digests], np.uint64)
    return coloured, int(digests_of(mixed)[0]) if coloured else digests[0]


def _picture_of(image: Image, page: int, shape: ImageShape, path: Path, ends: EndsOf, area: bool) -> Picture:
    from PIL import ImageOps

    if page:
        image.seek(page)
    grey = image.mode in GREY
    size = _reduce(image, "L" if shape.grey else "RGB", max(shape.height, shape.width), path)
    ImageOps.exif_transpose(image, in_place=True)
    if not (shape.grey or grey):
        channels = [scaled(channel, _fitting(size, channel, shape), area) for channel in colours_of(image)]
        return Picture(np.stack(channels), 0.0, size, grey)
    channel = grey_of(image, ends)
    border = float(border_middles(channel[None]).mean())
    channel = scaled(channel, _fitting(size, channel, shape), area)
    return Picture(channel[None].repeat(shape.channels, axis=0), border, size, grey)


def _may_be_turned(image: Image) -> bool:
    """Whether the camera's orientation is worth a search, which takes as long as unpacking a small image."""
    image.load()  # such words may stand behind the pixels
    return image.format not in _NEVER_TURNED or any(word in image.info for word in _CAMERA_WORDS)


def _opened(path: Path, look: Callable[[Image], _Found], content: bytes | None = None) -> _Found:
    """What `look` finds in the file's image; raises as `read_image`."""
    from PIL import Image

    try:
        with (
            reading(path),
            open_file(path) if content is None else BytesIO(content) as file,
            warnings.catch_warnings(),
        ):
            check_file(file_size(file) if isinstance(file, BufferedReader) else len(content or b""), path)
            warnings.simplefilter("ignore")  # a big image, not yet a bomb; damaged remarks of a camera
            with _image_in(file, path) as image:
                return look(image)
    except StudioError as error:
        own = error.__cause__ is None  # raised by us, not by Pillow
        if own or (isinstance(error.__cause__, OSError) and error.__cause__.errno is not None):
            raise  # the disk's fault
        raise _unreadable(path, error.__cause__ or error) from error
    except Image.DecompressionBombError as error:  # Pillow's own limit, met while the header is read
        raise StudioError(
            f"This image has too many pixels ({error})", where=str(path), advice=SMALLER
        ) from error
    except _DAMAGE as error:
        raise _unreadable(path, error) from error


def _image_in(file: IO[bytes], path: Path) -> Image:
    from PIL import Image

    if path.suffix.lower() == ARRAY:
        return open_array(file, path)
    return Image.open(file, formats=_FORMATS)


def _reduce(image: Image, mode: str, side: int, path: Path) -> Size:
    """Have a JPEG decoded no larger than necessary for this side; height and width before, the right way up.

    Raises StudioError if it has too many pixels. Only then its orientation is read, for which Pillow unpacks
    some images.
    """
    width, height = image.size
    image.draft(mode, (4 * side, 4 * side))
    check_image(image, (width, height), path, PEAK if mode == "L" else PEAK_IN_COLOUR)
    turned = width != height and image.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
    return (width, height) if turned else (height, width)


def _fitting(size: Size, unpacked: NDArray[np.uint8], shape: ImageShape) -> Size:
    """The size in the shape of an image (H, W), which may be unpacked smaller than it is in its file."""
    height, width = unpacked.shape
    box = shape.height, shape.width
    return box if reduced_size(size) == box else size_within((height, width), shape)


def _unreadable(path: Path, error: BaseException) -> StudioError:
    """In our words: Pillow's are about its readers, and name objects of Python."""
    from PIL import UnidentifiedImageError

    unknown = isinstance(error, UnidentifiedImageError)
    why = "is empty, or no image of a kind that is known" if unknown else "is damaged, cut off or unusual"
    return StudioError(f"This image cannot be read: the file {why}", where=str(path), advice=_SAVE_AGAIN)

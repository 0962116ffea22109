"""The shape of the images of a data set, and what else of its data a model is built for. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SMALLEST_SIDE, LARGEST_SIDE = 8, 64
CHANNELS = (1, 3)


@dataclass(frozen=True)
class ImageShape:
    """Channels (1 for grey, 3 for red, green and blue), height and width in pixels.

    Raises ValueError for channels other than 1 or 3 and for sides outside 8 to 64.
    """

    channels: int
    height: int
    width: int

    def __post_init__(self) -> None:
        if self.channels not in CHANNELS:
            raise ValueError(f"images have 1 or 3 channels, not {self.channels}")
        if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (self.height, self.width)):
            raise ValueError(
                f"images are {SMALLEST_SIDE} to {LARGEST_SIDE} pixels high and wide, "
                f"not {self.height} by {self.width}"
            )

    @property
    def array(self) -> tuple[int, int, int]:
        """The shape of one image as an array: (C, H, W)."""
        return self.channels, self.height, self.width

    @property
    def pixels(self) -> int:
        """Pixels of one image, whatever their channels: H * W."""
        return self.height * self.width

    @property
    def size(self) -> int:
        """Numbers of one image: C * H * W."""
        return self.channels * self.pixels

    @property
    def grey(self) -> bool:
        """Whether the images have one channel."""
        return self.channels == 1

    def __str__(self) -> str:
        """For people: "28 × 28", "28 × 20 (height × width)", "32 × 32 in colour"."""
        return size_text(self.height, self.width) + ("" if self.grey else " in colour")


def size_text(height: int, width: int) -> str:
    """The size of an image for people, height first; says so if it is not square.

    Every text has its sizes from here. Files and options of commands have plain numbers ("1024x640").
    """
    text = f"{height:,} × {width:,}"
    return text if height == width else f"{text} (height × width)"


@dataclass(frozen=True)
class DataShape:
    """What a model is built for: the shape of the images, and the number of their classes.

    classes: classes of the labels, 0 if the images have no labels
    factors: factors of variation that are known of each image, 0 for none
    """

    image: ImageShape
    classes: int = 0
    factors: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        return {"image": list(self.image.array), "classes": self.classes, "factors": self.factors}

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> DataShape:
        """The shape in a file's table; raises ValueError, TypeError or KeyError if it is not one."""
        channels, height, width = (int(length) for length in table["image"])
        return cls(ImageShape(channels, height, width), int(table["classes"]), int(table.get("factors", 0)))


MNIST = DataShape(ImageShape(1, 28, 28), classes=10)
"""Of MNIST, of data sets in its format, and of runs that were kept before a run recorded its shape."""

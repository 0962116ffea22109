"""How a user's own images are read: the decisions that can be made otherwise, kept with each run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from aestudio.datasets.image_shape import ImageShape  # noqa: TC001 - pydantic reads it at run time
from aestudio.errors import BadChoice

Axes = Literal["auto", "first", "last", "transposed"]
Invert = Literal["auto", "yes", "no"]
Values = Literal["auto", "own", "bytes"]
Labels = Literal["auto", "folders", "names", "file", "first", "attributes", "none"]
Frames = Literal["all", "first"]
Cut = Literal["auto", "no", "digits"]
Broken = Literal["few", "any"]

RULES = 6
"""Of this version. 1: brightness by common ranges only, the split by position, labels in the order of their
letters, one image a file. 2: validation images by position, EMNIST upright whatever its axes. 3: large images
scaled with a triangle filter, labels beside pictures not read, a validation part not kept. 4: the frame of
images taken for their background. 5: an array for each class refused, a folder of tables not read, rows of
zeros among labels of one column a class taken for several labels."""


@dataclass(frozen=True)
class Reading:
    """What is decided when images are read; the defaults decide by the data.

    image:  the shape in which the images are prepared; None for their own
    colour: whether colours are kept; False for grey
    axes:   where the number of images stands: "first" (N, H, W), "last" (H, W, N) as MATLAB has it, or
            "transposed": first, with rows and columns exchanged as in EMNIST
    invert: whether grey images are dark on light
    values: what is white: "own" for the greatest number, "bytes" for 255
    labels: of pictures those that their folders, the first words of their names or a file beside them say; of
            several labels an image the first, all as attributes, or none
    frames: all pages of a TIFF and frames of a GIF, or the first only
    cut:    whether the digits on each picture are cut out; "auto" for one picture alone, a page
    broken: whether pictures that cannot be read are left out if they are a few, or however many
    rules:  the version of the rules by which "auto" decides; kept runs keep theirs
    """

    image: ImageShape | None = None
    colour: bool = True
    axes: Axes = "auto"
    invert: Invert = "auto"
    values: Values = "auto"
    labels: Labels = "auto"
    frames: Frames = "all"
    cut: Cut = "auto"
    broken: Broken = "few"
    rules: int = RULES

    @property
    def by_content(self) -> bool:
        """Whether the part of an image follows from its content, and not from its position."""
        return self.rules > 1

    @property
    def validates_by_content(self) -> bool:
        """Whether the same holds for the images that are held back for validation."""
        return self.rules > 2

    @property
    def by_area(self) -> bool:
        """Whether images are made smaller by the means of areas."""
        return self.rules > 3

    @property
    def sees_frames(self) -> bool:
        """Whether the background of framed images is what is inside the frame."""
        return self.rules > 4

    @property
    def missing_rows(self) -> bool:
        """Whether a row of zeros among labels of one column a class is an image without label."""
        return self.rules > 5

    @property
    def reads_tables(self) -> bool:
        """Whether a folder without pictures is read as an archive of arrays and tables is."""
        return self.rules > 5

    @property
    def reads_parts_beside(self) -> bool:
        """Whether X_test.npy is read with X_train.npy, and test.npz with train.npz."""
        return self.rules > 5

    @property
    def keeps_validation(self) -> bool:
        """Whether a validation part beside a test part is read."""
        return self.rules > 3

    @property
    def labels_beside(self) -> bool:
        """Whether a file beside pictures is looked at for their labels."""
        return self.rules > 3


CHOICES = {
    "axes": get_args(Axes),
    "invert": get_args(Invert),
    "values": get_args(Values),
    "labels": get_args(Labels),
    "frames": get_args(Frames),
    "cut": get_args(Cut),
    "broken": get_args(Broken),
}


def reading_with(**choices: str | bool) -> Reading:
    """A reading with these decisions; raises BadChoice for a value that is not allowed."""
    for name, value in choices.items():
        if name in CHOICES and value not in CHOICES[name]:
            raise BadChoice(f"--{name}", value, CHOICES[name])
    return Reading(**choices)  # pyright: ignore[reportArgumentType] - checked above


PLAIN = Reading()

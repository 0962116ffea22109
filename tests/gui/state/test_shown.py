"""What a part of the window shows is compared by identity, and by value where a value is made anew."""

from __future__ import annotations

import numpy as np

from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.gui.state.shown import Shown


def test_the_same_parts_do_not_differ() -> None:
    shown, image = Shown(), np.zeros(3)
    assert shown.differs(image, 1, "a", None)
    assert not shown.differs(image, 1, "a", None)
    assert shown.differs(image.copy(), 1, "a", None)


def test_numbers_of_other_types_differ() -> None:
    shown = Shown()
    shown.differs(1)
    assert shown.differs(1.0)
    assert shown.differs(True)


def test_shapes_are_compared_by_value() -> None:
    """A data set makes its shape anew each time it is asked."""
    shown = Shown()
    shown.differs(ImageShape(1, 28, 20), DataShape(ImageShape(1, 28, 20), 10))
    assert not shown.differs(ImageShape(1, 28, 20), DataShape(ImageShape(1, 28, 20), 10))
    assert shown.differs(ImageShape(1, 28, 20), DataShape(ImageShape(1, 28, 20), 9))

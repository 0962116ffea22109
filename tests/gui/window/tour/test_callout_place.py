"""A callout lies beside what it points at, in the window, over little else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from aestudio.gui.window.tour.callout_place import SIDES, place_beside

WINDOW = QRect(0, 20, 800, 580)
SIZE = QSize(200, 100)


def test_it_is_on_the_preferred_side_and_the_arrow_ends_at_the_middle() -> None:
    target = QRect(300, 250, 100, 40)
    right = place_beside(target, SIZE, WINDOW)
    assert (right.side, right.area, right.tip) == ("right", QRect(400, 220, 200, 100), QPoint(400, 270))
    above = place_beside(target, SIZE, WINDOW, sides=("above",))
    assert (above.side, above.area, above.tip) == ("above", QRect(250, 150, 200, 100), QPoint(350, 250))


@pytest.mark.parametrize(
    ("target", "side"),
    [
        (QRect(700, 250, 90, 40), "left"),
        (QRect(10, 250, 780, 40), "below"),
        (QRect(10, 540, 780, 40), "above"),
    ],
)
def test_it_is_where_there_is_room(target: QRect, side: str) -> None:
    assert place_beside(target, SIZE, WINDOW).side == side


def test_it_leaves_other_things_free() -> None:
    target, image = QRect(300, 250, 100, 40), QRect(420, 30, 300, 300)
    place = place_beside(target, SIZE, WINDOW, (image,))
    assert not place.area.intersects(image)
    assert place.side == "left"


def test_where_no_side_has_room_it_is_in_a_corner_of_the_window() -> None:
    place = place_beside(QRect(0, 20, 800, 580), SIZE, WINDOW)
    assert place.side is None
    assert place.area.bottomRight() == WINDOW.bottomRight()
    narrow = place_beside(QRect(0, 0, 100, 100), SIZE, QRect(0, 0, 150, 80))
    assert QRect(0, 0, 150, 80).contains(narrow.area)


coordinate = st.integers(0, 700)


@given(coordinate, coordinate, st.integers(1, 500), st.integers(1, 400), st.permutations(SIDES))
def test_it_is_in_the_window_beside_the_target_with_the_arrow_at_both(
    left: int, top: int, width: int, height: int, sides: list[str]
) -> None:
    target = QRect(left, top, width, height).intersected(WINDOW)
    if target.isEmpty():
        return
    corner = 16
    place = place_beside(target, SIZE, WINDOW, sides=sides, corner=corner)  # type: ignore[arg-type]
    assert WINDOW.contains(place.area)
    if place.side is None:
        return
    assert not place.area.intersects(target)
    assert target.adjusted(-1, -1, 1, 1).contains(place.tip)
    around = place.area.adjusted(-1, -1, 1, 1)
    assert around.contains(place.tip)
    across = place.side in ("left", "right")
    along, start = (place.tip.y(), place.area.top()) if across else (place.tip.x(), place.area.left())
    length = place.area.height() if across else place.area.width()
    assert start + corner <= along <= start + length - corner

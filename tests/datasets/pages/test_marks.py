"""Pieces of ink become digits: frames and lines go, pieces of one digit are joined, rows are in order."""

from __future__ import annotations

import numpy as np

from aestudio.datasets.pages.marks import MOST_PIECES, marks_on


def _ink(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    present = np.zeros((200, 400), np.bool_)
    for top, left, bottom, right in boxes:
        present[top:bottom, left:right] = True
    return present


def test_rows_are_read_from_the_left_though_their_marks_are_not_level() -> None:
    boxes = [
        (20, 200, 50, 210),
        (12, 20, 42, 30),
        (27, 100, 57, 110),
        (100, 60, 130, 70),
        (96, 300, 126, 310),
    ]
    marks = marks_on(_ink(*boxes))
    assert marks is not None
    assert [box[1] for box in marks.boxes] == [20, 100, 200, 60, 300]


def test_pieces_of_one_digit_are_joined_and_neighbours_are_not() -> None:
    five = [(20, 20, 24, 40), (28, 20, 60, 36)]  # its upper stroke does not touch
    marks = marks_on(_ink(*five, (20, 60, 60, 80), (20, 84, 60, 100)))
    assert marks is not None
    assert marks.boxes == ((20, 20, 60, 40), (20, 60, 60, 80), (20, 84, 60, 100))
    assert [len(pieces) for pieces in marks.pieces] == [2, 1, 1]


def test_a_digit_that_touches_its_frame_keeps_its_ink() -> None:
    present = _ink((20, 20, 80, 22), (20, 20, 22, 80), (78, 20, 80, 80), (20, 78, 80, 80), (40, 22, 48, 60))
    present[40:70, 52:60] = True
    marks = marks_on(present)
    assert marks is not None
    assert marks.lines == 1
    (box,) = marks.boxes
    assert (box[0], box[2], box[3]) == (40, 70, 60)
    assert box[1] <= 26


def test_a_ruled_line_goes_and_what_crosses_it_is_mended() -> None:
    present = _ink((60, 5, 62, 395), *((40, left, 80, left + 6) for left in range(20, 380, 40)))
    marks = marks_on(present)
    assert marks is not None
    assert [box[2] - box[0] for box in marks.boxes] == [40] * 9
    assert marks.labels[60:62, 20:26].all()
    assert not marks.labels[60:62, 30:50].any()


def test_a_zero_is_no_frame() -> None:
    rows, columns = np.indices((200, 400))
    for power in (2, 3):  # round, and nearly square
        away = np.abs((rows - 60) / 30.0) ** power + np.abs((columns - 60) / 22.0) ** power
        marks = marks_on((away < 1) & (away > 0.6))
        assert marks is not None
        assert (len(marks.boxes), marks.lines) == (1, 0)


def test_a_pattern_has_too_many_pieces() -> None:
    present = np.zeros((1200, 1200), np.bool_)
    for row in range(2):
        for column in range(3):
            present[row::6, column::8] = True
    assert MOST_PIECES < (1200 // 6) * (1200 // 8)
    assert marks_on(present) is None
    assert marks_on(np.zeros((50, 50), np.bool_)) is not None

"""Which sidebars are open in a window of which width: pure functions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.window.sidebars.sidebar_arrangement import (
    FOLDED,
    LEAST,
    LEFT,
    MOST,
    RIGHT,
    USUAL,
    VIEW,
    SidebarChoices,
    displays,
    size_of,
    widths,
)

BOTH = st.tuples(st.booleans(), st.booleans())
CHOICES = st.builds(
    SidebarChoices,
    wide=BOTH,
    narrow=BOTH,
    small=BOTH,
    last=st.sampled_from([LEFT, RIGHT]),
    widths=st.tuples(st.integers(LEAST[0], MOST), st.integers(LEAST[1], MOST)),
)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (800, ("none", "none")),
        (1023, ("none", "none")),
        (1024, ("folded", "folded")),
        (1280, ("folded", "folded")),
        (1399, ("folded", "folded")),
        (1400, ("open", "open")),
        (1920, ("open", "open")),
    ],
)
def test_a_new_user_finds_them_folded_below_1400_pixels(width: int, expected: tuple[str, str]) -> None:
    assert displays(SidebarChoices(), width) == expected
    assert displays(SidebarChoices(), width, presentation=True) == ("none", "none")


def test_the_wish_of_the_user_wins_in_windows_of_that_size() -> None:
    opened = SidebarChoices().with_opened("narrow", LEFT, True)
    assert displays(opened, 1280) == ("open", "folded")
    both = opened.with_opened("narrow", RIGHT, True)
    assert displays(both, 1280) == ("open", "open")
    assert displays(both, 1024) == ("folded", "open"), "only one fits: the one that was opened last"
    left = both.with_opened("narrow", LEFT, True)
    assert displays(left, 1024) == ("open", "none"), "it needs the place of the other's buttons"
    assert displays(left, LEAST[LEFT] + FOLDED + VIEW) == ("open", "folded")
    folded = SidebarChoices().with_opened("wide", RIGHT, False)
    assert displays(folded, 1920) == ("open", "folded")
    assert displays(folded, 1280) == ("folded", "folded")


def test_in_a_small_window_one_lies_over_the_view() -> None:
    opened = SidebarChoices().with_opened("small", RIGHT, True)
    assert displays(opened, 900) == ("none", "over")
    assert displays(opened.with_opened("small", LEFT, True), 900) == ("over", "none")
    assert displays(opened, 1900, presentation=True) == ("none", "over")
    assert widths(opened, ("none", "over"), 900) == (0, 0), "it takes no space from the view"


@given(CHOICES, st.integers(1024, 4000))
def test_the_view_always_has_the_width_that_it_needs(choices: SidebarChoices, width: int) -> None:
    shown = displays(choices, width)
    left, right = widths(choices, shown, width)
    assert width - left - right >= VIEW
    for side, length in ((LEFT, left), (RIGHT, right)):
        least = {"open": LEAST[side], "folded": FOLDED, "none": 0}[shown[side]]
        assert least <= length <= MOST


@given(CHOICES, st.integers(0, 3000))
def test_a_width_is_kept_within_what_is_allowed(choices: SidebarChoices, width: int) -> None:
    for side in (LEFT, RIGHT):
        changed = choices.with_width(side, width)
        assert LEAST[side] <= changed.widths[side] <= MOST
        assert changed.widths[1 - side] == choices.widths[1 - side]
        assert replace(changed, widths=choices.widths) == choices


def test_the_usual_widths_are_those_in_a_wide_window() -> None:
    assert widths(SidebarChoices(), ("open", "open"), 1400) == USUAL
    assert [size_of(width, False) for width in (800, 1024, 1400)] == ["small", "narrow", "wide"]

"""The heading in one line or several: what is broken, left out and cut, and in which order."""

from __future__ import annotations

import pytest

from aestudio.gui.window.heading_lines import count_of_lines, cut, lines_of, text_of
from aestudio.gui.window.model_heading import SEPARATOR, Heading

HEADING = Heading("VAE, latent 10, rate 0.002", "MNIST", "step 454 of 900", "training")


def written(width: int, heading: Heading = HEADING, most: int = 2, least_title: int = 8) -> list[str]:
    """The lines, with letters that are one pixel wide."""
    return [line.text for line in lines_of(heading, width, most, len, least_title)]


def test_one_line_where_all_of_it_fits() -> None:
    assert written(len(HEADING.text)) == [HEADING.text]
    assert len(written(len(HEADING.text) - 1)) == 2


def test_the_title_stands_alone_in_the_first_line_if_the_rest_fits_into_the_second() -> None:
    rest = SEPARATOR.join(("MNIST", "step 454 of 900", "training"))
    assert written(40) == [HEADING.model, rest]


def test_a_short_title_shares_its_line_if_the_rest_does_not_fit_into_the_other() -> None:
    heading = Heading("VAE", "Fashion-MNIST, on MNIST", "step 1 of 2", "training goes on")
    assert written(40, heading) == ["VAE  ·  Fashion-MNIST, on MNIST", "step 1 of 2  ·  training goes on"]


def test_a_long_title_goes_on_in_the_second_line_if_possible_after_a_change() -> None:
    heading = Heading("one two three four five six seven eight", "M", "step 1", "paused")
    assert written(33, heading) == ["one two three four five six seven", "eight  ·  M  ·  step 1  ·  paused"]
    heading = Heading("one two three four, five six seven", "M", "step 1", "paused")
    rest = "five six seven  ·  M  ·  step 1  ·  paused"
    assert written(len(rest), heading) == ["one two three four, five six seven", rest[17:].strip()]
    assert written(33, heading)[0] == "one two three four, five six"
    heading = Heading("one two three four, and more, five six seven, e", "M", "step 1", "paused")
    assert written(46, heading) == [
        "one two three four, and more, five six seven,",
        "e  ·  M  ·  step 1  ·  paused",
    ]


@pytest.mark.parametrize("width", range(12, 200, 3))
def test_what_is_shown_is_the_beginning_of_the_title_and_always_the_state(width: int) -> None:
    for model in ("VAE", "a title of several words " * 6, "x" * 90):
        heading = Heading(model.strip(), "MNIST", "step 454 of 900", "training")
        for most in (1, 2, 3):
            lines = lines_of(heading, width, most, len, 8)
            assert len(lines) <= most
            assert all(len(line.text) <= width for line in lines)
            shown = text_of(lines)
            assert shown.endswith("training")
            if "…" not in shown:
                assert shown == heading.text or "MNIST" not in shown
            else:
                assert heading.model.startswith(shown.split("…")[0].rstrip(" ,"))


def test_it_fits_only_if_the_longest_numbers_do() -> None:
    longest = Heading(HEADING.model, HEADING.dataset, "step 900 of 900 and much more", "stopping")
    growing = Heading(HEADING.model, HEADING.dataset, HEADING.step, HEADING.state, (HEADING, longest))
    assert count_of_lines(HEADING, 40, 2, len) == 2
    assert count_of_lines(growing, 40, 2, len) == 3, "more than there may be"
    assert count_of_lines(growing, 60, 2, len) == 2
    assert count_of_lines(HEADING, 60, 1, len) == 2
    assert count_of_lines(HEADING, len(HEADING.text), 3, len) == 1


def test_a_title_of_more_than_two_lines_has_a_third_one_if_there_may_be_three() -> None:
    heading = Heading("one two three four five six seven eight nine ten eleven", "M", "step 1", "paused")
    assert count_of_lines(heading, 30, 3, len) == 3
    assert written(30, heading, most=3) == [
        "one two three four five six",
        "seven eight nine ten eleven",
        "M  ·  step 1  ·  paused",
    ]
    assert written(30, heading) == ["one two three four five six", "seven e…  ·  step 1  ·  paused"]
    assert text_of(lines_of(heading, 30, 3, len, 8)) == heading.text


def test_a_text_is_cut_at_its_end() -> None:
    assert cut("abcdef", 6, len) == "abcdef"
    assert cut("abcdef", 4, len) == "abc…"
    assert cut("ab, cdef", 5, len) == "ab…"
    assert cut("abcdef", 0, len) == ""

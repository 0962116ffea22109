"""Texts of lessons: measured numbers, Markdown, and lines of a TOML file."""

from __future__ import annotations

import pytest

from aestudio.lessons.markdown_text import to_html
from aestudio.lessons.number_text import number_text
from aestudio.lessons.texts import filled
from aestudio.lessons.toml_lines import line_of


def test_numbers_are_filled_in() -> None:
    assert filled("{error} of {most}", {"error": "0.04"}) == "0.04 of …"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8.0, "8"),
        (-3.0, "−3"),
        (0.034123, "0.0341"),
        (12.34, "12.3"),
        (1203.6, "1,204"),
        (0, "0"),
        (-1.5, "−1.50"),
        (float("nan"), "?"),
    ],
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One.\nTwo.", "<p>One. Two.</p>"),
        ("A **b c** *d* `e*f*`", "<p>A <b>b c</b> <i>d</i> <code>e*f*</code></p>"),
        ("- one\n- two\n  more", "<ul><li>one</li><li>two more</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("2 * 3 * 4 and snake_case_name", "<p>2 * 3 * 4 and snake_case_name</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


TOML = """\
one = 1

[[steps]]
id = "a"
text = '''
many
'''
actions = [
  { do = "x" },
  { do = "y" },
]

[steps.guess]
kind = "k"

[[steps]]
id = "b"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("one",), 1),
        (("steps", 0, "id"), 4),
        (("steps", 0, "text"), 5),
        (("steps", 0, "actions", 1, "do"), 10),
        (("steps", 0, "guess", "kind"), 14),
        (("steps", 0, "guess", "missing"), 13),
        (("steps", 1), 16),
        (("nothing",), None),
    ],
)
def test_lines_of_places(place: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TOML, place) == line

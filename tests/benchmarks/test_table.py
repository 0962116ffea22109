"""Rows, targets and their formatting."""

from __future__ import annotations

import math

import pytest

from benchmarks.table import Row, markdown_table, text_table, with_unit

FAST = Row("Training", "vae", "of the plain loop", 1.0412, "x", 1.0, note="images/s over images/s")
LATE = Row("Window", "idle", "99th percentile", 40.26, "ms", 33, at_least=False, note="lateness")
PLAIN = Row("Training", "vae", "trains", 12345.6, "images/s")
BROKEN = Row.broken("Training", "vae", "of Keras", "ended\nwith 1 | sadly", 2.3)
ABSENT = Row.not_measured("GPU", "conv-vae", "trains", "no GPU", 1_000_000, "images/s")
ROWS = [FAST, PLAIN, LATE, BROKEN, ABSENT]


def test_whether_a_target_is_met() -> None:
    assert FAST.met is True
    assert LATE.met is False
    assert [row.met for row in (PLAIN, BROKEN, ABSENT)] == [None, None, None]
    assert BROKEN.broke
    assert not ABSENT.broke


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.0412, "x", "1.04x"),
        (12345.6, "images/s", "12,346 images/s"),
        (0.02, "%", "0.0200%"),
        (40.26, "ms", "40.3 ms"),
        (0, "s", "0 s"),
        (-3.14159, "", "-3.14"),
        (645_000.4, "", "645,000"),
    ],
)
def test_numbers_have_three_digits_or_all_before_the_point(value: float, unit: str, text: str) -> None:
    assert with_unit(value, unit) == text


def test_markdown_is_one_table_and_its_notes() -> None:
    lines = markdown_table(ROWS).splitlines()
    assert lines[0] == "| section | subject | figure | measured | target | met |"
    assert lines[2] == "| Training | vae | of the plain loop | 1.04x | ≥ 1x | yes |"
    assert lines[4] == "| Window | idle | 99th percentile | 40.3 ms | ≤ 33 ms | no |"
    assert lines[5].endswith("| failed: ended with 1 \\| sadly | ≥ 2.3 |  |")
    assert lines[6].endswith("| not measured: no GPU | ≥ 1,000,000 images/s |  |")
    assert lines[7:] == [
        "",
        "- of the plain loop: images/s over images/s",
        "- 99th percentile: lateness",
    ]
    columns = {line.replace("\\|", "").count("|") for line in lines[:7]}
    assert columns == {7}


def test_text_has_a_block_for_each_section() -> None:
    blocks = text_table(ROWS).split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == ["Training", "Window", "GPU"]
    training = blocks[0].splitlines()
    assert training[1].split() == ["subject", "figure", "measured", "target", "met"]
    assert "12,346 images/s" in training[4]
    assert training[-1] == "  of the plain loop: images/s over images/s"


def test_a_broken_row_has_no_value() -> None:
    assert math.isnan(BROKEN.value)

"""1.5 and 1,5 are the same number; thousands are never guessed."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aestudio.errors import BadChoice
from aestudio.recipes.library import find_recipe
from aestudio.recipes.number_parsing import (
    as_decimal,
    flaw_of,
    half_typed,
    hint_at,
    one_size_instead,
    read_number,
    read_whole,
    without_separators,
)
from aestudio.recipes.setting import parse

AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")
TYPED = st.text("0123456789.,-+eE '\u00a0\u2212", max_size=12) | st.text(max_size=6)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_point_and_a_comma_mean_the_same(value):
    assert read_number(repr(value)) == value
    with_comma = repr(value).replace(".", ",")
    if not AMBIGUOUS.fullmatch(with_comma):
        assert read_number(with_comma) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5", 1.5),
        ("-0,75", -0.75),
        (",5", 0.5),
        ("1,", 1.0),
        ("0,125", 0.125),  # no separator of thousands follows a zero
        ("1,5000", 1.5),
        ("1234,567", 1234.567),
        ("1.500", 1.5),  # as the program itself writes numbers
        ("1,5e-3", 0.0015),
        ("−2", -2.0),
        (" 3 ", 3.0),
        ("١٫٥", 1.5),
        ("２.５", 2.5),
    ],
)
def test_texts_with_a_comma(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *["1,234,5", "1.234,5", "1,234.5", "1.2.3", "1,500", "-12,345", "1_5", "0x1", "1e5,5", "1'500"],
        *["nan", "inf", "1e999", ",", ".", "a", "1,,5", "--1", "²", "1٬500"],
        "",
        "1 500",
    ],
)
def test_refused_texts(text):
    with pytest.raises(ValueError, match=r"invalid|finite"):
        read_number(text)


@pytest.mark.parametrize(
    "text", ["1,000", "1.000", "1,5", "1.0", "1 000", "1_000", "1e3", "", "²", "9" * 5000]
)
def test_a_whole_number_has_neither_point_nor_comma(text):
    with pytest.raises(ValueError, match=r"invalid|digits"):
        read_whole(text)


def meanings(text):
    """The numbers that people mean by a text: a separator may be a decimal one, or one of thousands."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    found = set()
    for decimal in (".", ","):
        grouping = "".join({".", ",", "'", " ", "\u00a0", "\N{RIGHT SINGLE QUOTATION MARK}"} - {decimal})
        whole = r"(\d+|[1-9]\d{0,2}([" + grouping + r"]\d{3})+)"
        if re.fullmatch(rf"[+-]?({whole}([{decimal}]\d*)?|[{decimal}]\d+)([eE][+-]?\d+)?", plain, re.ASCII):
            sign_and_digits = "".join(one for one in plain if one not in grouping)
            found.add(float(sign_and_digits.replace(decimal, ".")))
    return found


@given(TYPED)
@example("1,500")
@example("1.500")
@example("1'500")
@example("12,5e1")
def test_whatever_is_typed_is_the_number_that_is_meant_or_refused(text):
    """The only exception: a point alone is the decimal one, as everywhere in the program."""
    try:
        value = read_number(text)
    except ValueError:
        return
    if text.strip().isascii() or "\N{MINUS SIGN}" in text:
        meant = meanings(text)
        assert value in meant
        assert len(meant) == 1 or ("." in text and "," not in text)


@given(TYPED)
@example("1,500")
@example("024")
def test_whatever_is_typed_is_the_whole_number_that_is_meant_or_refused(text):
    try:
        value = read_whole(text)
    except ValueError:
        return
    assert meanings(text) <= {float(value)}
    assert str(abs(value)) in {str(abs(int(text)))}


@given(st.integers(1, 999), st.integers(0, 999))
def test_the_two_meanings_of_an_ambiguous_text(thousands, rest):
    text = f"{thousands},{rest:03}"
    assert flaw_of(text) == "ambiguous"
    assert Fraction(as_decimal(text)) == Fraction(1000 * thousands + rest, 1000)
    assert read_number(as_decimal(text)) == pytest.approx(thousands + rest / 1000)
    assert read_number(without_separators(text)) == 1000 * thousands + rest
    assert as_decimal(text) in hint_at(text)
    assert without_separators(text) in hint_at(text)


@pytest.mark.parametrize(
    ("text", "whole", "words"),
    [
        ("1,500", False, "can mean 1.5 or 1500"),
        ("-2,000", False, "can mean -2 or -2000"),
        ("1.234,5", False, "no separators of thousands"),
        ("1 500", False, "no separators of thousands"),
        ("1,500", True, "without separators: 1500"),
        ("1.500", True, "without separators: 1500"),
        ("1 500", True, "without separators: 1500"),
        ("-1,000,000", True, "without separators: -1000000"),
        ("1,5", True, "without point or comma"),
        ("many", False, ""),
        ("many", True, ""),
    ],
)
def test_the_hint_says_what_to_type(text, whole, words):
    assert words in hint_at(text, whole=whole)
    assert bool(words) == bool(hint_at(text, whole=whole))


def test_the_reason_names_the_separators():
    recipe = find_recipe("vae")
    with pytest.raises(BadChoice, match="one point or comma and no separators of thousands"):
        parse(recipe.info("learning_rate"), "1.000,5")
    with pytest.raises(BadChoice, match="without point or comma"):
        parse(recipe.info("epochs"), "1,000")
    with pytest.raises(BadChoice, match=r"can mean 1\.5 or 1500"):
        parse(recipe.info("learning_rate"), "1,500")


def test_the_command_line_reads_a_decimal_comma():
    assert find_recipe("vae").with_flags(["learning_rate=0,002"]).value("learning_rate") == 0.002


def test_a_list_of_sizes_is_not_a_number_with_separators():
    """1,024 is no list of 1 and 24; and 512,256 is a list, because the commas of lists need no space."""
    hidden = find_recipe("vae").info("hidden")
    assert parse(hidden, "512,256") == (512, 256)
    with pytest.raises(BadChoice, match="1024 without a comma"):
        parse(hidden, "1,024")
    assert one_size_instead("1,500") == 1500
    assert one_size_instead("1, 500") is one_size_instead("400,20") is one_size_instead("0,512") is None


def test_half_typed_numbers():
    assert all(map(half_typed, ("", "-", "1,", "1.", "1e", "1e-", "+", ",")))
    assert not any(map(half_typed, ("1", "abc", "1,2,", "1e5")))


def test_numbers_of_every_size_are_read_exactly():
    for value in (5e-324, 1e-300, math.pi, 1e22, 1.7976931348623157e308):
        assert read_number(repr(value)) == value

"""1.5 and 1,5 are the same number; thousands are never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.errors import BadChoice
from aestudio.recipes.library import find_recipe
from aestudio.recipes.number_parsing import half_typed, read_number, read_whole
from aestudio.recipes.setting import parse


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_point_and_a_comma_mean_the_same(value):
    assert read_number(repr(value)) == value
    assert read_number(repr(value).replace(".", ",")) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5", 1.5),
        ("-0,75", -0.75),
        (",5", 0.5),
        ("1,", 1.0),
        ("1,500", 1.5),
        ("1,5e-3", 0.0015),
        ("−2", -2.0),
    ],
)
def test_texts_with_a_comma(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text", ["1,234,5", "1.234,5", "1,234.5", "1.2.3", "nan", "inf", "1e999", "", ",", "a"]
)
def test_refused_texts(text):
    with pytest.raises(ValueError, match=r"convert|invalid|finite"):
        read_number(text)


@pytest.mark.parametrize("text", ["1,000", "1.000", "1,5", "1.0", "1 000", ""])
def test_a_whole_number_has_neither_point_nor_comma(text):
    with pytest.raises(ValueError, match=r"convert|invalid|finite"):
        read_whole(text)


def test_the_reason_names_the_separators():
    recipe = find_recipe("vae")
    with pytest.raises(BadChoice, match="one point or comma and no separators of thousands"):
        parse(recipe.info("learning_rate"), "1.000,5")
    with pytest.raises(BadChoice, match="without point or comma"):
        parse(recipe.info("epochs"), "1,000")


def test_the_command_line_reads_a_decimal_comma():
    assert find_recipe("vae").with_flags(["learning_rate=0,002"]).value("learning_rate") == 0.002


def test_half_typed_numbers():
    assert all(map(half_typed, ("", "-", "1,", "1.", "1e", "1e-", "+", ",")))
    assert not any(map(half_typed, ("1", "abc", "1,2,", "1e5")))

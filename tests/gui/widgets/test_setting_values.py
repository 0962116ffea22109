"""Texts, slider positions and steps of setting values."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.errors import BadChoice
from aestudio.gui.widgets.setting_values import SliderScale, read_value, stepped, write_value
from aestudio.recipes.number_parsing import half_typed
from aestudio.recipes.setting import SettingInfo


def info(kind: Any = "number", **changes: Any) -> SettingInfo:
    base: dict[str, Any] = {
        "name": "rate", "title": "Rate", "help": "How fast.", "unit": "", "kind": kind, "default": 0.001,
        "minimum": None, "maximum": None, "open_minimum": False, "choices": (), "live": False,
        "logarithmic": False, "applies_if": None,
    }  # a table  # fmt: skip
    return SettingInfo(**(base | changes))


RATE = info(minimum=0.0, open_minimum=True, maximum=10.0, logarithmic=True)


@pytest.mark.parametrize("text", ["0", "-1", "10.1", "nan", "inf", "abc", "", "1e"])
def test_invalid_numbers_are_refused(text: str) -> None:
    with pytest.raises(BadChoice, match=r"above 0 up to 10"):
        read_value(RATE, text)


def test_valid_texts_are_read() -> None:
    assert read_value(RATE, " 1e-3 ") == 0.001
    assert read_value(info("integer", default=1, minimum=1, maximum=9), "9") == 9
    assert read_value(info("sizes", default=(), minimum=1, maximum=512), "512, 1") == (512, 1)
    with pytest.raises(BadChoice):
        read_value(info("sizes", default=(), minimum=1, maximum=512), "512,0")
    with pytest.raises(BadChoice):
        read_value(info("integer", default=1, minimum=1, maximum=9), "2.5")


@pytest.mark.parametrize("kind", ["integer", "sizes"])
def test_whole_numbers_of_any_length_are_compared(kind: str) -> None:
    """A key that is held down types a number larger than every float."""
    whole = info(kind, default=1, minimum=1, maximum=9)
    for text in ("9" * 400, "-" + "9" * 400, "9" * 5000):
        with pytest.raises(BadChoice, match="from 1 up to 9"):
            read_value(whole, text)
    assert read_value(info(kind, default=1, minimum=1), "9" * 400) in (int("9" * 400), (int("9" * 400),))


def test_written_values_can_be_read_again() -> None:
    assert write_value(RATE, 0.001) == "0.001"
    assert write_value(info("sizes", default=()), (256, 64)) == "256, 64"
    for value in (1e-5, 0.25, 3.0):
        assert read_value(RATE, write_value(RATE, value)) == value


def test_half_typed_numbers() -> None:
    assert all(map(half_typed, ("", "-", "1e", "1e-", "0.", "+")))
    assert not any(map(half_typed, ("1", "abc", "1e5", "0.5", "1,5")))


def test_sliders_are_for_live_and_logarithmic_numbers() -> None:
    assert SliderScale.of(info("integer", minimum=1, maximum=5)) is None
    assert SliderScale.of(info(minimum=0.0, maximum=1.0)) is None
    assert SliderScale.of(info(minimum=0.0, maximum=1.0, live=True)) == SliderScale(0, 1, False)
    scale = SliderScale.of(RATE)
    assert scale == SliderScale(pytest.approx(1e-6), pytest.approx(1.0), True)
    with_zero = SliderScale.of(info(minimum=0.0, maximum=10.0, logarithmic=True, default=1.0))
    assert with_zero is not None
    assert with_zero.value(0) == 0.0
    assert with_zero.position(0.0) == 0
    assert with_zero.high == 10


@pytest.mark.parametrize(
    ("most", "step"), [(180.0, 0.5), (0.5, 0.002), (0.9, 0.002), (60.0, 0.2), (0.2, 0.001), (1.0, 0.005)]
)
def test_a_wished_slider_has_round_values_and_every_arrow_key_moves_it(most: float, step: float) -> None:
    scale = SliderScale.of(info(minimum=0.0, maximum=most, default=0.0, slider=True))
    assert scale is not None
    assert scale.step == pytest.approx(step)
    values = [scale.value(position) for position in range(0, 1001, 5)]
    assert values[0] == 0.0
    assert values[-1] == most
    assert all(after > before for before, after in itertools.pairwise(values))
    assert all(value / step == pytest.approx(round(value / step), abs=1e-3) for value in values[:-1])


@given(st.integers(0, 1000), st.booleans())
def test_positions_survive_the_conversion_to_a_value_and_back(position: int, logarithmic: bool) -> None:
    scale = SliderScale(1e-4, 1.0, True) if logarithmic else SliderScale(-2.0, 5.0, False)
    tolerance = 6 if logarithmic else 1  # two significant digits are coarser than the slider
    assert abs(scale.position(scale.value(position)) - position) <= tolerance


@given(st.floats(1e-6, 10), st.integers(-5, 5))
def test_steps_stay_in_bounds_and_have_the_right_sign(value: float, steps: int) -> None:
    moved = stepped(RATE, value, steps)
    assert 0 < moved <= 10
    assert (moved - value) * steps >= -1e-6 * value


def test_logarithmic_steps_are_round() -> None:
    assert [stepped(RATE, 0.001, n) for n in (1, 2, 3, -1, -2)] == [0.002, 0.005, 0.01, 0.0005, 0.0002]
    assert stepped(info("integer", default=1, minimum=1, maximum=9), 9, 3) == 9
    assert stepped(info(), 0.5, 1) == pytest.approx(0.51)

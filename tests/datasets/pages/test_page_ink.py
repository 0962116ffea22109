"""The paper is evened: what is left is ink, however the light fell."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.datasets.pages.page_ink import ink_of


@pytest.mark.parametrize("inverted", [True, False])
def test_a_slope_of_the_paper_is_taken_away_exactly(inverted: bool) -> None:
    slope = np.linspace(230, 120, 300)[None].repeat(200, axis=0)
    strokes = np.zeros((200, 300), np.bool_)
    strokes[50:150, np.arange(300) % 40 < 4] = True
    grey = np.where(strokes, slope - 80, slope)
    page = np.rint(grey if inverted else 255 - grey).astype(np.uint8)
    ink = ink_of(page)
    assert (ink.inverted, ink.uneven) == (inverted, True)
    np.testing.assert_array_equal(ink.present, strokes)
    assert np.abs(ink.amount[strokes] - 80).max() < 5


def test_even_paper_is_called_even_and_grain_is_no_ink() -> None:
    generator = np.random.default_rng(0)
    page = np.clip(generator.normal(200, 6, (300, 300)), 0, 255).astype(np.uint8)
    ink = ink_of(page)
    assert not ink.uneven
    assert float(ink.present.mean()) < 1e-4


def test_what_was_said_of_the_page_is_taken() -> None:
    page = np.full((64, 64), 200, np.uint8)
    page[30:34] = 250
    assert not ink_of(page, inverted=True).present[30:34].any()
    assert ink_of(page, inverted=False).present[30:34].all()

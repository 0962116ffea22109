"""Animation of sliders by the clock."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.views.latent.sliders.slider_animation import MODES, SliderAnimator, sweep

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

fractions = st.floats(0, 1)
Z1, Z2 = ("axis", 0), ("axis", 1)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@given(start=fractions, sweeps=st.floats(0, 50), mode=st.sampled_from(MODES))
def test_it_stays_in_its_range(start: float, sweeps: float, mode: str) -> None:
    assert 0 <= sweep(start, sweeps, mode)[0] <= 1  # type: ignore[arg-type]


@given(start=fractions)
def test_once_covers_the_range_and_ends_at_its_start(start: float) -> None:
    assert sweep(start, 2.0, "once") == (start, True)
    results = [sweep(start, step / 500, "once") for step in range(1000)]
    assert not any(over for _, over in results)
    positions = [position for position, _ in results]
    assert max(positions) > 0.995
    assert min(positions) < 0.005
    steps = [abs(after - before) for before, after in itertools.pairwise(positions)]
    assert max(steps) < 0.0021  # no jump


def test_loop_jumps_and_back_and_forth_turns_around() -> None:
    assert [round(sweep(0.5, sweeps, "loop")[0], 3) for sweeps in (0.0, 0.4, 0.6, 1.0)] == [
        0.5,
        0.9,
        0.1,
        0.5,
    ]
    assert [round(sweep(0.5, sweeps, "back_and_forth")[0], 3) for sweeps in (0.4, 0.6, 1.5, 2.0)] == [
        0.9,
        0.9,
        0.0,
        0.5,
    ]
    assert not sweep(0.5, 1000.0, "loop")[1]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def animator(qapp: object, clock: Clock) -> SliderAnimator:
    animator = SliderAnimator(clock=clock)
    yield animator  # type: ignore[misc]
    animator.stop_all()


def test_several_move_in_one_frame(qtbot: QtBot, animator: SliderAnimator, clock: Clock) -> None:
    animator.seconds = 2.0
    animator.play(Z1, 0.0, -1.0, 1.0)
    clock.now += 0.5
    animator.play(Z2, -3.0, -3.0, 3.0)
    clock.now += 0.5
    with qtbot.waitSignal(animator.moved) as caught:
        animator.tick()
    assert caught.args == [{Z1: pytest.approx(1.0), Z2: pytest.approx(-1.5)}]


def test_once_stops_and_reports_it(animator: SliderAnimator, clock: Clock) -> None:
    playing: list[frozenset] = []
    animator.changed.connect(lambda: playing.append(animator.playing))
    values: list[dict] = []
    animator.moved.connect(values.append)
    animator.mode, animator.seconds = "once", 1.0
    animator.play(Z1, 0.25, 0.0, 1.0)
    clock.now += 5  # a late frame is not made up for
    animator.tick()
    assert values == [{Z1: 0.25}]
    assert playing == [frozenset({Z1}), frozenset()]
    assert not animator._timer.isActive()


def test_the_rate_sets_the_timer(animator: SliderAnimator) -> None:
    animator.rate = 10
    animator.play(Z1, 0, -1, 1)
    assert animator._timer.interval() == 100
    animator.rate = 60
    assert animator._timer.interval() == 17
    animator.stop_all()
    assert animator.playing == frozenset()
    assert not animator._timer.isActive()

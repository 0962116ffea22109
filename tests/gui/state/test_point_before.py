"""What is about the point that was there before the present one is known from the requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pytest

from aestudio.gui.state.point_before import of_point_before
from aestudio.gui.state.studio_state import Result, StudioState
from aestudio.gui.state.subject import Subject
from aestudio.recipes.library import find_recipe


@dataclass(frozen=True)
class Asked:
    step: int = 5
    code: tuple[float, ...] = (0.0,)
    columns: int = 8

    @property
    def subject(self) -> Subject:
        return Subject((), self.step)


def state(shown: Asked | None, wanted: Asked | None, value: Any = 1) -> StudioState:
    results = {} if shown is None else {"a": Result(shown, value)}
    pending = {} if wanted is None else {"a": wanted}
    return replace(
        StudioState(find_recipe("vae")),
        results=MappingProxyType(results),
        pending=MappingProxyType(pending),
    )


@pytest.mark.parametrize(
    ("shown", "wanted", "before"),
    [
        (Asked(), None, False),
        (None, Asked(), False),
        (Asked(), Asked(), False),
        (Asked(), Asked(code=(1.0,)), True),
        (Asked(), Asked(columns=3), False),  # the same point, in another number of images
        (Asked(), Asked(step=6, code=(1.0,)), False),  # its step says it
    ],
)
def test_of_the_point_before(shown: Asked | None, wanted: Asked | None, before: bool) -> None:
    assert of_point_before(state(shown, wanted), "a") == before


def test_nothing_is_of_no_point() -> None:
    assert not of_point_before(state(Asked(), Asked(code=(1.0,)), value=None), "a")

"""Attribute discovery in the real window: the two axes of the shipped model are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.gui.inference.axis_names_planner import AxisNamesPlanner
from aestudio.gui.views.latent.sliders.axis_names import axis_text
from tests.end_to_end.conftest import LONG, small

pytestmark = pytest.mark.usefixtures("all_measured_images")

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.requests.axis_names_request import AxisNames
    from tests.end_to_end.conftest import Person


def finished(person: Person) -> AxisNames | None:
    names = person.state.value("axis names")
    return names if names is not None and names.finished else None


@pytest.mark.thorough
@pytest.mark.usefixtures("quick_data")
def test_the_axes_of_the_shipped_model_are_named(open_window: Callable[..., Person]) -> None:
    person = open_window(run="conv-vae-2d")
    person.show("latent")
    person.wait(lambda: person.state.data.phase == "ready" and finished(person))
    names = finished(person)
    assert names is not None
    first, second = names.of("dimensions", 2)
    assert first is not None
    assert second is not None
    assert (first.measure, second.measure) == ("slant", "width")
    assert first.r < -0.85
    assert second.r > 0.85
    assert axis_text(first).startswith("slant, r = −0.9")
    assert names.image_count == first.images == 48
    # The sliders show the names; the sidebar has the metrics over measured and over true factors.
    sliders = person.window.views["latent"].explorer.sliders.column.sliders  # type: ignore[attr-defined]
    person.wait(lambda: [slider.row.name for slider in sliders[:2]] == [axis_text(first), axis_text(second)])
    assert all(axis_text(first) in slider.slider.accessibleName() for slider in sliders[:1])
    person.wait(lambda: person.state.latent_metrics is not None)
    lines = person.window.right.latent
    for line, factors in ((lines.measured, "(measured factors)"), (lines.true, "(true factors)")):
        name, value, *rest = line.text().split()
        assert (name, " ".join(rest)) == ("MIG", factors)
        assert 0 < float(value) < 0.5


@pytest.mark.slow
def test_names_appear_and_change_while_it_trains(person: Person) -> None:
    person.show("latent")
    person.window.views["latent"]._naming = AxisNamesPlanner(seconds=0.2)  # type: ignore[attr-defined]
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=LONG, batch_size=20))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and finished(person))
    run = person.state.model.snapshot.run  # type: ignore[union-attr]
    person.wait(lambda: (names := finished(person)) is not None and names.run == run)
    first = finished(person)
    assert first is not None
    assert len(first.of("dimensions", 4)) == 4
    person.wait(lambda: (names := finished(person)) is not None and names.step > first.step)

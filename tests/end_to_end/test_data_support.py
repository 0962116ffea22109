"""Data support in the real window: the gauge, and the overlays of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Person:
    """A VAE with three latent dimensions that tells images apart, in the Latent view."""
    person.window.resize(1280, 900)
    person.window.session.recipe.choose_recipe(small(latent_size=3, epochs=10, learning_rate=0.01))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    person.wait(lambda: person.state.value("data support") is not None)
    return person


def view(person: Person) -> Any:
    return person.window.views["latent"]


def choose_overlay(person: Person, name: str) -> None:
    """Choose an overlay in the options of the map."""
    tools = view(person).map.tools
    person.click(tools.options_button)
    box = tools.options.overlay
    assert box.isVisible()
    index = [box.itemText(i) for i in range(box.count())].index(name)
    box.setCurrentIndex(index)
    box.activated.emit(index)
    person.keys("Escape", box)
    assert not tools.options.isVisible()


def test_the_gauge_follows_the_code_and_overlays_are_under_the_points(
    trained: Person,
) -> None:
    gauge = view(trained).explorer.gauge.gauge
    assert gauge.isVisible()
    trained.wait(lambda: gauge.label != "")
    # first the code of a digit, then a code far away from all of them
    trained.window.session.explore.select(5)
    trained.wait_computed()
    trained.wait(lambda: trained.state.value("data support").distance_share > 0.02)
    near = gauge.reading.position
    painted = pixels(gauge)
    ranges = trained.state.model.ranges
    for share in (2.0, 5.0, 9.0):
        code = ranges[:, 1] + share * (ranges[:, 1] - ranges[:, 0])
        trained.window.session.explore.move_to(code.astype(np.float32))
    trained.wait(lambda: gauge.label == "unsupported")
    assert gauge.reading.position < near
    assert "standard deviations" in gauge.accessibleDescription()
    assert not np.array_equal(pixels(gauge), painted)

    plot = view(trained).map.map.plot
    before = pixels(plot)
    renderings = [before]
    for name, kind in (
        ("Density", "density"),
        ("Decode-encode error", "decode_encode_error"),
        ("Decoder sensitivity", "decoder_sensitivity"),
    ):
        choose_overlay(trained, name)
        trained.wait(lambda kind=kind: getattr(trained.state.value("overlay"), "kind", "") == kind)
        trained.wait_computed()
        field = trained.state.value("overlay")
        assert field.values.shape == (64, 64), "the finest level"
        trained.wait(lambda: view(trained).map.map.field_scale.isVisible())
        trained.wait(lambda: all(not np.array_equal(pixels(plot), earlier) for earlier in renderings))
        renderings.append(pixels(plot))
    # when the map is moved, a new field is requested
    rect = trained.state.value("overlay").rect
    box = plot.map_box
    box.scaleBy((0.5, 0.5))
    trained.wait(lambda: trained.state.value("overlay").rect != rect)
    trained.wait_computed()
    shown = box.viewRect()
    left, right, *_ = trained.state.value("overlay").rect
    assert left <= shown.left() < shown.right() <= right
    choose_overlay(trained, "No overlay")
    trained.wait(lambda: not view(trained).map.map.field_scale.isVisible())


@pytest.mark.slow
def test_gauge_and_density_follow_while_it_trains(person: Person) -> None:
    person.show("latent")
    person.window.session.recipe.choose_recipe(small(latent_size=3, epochs=LONG, batch_size=20))
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    person.wait(lambda: person.state.value("map") is not None)
    choose_overlay(person, "Density")
    person.wait(
        lambda: person.state.value("overlay") is not None and person.state.value("data support") is not None
    )
    first, snapshot = (
        person.state.value("overlay"),
        person.state.results["data support reference"].request.sources.snapshot,
    )
    person.wait(lambda: person.state.value("overlay") is not first)
    person.wait(
        lambda: person.state.results["data support reference"].request.sources.snapshot is not snapshot
    )
    assert person.training.phase == "running"

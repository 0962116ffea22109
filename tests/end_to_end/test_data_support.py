"""Data support in the real window: the gauge, and the overlays of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.gui.theme.tokens import contrast
from tests.end_to_end.conftest import LONG, pixels, small
from tests.end_to_end.test_one_subject import latest, show_model, untrained
from tests.proofs.proofs import recipe_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

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


def painted_contrast(widget: QWidget) -> float:
    """Contrast of what is painted: of the colour that is farthest from the background."""
    image = widget.grab().toImage()
    colours = [image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())]
    background = max(set(colours), key=colours.count)
    return max(contrast(background, colour) for colour in set(colours))


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_sentence_about_a_model_that_has_not_learned_is_legible_also_if_it_is_of_another_step(
    person: Person, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    session = person.window.session
    assert person.window.theme_holder is not None
    person.window.theme_holder.set_scheme(scheme)  # type: ignore[arg-type]
    show_model(session, untrained("first", 0))
    person.show("latent")
    gauge = view(person).explorer.gauge
    person.wait(lambda: "mean image" in gauge.gauge.accessibleDescription())
    assert person.state.snapshot is not None
    monkeypatch.setattr(session.inference_worker, "request", lambda _: None)
    show_model(session, latest(person.state.snapshot))
    assert gauge.mark.step == 0
    person.wait(lambda: view(person).map.mark.dimmed)  # by the same clock
    text = gauge.gauge.accessibleDescription().replace("\N{NO-BREAK SPACE}", " ")
    assert "of step 0" in text, "it says itself of which step it is"
    assert painted_contrast(gauge) > 4.5


@pytest.mark.thorough
def test_a_conditional_model_that_decodes_the_mean_image_of_each_class_supports_nothing(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code has collapsed: what it is told is enough to be far better than the mean of all images."""
    monkeypatch.setattr("aestudio.gui.views.latent.latent_view.LatentView.share", 0.7)
    session = person.window.session
    person.show("latent")
    gauge, wrong = view(person).explorer.gauge, []

    def look() -> None:
        shown = person.state.model
        if shown is not None and shown.origin == "training" and gauge.gauge.reading is not None:
            wrong.append((shown.snapshot.step, gauge.gauge.label))

    settings = {"epochs": 30, "batch_size": 60, "validation_images": 60, "learning_rate": 0.01}
    collapsing = recipe_of("conditional", **settings).with_settings({"beta": 50.0})
    session.recipe.choose_recipe(collapsing)
    session.changed.connect(look)
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait_computed()
    reference = person.state.value("data support reference")
    assert reference.against_mean.of_condition
    plain = np.mean((person.state.data.dataset.test.images / 255.0).var(axis=0))  # type: ignore[union-attr]
    assert reference.against_mean.model < 0.9 * plain, "far better than the mean of all images"
    assert not wrong
    assert "without its code" in gauge.gauge.accessibleDescription()
    assert "told" in gauge.gauge.toolTip()

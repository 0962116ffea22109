"""The map through the real window: colours, legend, lasso and what follows it, digits on zooming in."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt

from tests.end_to_end.conftest import pixels, small

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QComboBox

    from tests.end_to_end.conftest import Person


@pytest.fixture
def mapped(person: Person) -> Person:
    """A VAE with two latent dimensions, trained for two epochs, and its map in front."""
    person.window.session.recipe.choose_recipe(small(latent_size=2, epochs=2))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    person.wait(lambda: person.state.value("map") is not None)
    return person


def panel(person: Person) -> Any:
    latent: Any = person.window.views["latent"]
    return latent.map


def choose(person: Person, box: QComboBox, row: int) -> None:
    """Choose a row of the box with the arrow keys; one of the options is in a popup."""
    options = panel(person).tools.options
    if options.isAncestorOf(box) and not options.isVisible():
        person.click(panel(person).tools.options_button)
    assert box.isVisible()
    box.setFocus()
    while box.currentIndex() != row:
        person.keys("Down" if row > box.currentIndex() else "Up", box)
    if options.isVisible():
        person.keys("Escape", box)
    assert not options.isVisible()
    person.wait_computed()


def lasso(person: Person, corners: list[tuple[float, float]]) -> None:
    """Draw around parts of the plot's width and height with the left button."""
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    plot = panel(person).map.plot
    view = plot.map_box.viewRect()
    positions = [
        plot.pixel_of(view.left() + x * view.width(), view.top() + y * view.height()) for x, y in corners
    ]
    port, left, none = plot.viewport(), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * len(positions)]
    for kind, at in zip(
        [*kinds, QEvent.Type.MouseButtonRelease], [positions[0], *positions, positions[-1]], strict=True
    ):
        person.live(12)  # pyqtgraph takes a hundred movements a second
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        cause = none if kind == QEvent.Type.MouseMove else left
        position = QPointF(at.toPoint())
        keys = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(
            port, QMouseEvent(kind, position, port.mapToGlobal(position), cause, held, keys)
        )


def colours_show_class_loss_or_density(mapped: Person) -> None:
    shown = panel(mapped).map
    renderings = [pixels(shown.plot)]
    for row, unit in ((1, "nats"), (2, "nats")):
        choose(mapped, panel(mapped).tools.colour, row)
        mapped.wait(lambda: mapped.state.value("map values") is not None)
        mapped.wait(shown.value_scale.isVisible)
        assert unit in shown.value_scale.full_title()
        renderings.append(pixels(shown.plot))
    assert not shown.legend.isVisible()
    assert not any(np.array_equal(one, other) for one, other in itertools.pairwise(renderings))
    choose(mapped, panel(mapped).tools.colour, 0)
    assert shown.legend.isVisible()


def all_digits_are_the_test_and_the_training_set(mapped: Person) -> None:
    assert len(mapped.state.value("map").xy) == 120
    choose(mapped, panel(mapped).tools.options.images, 1)
    mapped.wait(lambda: len(mapped.state.value("map").xy) == 720)
    choose(mapped, panel(mapped).tools.options.images, 0)
    mapped.wait(lambda: len(mapped.state.value("map").xy) == 120)


def the_legend_shows_one_class_by_keys(mapped: Person) -> None:
    shown = panel(mapped).map
    chip = shown.legend.chips[3]
    chip.setFocus()
    mapped.keys("Return", chip)
    assert len(shown.plot.cloud._xy) == int((mapped.state.value("map").labels == 3).sum())
    mapped.keys("Return", chip)
    assert len(shown.plot.cloud._xy) == 120


def a_lasso_selects_images_for_reconstruct_and_for_export(
    mapped: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QFileDialog

    map_panel = panel(mapped)
    map_panel.map.plot.fit()
    mapped.keys("L", map_panel.map.plot)
    assert map_panel.tools.lasso.isChecked()
    lasso(mapped, [(0.02, 0.02), (0.5, 0.02), (0.5, 0.98), (0.02, 0.98)])
    mapped.wait(lambda: mapped.state.workspace.selection is not None)
    selected = mapped.state.workspace.selection
    assert selected is not None
    middle = map_panel.map.plot.map_box.viewRect().center().x()
    np.testing.assert_array_equal(selected, np.flatnonzero(mapped.state.value("map").xy[:, 0] < middle))
    assert not map_panel.tools.lasso.isChecked(), "the lasso is for one selection"
    assert not map_panel.map.plot.lasso.on
    bar = map_panel.tools.selection
    assert bar.isVisible()
    assert not map_panel.map.plot.isAncestorOf(bar), "beside the points, not over them"
    assert f"{len(selected)} selected" in bar.count.text()
    target = tmp_path / "some.npz"
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(str(target)))
    mapped.click(bar.export)
    mapped.wait(lambda: target.exists() and not mapped.state.tasks)
    with np.load(target) as file:
        np.testing.assert_array_equal(file["indices"], selected)
        np.testing.assert_array_equal(file["images"], mapped.state.image_set.images[selected])  # type: ignore[union-attr]
    assert target.with_suffix(".png").exists()
    mapped.show("reconstruct")
    view: Any = mapped.window.views["reconstruct"]
    mapped.click(mapped.button("selection", view))
    mapped.wait_computed()
    assert set(mapped.state.results["triples"].request.indices) <= set(selected.tolist())
    mapped.show("latent")
    mapped.keys("Escape", map_panel.map.plot)
    assert mapped.state.workspace.selection is None
    assert not bar.isVisible()
    mapped.keys("Ctrl+Z", mapped.window)
    assert mapped.state.workspace.selection is not None


def zooming_in_shows_digits_and_hovering_a_card(mapped: Person) -> None:
    map_panel = panel(mapped)
    cloud = map_panel.map.plot.cloud
    x, y = mapped.state.value("map").xy[17].tolist()
    map_panel.map.plot.map_box.scaleBy((0.1, 0.1), center=QPointF(x, y))
    pixels(map_panel.map.plot)
    assert cloud.images_shown > 0
    map_panel.map.plot.hover(map_panel.map.pixel_of_point(17))
    card = map_panel.details.card
    assert card.isVisible()
    number = mapped.state.hovered
    mapped.wait_computed()
    assert not card.reconstruction.pixmap().isNull()
    assert "squared error" in card.loss.text()
    assert not card.geometry().contains(map_panel.map.pixel_of_point(number).toPoint())
    assert map_panel.map.plot.ellipse._shown is not None, "the code of a VAE has a covariance"
    map_panel.map.plot.hover_ended()
    assert not card.isVisible()


def keys_zoom_around_the_cursor_and_the_map_follows_it(mapped: Person) -> None:
    plot = panel(mapped).map.plot
    plot.fit()
    before = plot.map_box.viewRect()
    for _ in range(12):
        mapped.keys("+", plot)
    zoomed = plot.map_box.viewRect()
    assert zoomed.width() == pytest.approx(before.width() * 0.8**12, rel=1e-6)
    assert zoomed.contains(QPointF(*plot.cross))
    for _ in range(50):  # steps of 2 % of the width: beyond the visible part
        mapped.keys("Left", plot)
    assert plot.map_box.viewRect().contains(QPointF(*plot.cross))
    assert plot.map_box.viewRect().center().x() < zoomed.center().x()
    mapped.keys("-", plot)
    assert plot.map_box.viewRect().width() == pytest.approx(zoomed.width() * 1.25, rel=1e-6)


def a_changed_plane_is_shown_completely_after_a_zoom(mapped: Person) -> None:
    shown = panel(mapped)
    plot = shown.map.plot
    plot.fit()
    for _ in range(12):
        mapped.keys("+", plot)
    zoomed = plot.map_box.viewRect()
    xy = mapped.state.value("map").xy
    assert zoomed.width() < np.ptp(xy[:, 0])
    choose(mapped, shown.tools.kind, 1)
    mapped.wait(lambda: mapped.state.results["map"].request.choice.kind == "components")
    moved = mapped.state.value("map").xy
    mapped.wait(lambda: plot.map_box.viewRect().width() >= np.ptp(moved[:, 0]))
    left, right = plot.map_box.viewRange()[0]
    assert left <= moved[:, 0].min()
    assert right >= moved[:, 0].max()


@pytest.mark.thorough
def test_the_map(mapped: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    the_legend_shows_one_class_by_keys(mapped)
    zooming_in_shows_digits_and_hovering_a_card(mapped)
    keys_zoom_around_the_cursor_and_the_map_follows_it(mapped)
    colours_show_class_loss_or_density(mapped)
    all_digits_are_the_test_and_the_training_set(mapped)
    a_lasso_selects_images_for_reconstruct_and_for_export(mapped, tmp_path, monkeypatch)
    a_changed_plane_is_shown_completely_after_a_zoom(mapped)

"""The Samples panel: drawing, temperature, going to a sample and to the nearest real image."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aestudio.gui.state.studio_state import DataState
from aestudio.gui.views.latent.panels.samples import COUNT, SamplesPanel
from aestudio.gui.widgets.fine_slider import STEPS
from aestudio.inference.frozen_model import FrozenModel
from tests.images import colour_32
from tests.latent_models import snapshot_of


@pytest.fixture
def panel(qtbot, studio_session):
    panel = SamplesPanel(studio_session)
    qtbot.addWidget(panel)
    panel.resize(340, 320)

    def refresh():
        panel.show_state(studio_session.state)
        studio_session.request(panel.requests(studio_session.state))

    studio_session.changed.connect(refresh)
    panel.show()
    refresh()
    qtbot.waitUntil(lambda: panel.nearest.count > 0, timeout=20_000)
    return panel


def wait_for_results(qtbot, session):
    qtbot.waitUntil(lambda: not session.state.pending, timeout=20_000)
    qtbot.wait(80)


def test_a_click_goes_to_a_sample_and_shows_the_nearest_images(panel, studio_session, qtbot):
    assert panel.grid.count == COUNT
    samples = studio_session.state.value("samples")
    at = panel.grid.cell_rect(5).center().toPoint()
    qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=at)
    np.testing.assert_array_equal(studio_session.state.exploration.code, samples.codes[5])
    nearest = studio_session.state.value("nearest").nearest
    assert f"{nearest.distances[5, 0]:.3f}" in panel.message.text()
    real = panel.nearest.cell_rect(0).center().toPoint()
    qtbot.mouseClick(panel.nearest, Qt.MouseButton.LeftButton, pos=real)
    assert studio_session.state.selected == 60 + nearest.indices[5, 0], "counted after the test images"
    chosen, index = studio_session.state.selected_image
    assert chosen is studio_session.state.data.dataset.train
    assert index == nearest.indices[5, 0]


def test_a_model_without_a_prior_is_drawn_from_the_mixture_and_says_why(panel, studio_session, make_snapshot):
    assert panel.source.currentText() == "Mixture"
    assert "trained without a prior" in panel.source.toolTip()
    panel.source.setCurrentIndex(0)
    studio_session.changed.emit()
    assert panel.source.currentText() == "Standard normal", "the user's choice stays"
    model = studio_session.state.model
    studio_session.update(model=replace(model, snapshot=make_snapshot("vae")))
    assert panel.source.currentText() == "Prior"
    assert studio_session.state.pending["samples"].source == "prior"
    studio_session.update(model=model)
    assert panel.source.currentText() == "Mixture"


def test_temperature_source_and_redraw_change_the_samples(panel, studio_session, qtbot):
    panel.source.setCurrentIndex(0)
    panel.source.activated.emit(0)
    wait_for_results(qtbot, studio_session)
    first = studio_session.state.value("samples")
    qtbot.mouseClick(panel.redraw, Qt.MouseButton.LeftButton)
    wait_for_results(qtbot, studio_session)
    second = studio_session.state.value("samples")
    assert not np.array_equal(first.codes, second.codes)
    panel.temperature_box.setValue(0.5)
    assert panel.temperature_slider.value() == 250
    wait_for_results(qtbot, studio_session)
    np.testing.assert_allclose(studio_session.state.value("samples").codes, second.codes / 2, rtol=1e-6)
    panel.source.setCurrentIndex(1)
    panel.source.activated.emit(1)
    wait_for_results(qtbot, studio_session)
    assert studio_session.state.results["samples"].request.source == "mixture"


def test_the_arrow_keys_select_samples(panel, studio_session, qtbot):
    panel.grid.setFocus()
    panel.grid.set_selected(0)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    samples = studio_session.state.value("samples")
    np.testing.assert_array_equal(studio_session.state.exploration.code, samples.codes[1])


def test_the_temperature_of_entries_ends_at_1(panel, studio_session, qtbot):
    """Above 1 it has no effect: every entry is drawn."""
    model = studio_session.state.model
    panel.temperature_box.setValue(1.5)
    wait_for_results(qtbot, studio_session)
    studio_session.update(model=replace(model, snapshot=snapshot_of("codebook")))
    wait_for_results(qtbot, studio_session)
    assert panel.temperature_box.maximum() == panel.temperature_box.value() == 1.0
    assert panel.temperature_slider.value() == STEPS
    assert studio_session.state.results["samples"].request.temperature == 1.0
    panel.temperature_slider.moved.emit(STEPS // 4)
    assert panel.temperature_box.value() == 0.25
    studio_session.update(model=model)
    wait_for_results(qtbot, studio_session)
    assert panel.temperature_box.maximum() == 2.0
    assert panel.temperature_slider.value() == STEPS // 8


def test_samples_of_a_codebook_come_from_its_learned_prior(panel, studio_session, qtbot, make_snapshot):
    snapshot = make_snapshot("vq-vae")
    studio_session.update(model=replace(studio_session.state.model, snapshot=snapshot))
    wait_for_results(qtbot, studio_session)
    assert panel.source.value == "prior"
    assert "more probable entries" in panel.temperature_slider.toolTip()
    samples = studio_session.state.value("samples")
    assert samples.codes.shape == (COUNT, snapshot.architecture.latent.size)
    assert panel.grid.count == COUNT
    logs = FrozenModel(snapshot).prior_log_density(samples.codes)
    np.testing.assert_allclose(samples.densities, logs, rtol=1e-5)
    panel.temperature_box.setValue(0.0)
    wait_for_results(qtbot, studio_session)
    assert len(np.unique(studio_session.state.value("samples").codes, axis=0)) == 1


def test_without_images_of_the_models_size_it_says_so(panel, studio_session):
    studio_session.update(data=DataState("colour", "ready", dataset=colour_32()))
    assert panel.grid.count == 0
    assert "takes images of 28 × 28" in panel.message.text()
    studio_session.update(data=DataState("", "loading"))
    assert "as soon as images are loaded" in panel.message.text()
    studio_session.update(model=None)
    assert "as soon as there is a model" in panel.message.text()

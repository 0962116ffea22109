"""Below the data set stands what its images are."""

from dataclasses import replace

import pytest

from aestudio.gui.state.studio_state import DataState
from aestudio.gui.window.sidebars.data_box import DataBox
from tests.images import colour_32, grey_28x20


@pytest.fixture
def box(qtbot, studio_session):
    widget = DataBox(studio_session)
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize(
    ("make", "text"),
    [(colour_32, "500 images, 32 × 32 in colour"), (grey_28x20, "500 images, 28 × 20 (height × width)")],
)
def test_the_images_are_described_once_they_are_loaded(box, studio_session, make, text):
    loaded = replace(studio_session.state, data=DataState(phase="ready", dataset=make()))
    box.show_state(loaded)
    assert box.images.text() == text
    box.show_state(replace(loaded, data=replace(loaded.data, phase="loading", requested="mnist")))
    assert box.images.text() == ""

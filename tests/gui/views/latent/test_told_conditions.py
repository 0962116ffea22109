"""Every part of the Latent view says what its images were decoded as, and a click brings that with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aestudio.gui.inference.requests.attributes_request import Combination, DifferencePreview
from aestudio.gui.state.condition_state import shown_class
from aestudio.gui.state.studio_state import MapChoice
from aestudio.gui.state.workspace import Example
from aestudio.gui.views.latent.latent_view import LatentView
from tests.conditional.models import class_conditional, factor_conditional, with_factors, without_labels
from tests.gui.views.latent.test_conditions import explore, settled

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session


@pytest.fixture
def view(qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any) -> LatentView:
    """The Latent view of a model that is told the class, decoding as 4."""
    explore(studio_session, class_conditional(), few_digits)
    shown = show_view(LatentView)
    qtbot.waitUntil(lambda: studio_session.state.exploration.image is not None)
    studio_session.explore.choose_class(4)
    qtbot.waitUntil(lambda: settled(studio_session) and studio_session.state.value("map") is not None)
    return shown


@pytest.fixture
def panel(qtbot: QtBot, studio_session: Session, view: LatentView) -> Any:
    """`panel(name)`: the panel in front, with all computed."""

    def front(name: str) -> Any:
        view.panels.show_page(name)
        qtbot.waitUntil(lambda: settled(studio_session))
        return view.panels.front

    return front


def test_the_grid_says_it(qtbot: QtBot, studio_session: Session, panel: Any) -> None:
    grid = panel("grid")
    qtbot.waitUntil(lambda: grid.controls.told.text == "as 4")
    assert not grid.controls.told.isHidden()
    grid._enlarge((2, 2))
    assert grid.view._caption.endswith("as 4")
    grid.controls.content.setCurrentIndex(1)
    grid.controls.content.activated.emit(1)
    assert grid.controls.told.isHidden(), "each row has the name of its class"


def test_samples_have_their_class_below(qtbot: QtBot, studio_session: Session, panel: Any) -> None:
    samples = panel("samples")
    assert list(samples.grid._captions[:10]) == [str(digit) for digit in range(10)]
    samples.classes.setCurrentIndex(7)
    samples.classes.activated.emit(7)
    qtbot.waitUntil(lambda: set(samples.grid._captions) == {"6"})


def test_an_interpolation_and_its_export_say_it(qtbot: QtBot, studio_session: Session, panel: Any) -> None:
    code = studio_session.state.exploration.decoded_code
    assert code is not None
    studio_session.workspace.set_keyframes((Example("a", code=code), Example("b", code=-code)))
    interpolation = panel("interpolation")
    qtbot.waitUntil(lambda: interpolation.status.text().endswith("; decoded as 4"))
    interpolation.export._pressed()
    assert interpolation.export.dialog.summary.text().endswith("decoded as 4.")
    interpolation.export.dialog.close()


def test_drawings_say_it_and_bring_it(qtbot: QtBot, studio_session: Session, panel: Any) -> None:
    images = studio_session.state.image_set
    assert images is not None
    studio_session.workspace.keep_drawing(images.images[3])
    drawings = panel("drawings")
    qtbot.waitUntil(lambda: drawings.message.text().startswith("Encoded and decoded as 4."))
    shown = studio_session.state.value("drawings").reconstructions[0]
    studio_session.blockSignals(True)  # another class is chosen, and nothing is computed anew yet
    studio_session.explore.choose_class(9)
    studio_session.blockSignals(False)
    drawings._go_to(0)
    assert shown_class(studio_session.state) == 4
    np.testing.assert_array_equal(studio_session.state.exploration.image, shown)


def test_going_to_an_analogy_shows_the_image_that_was_clicked(
    qtbot: QtBot, studio_session: Session, panel: Any
) -> None:
    attributes = panel("attribute vectors")
    for index, number in enumerate((2, 9, 17)):
        studio_session.workspace.set_term(index, Example(str(number), number=number))
    attributes.show_page(1)
    page = attributes.page
    qtbot.waitUntil(lambda: settled(studio_session) and page.go.isEnabled())
    assert page.message.text() == "To c as a is to b. Decoded as 4."
    image = studio_session.state.value(Combination.channel).image
    studio_session.blockSignals(True)
    studio_session.explore.choose_class(8)
    studio_session.blockSignals(False)
    assert shown_class(studio_session.state) == 8
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    assert shown_class(studio_session.state) == 4
    np.testing.assert_array_equal(studio_session.state.exploration.image, image)
    studio_session.workspace.undo()
    assert shown_class(studio_session.state) == 8


@pytest.mark.parametrize("index", [0, 1, 2])
def test_going_to_a_preview_shows_the_image_that_was_clicked(
    qtbot: QtBot, studio_session: Session, panel: Any, index: int
) -> None:
    attributes = panel("attribute vectors")
    studio_session.workspace.set_groups(
        (Example("a", number=1), Example("b", number=2)), (Example("c", number=3),)
    )
    page = attributes.page
    qtbot.waitUntil(lambda: settled(studio_session) and page.preview.count == 3)
    assert page.statistics.text().endswith("Decoded as 4.")
    image = studio_session.state.value(DifferencePreview.channel)[index]
    studio_session.blockSignals(True)
    studio_session.explore.choose_class(8)
    studio_session.explore.move_dimension(0, 1.5)
    studio_session.blockSignals(False)
    page.preview.clicked.emit(index)
    assert shown_class(studio_session.state) == 4
    np.testing.assert_array_equal(studio_session.state.exploration.image, image)


def test_the_card_of_the_map_says_it(qtbot: QtBot, studio_session: Session, view: LatentView) -> None:
    studio_session.explore.hover(6)
    view.map.details.hover(6)
    qtbot.waitUntil(lambda: settled(studio_session) and "told its class" in view.map.details.card.loss.text())


def test_factors_are_said_with_their_names(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any
) -> None:
    data = with_factors(few_digits)
    explore(studio_session, factor_conditional(), data)
    shown = show_view(LatentView)
    assert data.test.factors is not None
    slant, width = data.test.factors[0].tolist()
    text = f"with slant {slant:.2f}, width {width:.2f}".replace("-", "−")
    shown.panels.show_page("grid")
    qtbot.waitUntil(lambda: shown.panels.front.controls.told.text == text)
    shown.panels.show_page("samples")
    samples: Any = shown.panels.front
    qtbot.waitUntil(lambda: samples.message.text().startswith(f"Decoded {text}."))
    shown.panels.show_page("attribute vectors")
    attributes: Any = shown.panels.front
    attributes.show_page(2)
    qtbot.waitUntil(lambda: attributes.page.message.text().endswith(f"Decoded {text}."))


def test_without_labels_the_map_and_the_gauge_say_why(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any
) -> None:
    explore(studio_session, class_conditional(), without_labels(few_digits))
    shown = show_view(LatentView)
    sentence = "This model is told the class of each image, and these images have no labels"
    qtbot.waitUntil(lambda: sentence in shown.map._empty.text())
    qtbot.waitUntil(lambda: sentence in shown.explorer.gauge.gauge.toolTip())
    shown.panels.front.controls.content.setCurrentIndex(1)
    shown.panels.front.controls.content.activated.emit(1)
    assert "as soon as there is a map" in shown.panels.front.rows.view._hint


def test_a_bookmark_says_it(studio_session: Session, panel: Any) -> None:
    studio_session.workspace.bookmark("mine")
    row = panel("interpolation").bookmarks.row
    assert row._help_of(0).startswith("mine, as 4\n")


def test_the_images_under_the_points_of_the_map_are_of_the_chosen_class(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any
) -> None:
    explore(studio_session, class_conditional(latent_size=2), few_digits)
    view = show_view(LatentView)
    qtbot.waitUntil(lambda: studio_session.state.value("map") is not None)
    mosaics = []
    for label in (4, 7):
        studio_session.explore.choose_class(label)
        qtbot.waitUntil(lambda wanted=label: f"as {wanted}" in view.map._note.text())
        qtbot.waitUntil(lambda: settled(studio_session))
        assert view.map._note.isVisible()
        images = view.map.map.plot.decoded.images
        assert images is not None
        mosaics.append(images.mosaic)
    assert mosaics[0].shape == mosaics[1].shape
    assert not np.array_equal(*mosaics)
    studio_session.explore.choose_map(MapChoice(decoded=False))
    assert view.map.map.plot.decoded.images is None
    assert not view.map._note.isVisible()

"""A sheet of traversals becomes files, the nearest images are the nearest, hovering explains terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from aestudio.gui.inference.requests.nearest_request import NearestToPoint
from aestudio.gui.inference.requests.traversals_request import SheetRows
from aestudio.gui.widgets.glossary import explanation
from aestudio.inference.frozen_model import FrozenModel
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Person

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)

DIMENSIONS = 3
TERMS = ("nats", "kl", "elbo", "mig", "free_bits", "active_dimension", "r")
"""Those of which a student asks first."""


def test_sheet_neighbours_and_terms_of_a_trained_model(person: Person, tmp_path: Path) -> None:
    """In one window: opening it takes longer than all of it."""
    person.window.session.recipe.choose_recipe(small(latent_size=DIMENSIONS, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    check_the_sheet(person, tmp_path)
    check_the_nearest_images(person)
    check_terms_are_explained(person)


def check_the_sheet(person: Person, folder: Path) -> None:
    """All dimensions, the most informative first, as a picture and as an animation, by mouse."""
    person.window.show_panel("traversals")
    person.wait(lambda: person.state.value(SheetRows.channel) is not None)
    person.wait_computed()
    panel: Any = person.window.views["latent"].panels.front  # type: ignore[attr-defined]
    sheet = person.state.value(SheetRows.channel)
    information = sheet.ranked.information[sheet.ranked.order]
    assert len(information) == DIMENSIONS
    assert (np.diff(information) <= 0).all()
    for text, name in (("Sheet as PNG ...", "sheet.png"), ("Animation as GIF ...", "sheet.gif")):
        person.click(panel.export)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(one for one in menu.actions() if one.text() == text).trigger()
        menu.close()
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        dialog.setDirectory(str(folder))
        dialog.selectFile(name)
        dialog.accept()
        person.wait(lambda name=name: (folder / name).exists() and not person.state.tasks)
    with Image.open(folder / "sheet.png") as picture:
        assert picture.height > DIMENSIONS * 28
    with Image.open(folder / "sheet.gif") as animation:
        assert animation.n_frames > 1  # type: ignore[attr-defined]


def check_the_nearest_images(person: Person) -> None:
    """Against all distances, computed here; a click on the first one selects it."""
    person.window.show_panel("nearest")
    person.wait(lambda: person.state.value(NearestToPoint.channel) is not None)
    person.wait_computed()
    panel: Any = person.window.views["latent"].panels.front  # type: ignore[attr-defined]
    state = person.state
    assert state.snapshot is not None
    model, (_, train) = FrozenModel(state.snapshot), state.image_sets
    code = np.round(np.asarray(state.exploration.decoded_code, np.float64), 4).astype(np.float32)
    decoded = model.decode(code[None])[0].astype(np.float64).ravel()
    images = train.images.reshape(len(train), -1).astype(np.float64)
    codes = model.encode(train.images).mean.astype(np.float64)
    for grid, distances in (
        (panel.by_pixels, np.linalg.norm(images - decoded, axis=1)),
        (panel.by_codes, np.linalg.norm(codes - code, axis=1)),
    ):
        person.click(grid, grid.cell_rect(0).center().toPoint())
        found = person.state.image_at(person.state.selected)
        assert found is not None
        assert found[0] is train
        assert distances[found[1]] <= distances.min() * (1 + 1e-4)


def shown_run(person: Person) -> str:
    return "" if person.state.snapshot is None else person.state.snapshot.run


def check_terms_are_explained(person: Person) -> None:
    """Somewhere in the window each has its sentence in a tooltip."""
    told: set[str] = set()
    person.window.session.runs.open("conv-vae-2d")  # has learned something, so that its axes have names
    person.wait(lambda: shown_run(person) == "conv-vae-2d" and not person.state.pending)
    for view in person.window.views.known:
        person.window.show_view(view)
        person.wait_computed()
        person.settle()
        for part in person.window.findChildren(QWidget):
            told.add(part.toolTip())
            if part.isVisible() and hasattr(part, "help_at"):
                for left in range(4, part.width(), 24):
                    told.add(part.help_at(QPoint(left, part.height() // 2)) or "")
    for term in TERMS:
        assert any(explanation(term) in text for text in told), term

"""A sheet of traversals becomes files, the nearest images are the nearest, hovering explains terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMenu, QWidget

from aestudio.gui.inference.requests.nearest_request import NearestToPoint
from aestudio.gui.inference.requests.traversals_request import SheetRows
from aestudio.gui.widgets.glossary import explanation
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.offer_kinds import offer_of
from aestudio.gui.window.context.explanation import explained_terms
from aestudio.inference.frozen_model import FrozenModel
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Person

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)

DIMENSIONS = 3
WORDS = {
    "nats": r"\bnats?\b",
    "kl": r"\bKL\b",
    "elbo": r"\bELBO\b",
    "mig": r"\bMIG\b",
    "free_bits": r"[Ff]ree bits",
    "active_dimension": r"[Aa]ctive dim",
    "psnr": r"\bPSNR\b",
    "ssim": r"\bSSIM\b",
    "posterior": r"[Pp]osterior",
    "beta": "β",
    "probe": r"[Pp]robe",
}
"""Terms that a student may not know, and how they are written in the window."""


@pytest.mark.thorough
def test_sheet_neighbours_and_terms_of_a_trained_model(person: Person, tmp_path: Path) -> None:
    """In one window: opening it takes longer than all of it."""
    person.window.session.recipe.choose_recipe(small(latent_size=DIMENSIONS, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    check_the_sheet(person, tmp_path)
    check_the_nearest_images(person)
    check_terms_are_explained(person)
    check_axis_names_are_explained(person)


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


def check_terms_are_explained(person: Person) -> None:
    """Each text of the window that has one of them explains it, by its tooltip or one around it."""
    found: set[str] = set()
    without: set[tuple[str, str]] = set()
    for view in person.window.views.known:
        person.window.show_view(view)
        person.wait_computed()
        person.settle()
        for part in person.window.findChildren(QWidget):
            text = text_of(part) if part.isVisible() else ""
            offer = offer_of(part, part.rect().center()) if text else Offer()
            for key, written in WORDS.items():
                if re.search(written, text):
                    found.add(key)
                    without |= set() if key in explained_terms(offer)[0] else {(key, text)}
    assert without == set()
    assert found >= {"nats", "kl", "elbo", "mig", "active_dimension", "psnr", "ssim", "beta", "probe"}


def text_of(part: QWidget) -> str:
    """The short text that a widget shows, "" for none or for a sentence."""
    shown = part.text if isinstance(part, (QAbstractButton, QLabel)) else getattr(part, "text", "")
    text = shown() if callable(shown) else shown
    return text if isinstance(text, str) and len(text) < 80 else ""


def check_axis_names_are_explained(person: Person) -> None:
    """r, of a model that has learned something, so that its axes have names."""
    person.window.session.runs.open("conv-vae-2d")
    person.wait(lambda: shown_run(person) == "conv-vae-2d")
    person.show("latent")
    view: Any = person.window.view

    def helps() -> list[str]:
        slider = view.explorer.slider_column.sliders[0]
        middle = slider.height() // 2
        return [slider.help_at(QPoint(left, middle)) or "" for left in range(4, 300, 12)]

    person.wait(lambda: any(explanation("r") in text for text in helps()))


def shown_run(person: Person) -> str:
    return "" if person.state.snapshot is None else person.state.snapshot.run

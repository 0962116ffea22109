"""Curves in a file for a paper: light, of the asked size, with embedded fonts or outlines."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.plots.change_marks import ChangeMark
from aestudio.gui.plots.curves import Curve
from aestudio.gui.plots.figure import Figure
from aestudio.gui.plots.figure_of_curves import SIZE, write_figure
from aestudio.gui.theme.tokens import LIGHT
from aestudio.gui.widgets.paper import DOTS_PER_INCH

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def figure() -> Figure:
    x = np.arange(20.0)
    falling = Curve("VAE, latent 10", x, 100 / (1 + x), 0)
    gap = Curve("VAE, latent 2", x, np.where(x == 7, np.nan, 60 - x), 1)
    return Figure((falling, gap), "Epochs", "Validation: Loss [nats per image]")


def test_a_pdf_is_one_page_of_the_size_with_its_font_embedded(figure: Figure, tmp_path: Path) -> None:
    write_figure(tmp_path / "curves.pdf", figure)
    data = (tmp_path / "curves.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    (box,) = re.findall(rb"/MediaBox \[([^\]]*)\]", data)
    assert [round(float(number)) for number in box.split()] == [0, 0, SIZE.width(), SIZE.height()]
    assert re.search(rb"/FontFile[23]? ", data), "the font is in the file"
    assert data.count(b"/Type /Page\n") == 1


def test_an_svg_has_outlines_and_needs_no_font(figure: Figure, tmp_path: Path) -> None:
    write_figure(tmp_path / "curves.svg", figure)
    root = ET.fromstring((tmp_path / "curves.svg").read_text("utf-8"))
    kinds = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert "text" not in kinds
    assert kinds.count("path") > 10
    assert [float(number) for number in root.attrib["viewBox"].split()] == [0, 0, SIZE.width(), SIZE.height()]
    drawn = (tmp_path / "curves.svg").read_text("utf-8").lower()
    assert all(colour.lower() in drawn for colour in LIGHT.class_colours[:2])


def test_a_png_is_white_with_the_curves_in_their_colours(figure: Figure, tmp_path: Path) -> None:
    write_figure(tmp_path / "curves.png", figure)
    image = QImage(str(tmp_path / "curves.png"))
    assert image.width() == round(SIZE.width() * DOTS_PER_INCH / 72)
    assert round(image.dotsPerMeterX() * 0.0254) == DOTS_PER_INCH
    assert image.pixelColor(2, 2) == QColor("white")
    wanted = {QColor(colour).rgb() for colour in LIGHT.class_colours[:2]}
    found = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(image.height())}
    assert wanted <= found


def test_another_theme_of_the_window_changes_nothing(
    figure: Figure, tmp_path: Path, qapp: QApplication
) -> None:
    from aestudio.gui.theme.style import apply_theme
    from aestudio.gui.theme.tokens import DARK

    for number, theme in enumerate((DARK, LIGHT)):
        apply_theme(qapp, theme)
        write_figure(tmp_path / f"{number}.png", figure)
    assert (tmp_path / "0.png").read_bytes() == (tmp_path / "1.png").read_bytes()
    apply_theme(qapp, DARK)


def test_a_file_that_cannot_be_written_is_said_so(figure: Figure, tmp_path: Path) -> None:
    with pytest.raises(BadChoice):
        write_figure(tmp_path / "curves.bmp", figure)
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError):
        write_figure(tmp_path / "file" / "curves.pdf", figure)


def test_no_curve_and_one_point_are_drawn_too(tmp_path: Path) -> None:
    write_figure(tmp_path / "none.svg", Figure((), "Steps", "Loss"))
    one = Curve("one", np.array([3.0]), np.array([5.0]), 2)
    write_figure(tmp_path / "one.svg", Figure((one,), "Steps", "Loss"))
    assert LIGHT.class_colours[2].lower() in (tmp_path / "one.svg").read_text("utf-8").lower()


def test_changed_settings_are_marked(figure: Figure, tmp_path: Path) -> None:
    """A line with a text over the whole height, or a tick at the top if there is no room for the text."""
    marks = tuple(ChangeMark(x, f"β {x:g} → 4", int(x)) for x in (3.0, 9.5, 9.9, 14.0))
    write_figure(tmp_path / "plain.png", figure)
    write_figure(tmp_path / "marked.png", replace(figure, marks=marks))
    plain, marked = QImage(str(tmp_path / "plain.png")), QImage(str(tmp_path / "marked.png"))
    factor = DOTS_PER_INCH / 72
    width = SIZE.width() - 52 - 10  # between the axes

    def changed(x: float) -> int:
        """How many pixels of the columns around x differ."""
        at = round((52 + x / 19 * width) * factor)
        columns = range(at - 3, at + 4)
        rows = range(plain.height())
        return sum(any(plain.pixel(c, row) != marked.pixel(c, row) for c in columns) for row in rows)

    for x in (3.0, 14.0):
        assert changed(x) > 0.3 * plain.height(), "a dotted line"
    assert 10 < changed(9.5) < 0.15 * plain.height(), "a tick"
    assert changed(6.5) == 0
    write_figure(tmp_path / "marked.svg", replace(figure, marks=marks))
    assert LIGHT.muted.lower() in (tmp_path / "marked.svg").read_text("utf-8").lower()

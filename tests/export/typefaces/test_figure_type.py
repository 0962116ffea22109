"""Texts of figures: in their own typeface, in another one of the computer, or said to be lost."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from aestudio.export.exporter import export, find_exporter
from aestudio.export.figure.figure_canvas import Canvas, Words
from aestudio.export.figure.figure_svg import outline_path
from aestudio.export.lettering import typeface_of, write
from aestudio.export.to_figure import content
from aestudio.export.typefaces import figure_type as module
from aestudio.export.typefaces.figure_type import figure_type, lost_letters, text_width, written
from aestudio.export.typefaces.system_typefaces import typeface_with
from aestudio.recipes.library import find_recipe
from tests.export.test_to_python import Untrained
from tests.export.trained_like import snapshot_like_trained

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.export.typefaces.truetype import Typeface

FOREIGN = ("Жук", "άλφα", "Ärger")
needs_typeface = pytest.mark.skipif(
    typeface_with("".join(FOREIGN)) is None, reason="no typeface of this computer has Greek and Cyrillic"
)


@pytest.fixture
def no_other_typeface(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer without typefaces."""
    written.cache_clear()
    monkeypatch.setattr(module, "typeface_with", lambda text: None)
    yield
    written.cache_clear()


def drawn_points(path: str) -> np.ndarray:
    """Points (N, 2) along an outline, of its lines and of nine places of each of its curves."""
    found: list[np.ndarray] = []
    for kind, numbers in re.findall(r"([MLQ])([-\d. ]+)", path):
        ends = np.array(numbers.split(), float).reshape(-1, 2)
        if kind == "Q":
            share = np.linspace(0, 1, 9)[:, None]
            steer, end = ends
            found.append((1 - share) ** 2 * found[-1][-1] + 2 * share * (1 - share) * steer + share**2 * end)
        else:
            found.append(ends)
    return np.concatenate(found)


def test_the_outlines_are_those_that_pillow_draws() -> None:
    """Box and width of every letter, within three of 250 pixels: Pillow fits it to pixels."""
    compare_with_pillow(figure_type(), ImageFont.load_default(250), "".join(sorted(figure_type().letters)))


@needs_typeface
def test_outlines_of_another_typeface_are_those_that_pillow_draws() -> None:
    """Also letters that are made of others."""
    letters = "".join(FOREIGN)
    face = typeface_with(letters)
    assert face is not None
    compare_with_pillow(face, ImageFont.truetype(face.path, 250, index=face.number), letters)


def compare_with_pillow(face: Typeface, font: ImageFont.FreeTypeFont, letters: str) -> None:
    size, origin = 250, (100, 350)
    for letter in letters:
        advance = face.advance(letter) * size / face.units
        assert advance == pytest.approx(font.getlength(letter), abs=1.6), letter  # hinted there
        image = Image.new("L", (500, 500))
        ImageDraw.Draw(image).text(origin, letter, fill=255, font=font, anchor="ls")
        box = image.getbbox()
        outline = face.outline(letter)
        assert bool(outline) == (box is not None), letter
        if box is not None:
            points = np.concatenate([drawn_points(outline_path(one)) for one in outline]) * size / face.units
            left, top = points[:, 0].min() + origin[0], origin[1] - points[:, 1].max()
            right, bottom = points[:, 0].max() + origin[0], origin[1] - points[:, 1].min()
            assert (left, top, right, bottom) == pytest.approx(box, abs=3.1), letter


def test_signs_and_symbols_are_written_by_their_names() -> None:
    assert written("β → 4, σ²").text == "beta -> 4, sigma^2"
    assert written("plain (text)").text == "plain (text)"
    assert written("plain (text)").own
    assert text_width("", 9) == 0
    assert lost_letters(("β = 4", "plain")) == ""


@pytest.mark.usefixtures("no_other_typeface")
def test_what_no_typeface_has_is_told() -> None:
    assert written("Ärger, Łódź").text == "Arger, Lodz"
    assert written("子").text == "?"
    assert lost_letters(("plain", "Ärger", "子", "β")) == "Ä子"


@pytest.mark.usefixtures("no_other_typeface")
def test_classes_whose_names_cannot_be_written_are_told_apart(few_digits: Dataset, tmp_path: Path) -> None:
    """In the figure by their numbers, and in the sentence about it."""
    names = ("子", "丑", *few_digits.test.class_names[2:])
    test = replace(few_digits.test, class_names=names)
    run = Untrained(snapshot_like_trained(find_recipe("vae")), replace(few_digits, test=test))
    exporter = find_exporter("figure")
    said = export(exporter, run, tmp_path / "a", exporter.parsed(("plots=map", "formats=svg")))
    assert '"?" stands for them' in said
    assert {"子", "丑"} <= set(said)
    text = (tmp_path / "a" / "map.svg").read_text("utf-8")
    assert 'aria-label="class 0 (子)"' in text
    assert 'aria-label="class 1 (丑)"' in text


def test_letters_that_must_be_joined_are_told() -> None:
    """Outlines side by side would be no Arabic."""
    assert written("سلام").text == "????"
    assert set(lost_letters(("سلام",))) == set("سلام")


@needs_typeface
@pytest.mark.parametrize("text", FOREIGN)
def test_words_of_other_languages_are_drawn_in_each_format(text: str) -> None:
    """Where the text is there is ink, as much as Pillow draws of it; no letter is a box or another one."""
    found = written(text)
    assert (found.text, found.own) == (text, False)
    assert lost_letters((text,)) == ""
    canvas = Canvas(200.0, 60.0)
    canvas.add(Words(20.0, 40.0, text, 30.0))
    image = np.asarray(Image.open(io.BytesIO(content(canvas, "png"))).convert("L"))
    scale = 300 / 72
    ink = (255 - image.astype(float)).sum() / (255 - 0x18) / scale**2  # square points; it is nearly black
    font = typeface_of(found, round(30 * scale))
    assert isinstance(font, ImageFont.FreeTypeFont)
    reference = Image.new("L", (round(200 * scale), round(60 * scale)))
    ImageDraw.Draw(reference).text((20 * scale, 40 * scale), text, fill=255, font=font, anchor="ls")
    assert ink == pytest.approx(np.asarray(reference).astype(float).sum() / 255 / scale**2, rel=0.05)
    svg = content(canvas, "svg").decode()
    assert f'aria-label="{text}"' in svg
    (drawn,) = [one for one in streams(content(canvas, "pdf")) if b"/ActualText" in one]
    assert text.encode("utf-16-be").hex().upper().encode() in drawn
    assert area(drawn.decode("cp1252")) == pytest.approx(ink, rel=0.08)
    assert area_of_svg(svg) == pytest.approx(ink, rel=0.08)


def streams(pdf: bytes) -> Iterator[bytes]:
    for part in pdf.split(b"\nstream\n")[1:]:
        yield zlib.decompressobj().decompress(part)


def area(drawn: str) -> float:
    """What the closed curves of a page cover, in square points: holes go the other way round."""
    total, path = 0.0, list[tuple[float, float]]()
    share = np.linspace(0, 1, 17)[1:, None]
    for numbers, kind in re.findall(r"((?:-?[\d.]+ )*)([mlch])\b", drawn[drawn.index(" rg ") + 4 :]):
        points = np.array(numbers.split(), float).reshape(-1, 2)
        if kind == "m":
            path = [tuple(points[0])]
        elif kind == "l":
            path.append(tuple(points[0]))
        elif kind == "c":
            a, b, end = points
            curve = (1 - share) ** 3 * np.array(path[-1]) + 3 * share * (1 - share) ** 2 * a
            curve = curve + 3 * share**2 * (1 - share) * b + share**3 * end
            path += [tuple(point) for point in curve]
        else:
            total += shoelace(np.array(path))
    return abs(total)


def area_of_svg(svg: str) -> float:
    (path,) = re.findall(r'<path d="([^"]+)"', svg)
    scale = float(re.findall(r"scale\(([\d.e-]+)", svg)[0])
    return abs(sum(shoelace(drawn_points(one)) for one in path.split("Z") if one)) * scale**2


def shoelace(points: np.ndarray) -> float:
    x, y = points.T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


@pytest.mark.usefixtures("no_other_typeface")
def test_labels_of_pictures_have_no_boxes() -> None:
    """The same rule where Pillow writes."""
    image, expected = Image.new("L", (80, 30), 255), Image.new("L", (80, 30), 255)
    write(ImageDraw.Draw(image), (5, 15), "Ärger", 12)
    write(ImageDraw.Draw(expected), (5, 15), "Arger", 12)
    assert image.tobytes() == expected.tobytes()

"""Figures for a paper: what is in the files, in each of the three formats, and which plots a run has."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageFont

from aestudio.datasets.synthetic import generate
from aestudio.errors import StudioError
from aestudio.export.exporter import export, find_exporter
from aestudio.export.figure.figure_chart import (
    HEIGHT,
    WIDTH,
    Chart,
    Series,
    draw_chart,
    round_numbers,
    tick_texts,
)
from aestudio.export.figure.figure_png import DOTS_PER_INCH, dashed
from aestudio.export.figure.run_figures import as_pixels, sheet
from aestudio.export.to_figure import content
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe
from aestudio.runs.exported_run import KeptRunExport
from aestudio.runs.index import find_run
from aestudio.training.events import LiveChange, MetricPoint
from tests.export.test_to_python import Untrained
from tests.export.trained_like import snapshot_like_trained

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.export.figure.figure_canvas import Canvas
    from aestudio.training.events import Snapshot

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def page() -> Canvas:
    """Two curves, one with a gap, and marks."""
    x = np.arange(20.0)
    falling = Series("β-VAE (a\\b)", np.stack([x, 100 / (1 + x)], 1), "#bd1f01")
    gap = Series("other", np.stack([x, np.where(x == 7, np.nan, 60 - x)], 1), "#3f90da")
    marks = ((3.0, "beta 4"), (3.1, "beta 5"), (12.0, "learning rate 0.01"))
    return draw_chart(Chart("Epochs", "Loss [nats per image]", (falling, gap), marks=marks), "a run")


# ---- PDF ----------------------------------------------------------------------------------------------


def objects_of(data: bytes) -> dict[int, bytes]:
    """The objects of a PDF at the places that its table names."""
    start = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", data)[0])
    table = data[start:].split(b"\n")
    assert table[0] == b"xref"
    count = int(table[1].split()[1])
    found: dict[int, bytes] = {}
    for number, line in enumerate(table[3 : 2 + count], start=1):
        place = int(line[:10])
        head = f"{number} 0 obj\n".encode()
        assert data[place : place + len(head)] == head
        found[number] = data[place + len(head) : data.index(b"\nendobj\n", place)]
    assert len(found) == count - 1
    return found


def unpacked(stream: bytes) -> bytes:
    head, _, rest = stream.partition(b"stream\n")
    length = int(re.findall(rb"/Length (\d+)", head)[0])
    assert rest[length:] == b"\nendstream"
    return zlib.decompress(rest[:length])


def test_a_pdf_is_one_page_of_the_size_with_its_typeface_embedded(page: Canvas) -> None:
    data = content(page, "pdf")
    assert data.startswith(b"%PDF-1.4\n")
    objects = objects_of(data)
    assert f"/MediaBox [0 0 {WIDTH:g} {HEIGHT:g}]".encode() in objects[3]
    assert unpacked(objects[7]) == ImageFont.load_default(12).font_bytes  # type: ignore[union-attr]
    assert b"/FontFile2 7 0 R" in objects[6]
    drawn = unpacked(objects[4]).decode("cp1252")
    texts = re.findall(r"Tm \((.*)\) Tj", drawn)
    assert {"Epochs", "Loss [nats per image]", "beta-VAE \\(a\\\\b\\)", "other"} <= set(texts)
    assert {"beta 4", "learning rate 0.01"} <= set(texts)
    assert "beta 5" not in texts, "it would lie over the one before"
    assert b"a run".decode().encode("utf-16-be").hex().upper().encode() in objects[8]


def test_a_picture_in_a_pdf_has_the_pixels() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 3, 1, 5, 4), np.uint8)
    objects = objects_of(content(sheet(images, ("a", "b")), "pdf"))
    assert b"/Width 12 /Height 10" in objects[9]
    pixels = np.frombuffer(unpacked(objects[9]), np.uint8).reshape(10, 12, 3)
    assert np.array_equal(pixels[5:, 8:, 1], images[1, 2, 0])


# ---- SVG ----------------------------------------------------------------------------------------------


def test_an_svg_has_outlines_and_needs_no_font(page: Canvas) -> None:
    root = ET.fromstring(content(page, "svg").decode())
    assert root.attrib["viewBox"] == f"0 0 {WIDTH:g} {HEIGHT:g}"
    assert not list(root.iter(f"{SVG}text"))
    labels = {one.attrib["aria-label"] for one in root.iter(f"{SVG}g") if "aria-label" in one.attrib}
    assert {"Epochs", "β-VAE (a\\b)"} <= labels, "as they are, for who cannot see them"
    curves = [one for one in root.iter(f"{SVG}path") if one.get("stroke") == "#3f90da"]
    assert len(curves) == 3, "two pieces around the gap, and the legend"
    assert all(one.get("stroke-dasharray") for one in curves), "colour never speaks alone"


def test_a_picture_in_an_svg_has_the_pixels() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 3, 3, 5, 4), np.uint8)
    root = ET.fromstring(content(sheet(images), "svg").decode())
    (picture,) = root.iter(f"{SVG}image")
    data = picture.attrib["{http://www.w3.org/1999/xlink}href"].removeprefix("data:image/png;base64,")
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))
    assert np.array_equal(pixels[:5, 4:8], images[0, 1].transpose(1, 2, 0))


# ---- PNG ----------------------------------------------------------------------------------------------


def test_a_png_is_white_with_the_curves_in_their_colours(page: Canvas) -> None:
    image = Image.open(io.BytesIO(content(page, "png")))
    assert image.size == (round(WIDTH * DOTS_PER_INCH / 72), round(HEIGHT * DOTS_PER_INCH / 72))
    assert image.info["dpi"] == pytest.approx((DOTS_PER_INCH, DOTS_PER_INCH), abs=0.1)
    assert image.getpixel((2, 2)) == (255, 255, 255)
    assert {(0xBD, 0x1F, 0x01), (0x3F, 0x90, 0xDA)} <= {colour for _, colour in image.getcolors(100_000)}  # type: ignore[union-attr]


def test_a_dashed_line_is_drawn_in_pieces_of_the_asked_lengths() -> None:
    points = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 14.0]])
    pieces = dashed(points, (4.0, 2.0))
    lengths = [float(np.hypot(*np.diff(one, axis=0).T).sum()) for one in pieces]
    assert lengths == pytest.approx([4.0, 4.0, 3.0])
    assert pieces[1][0] == pytest.approx([3.0, 5.0])
    assert dashed(points, ()) == [points]


# ---- axes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.0, 10.0, ["0", "2", "4", "6", "8", "10"]),
        (-1.0, 1.0, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        (83.4, 84.1, ["83.4", "83.5", "83.6", "83.7", "83.8", "83.9", "84.0", "84.1"]),
        (0.0, 0.0004, ["0", "0.0001", "0.0002", "0.0003", "0.0004"]),
        (0.0, 5e6, ["0", "1e+06", "2e+06", "3e+06", "4e+06", "5e+06"]),
    ],
)
def test_ticks_are_round_and_all_alike(low: float, high: float, texts: list[str]) -> None:
    assert tick_texts(round_numbers(low, high)) == texts


def test_nothing_and_one_point_are_drawn_too() -> None:
    for points in (np.empty((0, 2)), np.array([[1.0, 2.0]]), np.full((3, 2), np.nan)):
        for form in ("pdf", "svg", "png"):
            assert content(draw_chart(Chart("x", "y", (Series("one", points, "#bd1f01"),))), form)


# ---- which plots a run has ----------------------------------------------------------------------------


def names_of(snapshot: Snapshot, digits: Dataset, folder: Path, **options: object) -> set[str]:
    exporter = find_exporter("figure")
    run = Untrained(snapshot, digits, snapshot.run)
    export(exporter, run, folder, exporter.options(formats="svg", **options))
    return {path.stem for path in folder.iterdir()}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("recipe", "names"),
    [
        ("vae", {"map", "code-use", "reconstructions", "samples", "traversals"}),
        ("gan", {"samples"}),
        ("vq-vae", {"map", "reconstructions", "samples"}),
        ("conditional-vae", {"map", "code-use", "reconstructions", "samples", "traversals"}),
        ("ladder-vae", {"map", "code-use", "reconstructions", "samples", "traversals"}),
        ("deep-ae", {"map", "code-use", "reconstructions", "traversals"}),
    ],
)
def test_each_kind_of_model_has_the_plots_that_mean_something(
    recipe: str, names: set[str], few_digits: Dataset, tmp_path: Path
) -> None:
    assert names_of(snapshot_like_trained(find_recipe(recipe)), few_digits, tmp_path / "figures") == names


def test_a_plot_that_a_run_does_not_have_is_refused(few_digits: Dataset, tmp_path: Path) -> None:
    snapshot = snapshot_like_trained(find_recipe("digit-classifier"))
    with pytest.raises(StudioError, match="This run has no such plot"):
        names_of(snapshot, few_digits, tmp_path / "figures", plots="samples")
    assert not (tmp_path / "figures").exists()


@pytest.mark.thorough
def test_all_plots_of_a_shipped_model_in_all_formats(tmp_path: Path) -> None:
    """The numbers behind them: the pictures are those of the model, the curves those of the run."""
    digits = generate(train=10, test=300, seed=1)
    run = find_run("conv-vae-2d")
    exporter = find_exporter("figure")
    written = export(exporter, KeptRunExport(run, lambda: digits), tmp_path / "figures")
    assert written.endswith("figures as PDF, SVG and PNG")
    names = {path.stem for path in (tmp_path / "figures").iterdir()}
    assert {"curve-loss", "curve-kl", "map", "plane", "code-use", "reconstructions"} <= names
    for name in names:
        assert {path.suffix for path in (tmp_path / "figures").glob(f"{name}.*")} == {".pdf", ".svg", ".png"}
    objects = objects_of((tmp_path / "figures" / "reconstructions.pdf").read_bytes())
    pixels = np.frombuffer(unpacked(objects[9]), np.uint8).reshape(56, -1, 3)
    _, first = np.unique(digits.test.labels, return_index=True)
    expected = FrozenModel(run.snapshot()).reconstruct_exactly(digits.test.images[first])
    assert np.array_equal(pixels[28:, :28, 0], as_pixels(expected)[0, 0])
    drawn = unpacked(objects_of((tmp_path / "figures" / "curve-loss.pdf").read_bytes())[4]).decode("cp1252")
    points = [one for one in run.points() if isinstance(one, MetricPoint) and one.split == "validation"]
    (curve,) = re.findall(r"q 0\.247 0\.565 0\.855 RG 1\.2 w 1 j \[\] 0 d (.*m.*l.*l) S Q", drawn)
    assert curve.count(" l") + 1 == len(points)


def test_changed_settings_are_marked_at_their_epoch(few_digits: Dataset, tmp_path: Path) -> None:
    class Changed(Untrained):
        def points(self) -> tuple[MetricPoint | LiveChange, ...]:  # type: ignore[override]
            terms = {"loss": 2.0}
            return (
                MetricPoint("training", 100, 1.0, terms),
                LiveChange(150, "learning_rate", 0.01),
                MetricPoint("training", 200, 2.0, terms),
            )

    snapshot = snapshot_like_trained(find_recipe("deep-ae"))
    exporter = find_exporter("figure")
    options = exporter.options(plots="curves", formats="svg")
    export(exporter, Changed(snapshot, few_digits, "a"), tmp_path / "figures", options)
    (path,) = (tmp_path / "figures").iterdir()
    root = ET.fromstring(path.read_text("utf-8"))
    assert "learning rate 0.01" in {one.get("aria-label") for one in root.iter(f"{SVG}g")}
    (mark,) = (one for one in root.iter(f"{SVG}path") if one.get("stroke-dasharray") == "1.2 2.4")
    x = float(mark.attrib["d"].split(" ")[0][1:])
    assert x == pytest.approx(52 + 0.5 * (WIDTH - 62), abs=0.01), "half way from epoch 1 to 2"

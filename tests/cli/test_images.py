"""Image files in and out, and codes as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from aestudio.cli.images import free_targets, signed
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.own_picture import read_for_model
from aestudio.errors import StudioError
from tests.cli.conftest import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.cli.conftest import Answer


@pytest.fixture
def run(aestudio: Callable[..., Answer], tmp_path: Path) -> Path:
    """The folder of a small trained autoencoder."""
    folder = tmp_path / "run"
    assert aestudio("train", "deep-ae", "--dataset", "builtin", *SMALL, "--out", folder).code == 0
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A photo of a small dark 1, off the centre of a light page that is not pure white."""
    image = Image.new("L", (640, 400), 235)
    ImageDraw.Draw(image).line([(100, 80), (100, 200)], fill=30, width=12)
    path = tmp_path / "page.jpg"
    image.save(path, quality=90)
    return path


def test_a_page_becomes_a_digit(page: Path) -> None:
    digit = read_for_model(page, "digit", boxed=False, shape=MNIST.image).image[0]
    ink = np.argwhere(digit > 50)
    assert np.ptp(ink[:, 0]) == pytest.approx(19, abs=1)
    assert ink.mean(axis=0) == pytest.approx([13.5, 13.5], abs=1)
    assert digit.max() > 240
    assert (digit == 0).mean() > 0.8  # the paper became black
    whole = read_for_model(page, "whole", boxed=True, shape=MNIST.image)
    assert np.ptp(np.argwhere(whole.image[0] > 60)[:, 0]) < 8
    assert "inverted" in whole.steps


def test_digits_of_28_pixels_are_taken_as_they_are(tmp_path: Path, few_digits: Dataset) -> None:
    path = tmp_path / "digit.png"
    Image.fromarray(few_digits.test.images[0, 0]).save(path)
    digit = read_for_model(path, "auto", boxed=True, shape=MNIST.image)
    assert np.array_equal(digit.image, few_digits.test.images[0])
    assert digit.steps == "taken as it is"


def test_an_empty_page_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    Image.new("L", (300, 300), 250).save(path)
    assert not read_for_model(path, "digit", boxed=True, shape=MNIST.image).image.any()


def test_signed_errors() -> None:
    error = np.zeros((28, 28), np.int16)
    error[0, 0], error[0, 1] = 255, -255
    image = signed(error)
    assert image.shape == (224, 224, 3)
    assert image[0, 0, 0] > 150 > image[0, 0, 2]  # too much ink: red
    assert image[0, 8, 2] > 150 > image[0, 8, 0]  # too little: blue
    assert image[100, 100].tolist() == [255, 255, 255]


def test_reconstruct(aestudio: Callable[..., Answer], run: Path, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer = aestudio("reconstruct", run, page, page, "--out", out)
    assert answer.code == 0, answer.err
    assert sorted(path.name for path in out.iterdir()) == ["page-2.png", "page.png"]
    with Image.open(out / "page.png") as image:
        assert image.size == (3 * 224 + 2 * 8, 224)
        shown = np.asarray(image)
    original = read_for_model(page, "auto", boxed=True, shape=MNIST.image).image[0]
    assert np.array_equal(shown[::8, : 28 * 8 : 8, 0], original)
    assert "squared error" in answer.out


def test_nothing_is_overwritten_silently(
    aestudio: Callable[..., Answer], run: Path, page: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    aestudio("reconstruct", run, page, "--out", out)
    again = aestudio("reconstruct", run, page, "--out", out)
    assert again.code == 1
    assert "--overwrite" in again.line
    assert aestudio("reconstruct", run, page, "--out", out, "--overwrite").code == 0
    itself = tmp_path / "page.png"
    Image.new("L", (28, 28)).save(itself)
    with pytest.raises(StudioError, match="the input image itself"):
        free_targets([itself], tmp_path, overwrite=True)


def test_a_file_that_is_no_image_is_refused(
    aestudio: Callable[..., Answer], run: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.png").write_text("no image")
    for name in ("notes.png", "nothing.png"):
        answer = aestudio("reconstruct", run, tmp_path / name, "--out", tmp_path / "out")
        assert answer.code == 1
        assert name in answer.line
        assert not (tmp_path / "out").exists()


def test_export(aestudio: Callable[..., Answer], run: Path, tmp_path: Path, few_digits: Dataset) -> None:
    target = tmp_path / "codes.npz"
    answer = aestudio("export", run, "--features", target)
    assert answer.code == 0, answer.err
    assert "360 codes" in answer.out
    assert "60 test and 300 training images" in answer.out
    with np.load(target) as file:
        every = {name: file[name] for name in file.files}
    assert every["codes"].shape == every["codes_scaled"].shape == (360, 3)
    assert np.array_equal(every["labels"], np.concatenate([few_digits.test.labels, few_digits.train.labels]))
    assert every["part"].tolist() == ["test"] * 60 + ["train"] * 300
    assert np.array_equal(every["indices"], np.concatenate([np.arange(60), np.arange(300)]))
    assert str(every["split"]) == "all"
    again = aestudio("export", run, "--features", target)
    assert again.code == 1
    assert "--overwrite" in again.line
    for split, rows in (("test", slice(0, 60)), ("train", slice(60, None))):
        assert aestudio("export", run, "--features", target, "--split", split, "--overwrite").code == 0
        with np.load(target) as file:
            assert np.allclose(file["codes"], every["codes"][rows], atol=1e-5)
            assert np.array_equal(file["part"], every["part"][rows])
            assert np.array_equal(file["indices"], np.arange(len(file["codes"])))
            assert str(file["split"]) == split


def test_a_sheet_of_traversals(
    aestudio: Callable[..., Answer], run: Path, tmp_path: Path, few_digits: Dataset
) -> None:
    from aestudio.analysis.axis_statistics import latent_statistics
    from aestudio.inference.codes import encode_set
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.runs.index import find_run

    path = tmp_path / "sheet.png"
    answer = aestudio("export", run, "--traversals", path, "--columns", 7, "--scale", 1, "--image", 5)
    assert answer.code == 0, answer.err
    assert "3 dimensions" in answer.out
    frozen_model = FrozenModel(find_run(str(run)).snapshot())
    codes = encode_set(frozen_model, few_digits.test)
    page = np.asarray(Image.open(path))
    assert f"{page.shape[1]} x {page.shape[0]} pixels" in answer.out
    windows = np.lib.stride_tricks.sliding_window_view(page, (28, 28))
    ranges = latent_statistics(codes, gaussian=False).dimensions.ranges
    for number in range(3):
        code = codes.mean[5].copy()
        code[number] = ranges[number, 1]
        image = frozen_model.decode(code[None])[0, 0]
        assert (windows == image).all(axis=(2, 3)).sum() == 1
    again = aestudio("export", run, "--traversals", path)
    assert again.code == 1
    assert "--overwrite" in again.line
    animation = tmp_path / "sheet.gif"
    assert aestudio("export", run, "--traversals", animation, "--rows", 2).code == 0
    with Image.open(animation) as picture:
        assert picture.n_frames > 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Missing option '--to', '--file', '--features' or '--traversals'"),
        (("--traversals", "a.jpg"), "--traversals cannot be 'a.jpg'"),
        (("--traversals", "a.png", "--columns", 8), "--columns cannot be 8"),
        (("--traversals", "a.png", "--image", 60), "--image cannot be 60"),
        (("--traversals", "a.png", "--rows", 4), "rows cannot be 4"),
        (("--traversals", "a.png", "--class", 4), "not told what --class gives"),
    ],
)
def test_a_sheet_that_cannot_be(
    aestudio: Callable[..., Answer],
    run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[object, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = aestudio("export", run, *options)
    assert answer.code in (1, 2)
    assert said in answer.line
    assert not list(tmp_path.glob("a.*"))

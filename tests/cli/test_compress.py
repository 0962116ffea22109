"""`aestudio compress` and `aestudio decompress`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.codec.container import read_container

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]

SMALL = ("--set", "hidden=24", "--set", "latent_size=3", "--epochs", "1", "--device", "cpu")


@pytest.fixture
def run(aestudio: Call, tmp_path: Path) -> Path:
    """The folder of a small VAE, which is not among the kept runs."""
    folder = tmp_path / "run"
    assert aestudio("train", "vae", "--dataset", "builtin", *SMALL, "--out", folder).code == 0
    return folder


@pytest.fixture
def digits(tmp_path: Path, few_digits: Dataset) -> list[Path]:
    """Three digits as PNG files of the model's size."""
    paths = [tmp_path / f"digit{number}.png" for number in range(3)]
    for path, image in zip(paths, few_digits.test.images, strict=False):
        Image.fromarray(image[0]).save(path)
    return paths


def pictures(folder: Path) -> np.ndarray:
    found = [Image.open(path) for path in sorted(folder.iterdir())]
    return np.stack([np.asarray(image) for image in found])


def test_there_and_back(aestudio: Call, run: Path, digits: list[Path], tmp_path: Path) -> None:
    file, out = tmp_path / "x.aec", tmp_path / "out"
    answer = aestudio("compress", run, *digits, "--out", file, "--quality", "70")
    assert answer.code == 0, answer.err
    size = file.stat().st_size
    assert f"3 images in {size:,} bytes, {8 * size / 3:,.1f} bits each" in answer.out
    lines = [
        int(line.split()[-2]) for line in answer.out.splitlines() if line.startswith("  ") and "bytes" in line
    ]
    assert sum(lines) == size
    answer = aestudio("decompress", file, "--out", out, "--run", run)
    assert answer.code == 0, answer.err
    assert [path.name for path in sorted(out.iterdir())] == ["x-1.png", "x-2.png", "x-3.png"]
    assert pictures(out).shape == (3, 28, 28)
    again = aestudio("decompress", file, "--out", out, "--run", run)
    assert (again.code, "--overwrite" in again.line) == (1, True)
    assert aestudio("decompress", file, "--out", out, "--run", run, "--overwrite").code == 0


def test_a_file_with_its_model_opens_without_the_run(
    aestudio: Call, run: Path, digits: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "x.aec"
    assert "not among the runs" not in aestudio("compress", run, *digits, "--out", file).err
    answer = aestudio("decompress", file, "--out", tmp_path / "out")
    assert answer.code == 1
    assert "is not among the runs here" in answer.line
    with_model = tmp_path / "y.aec"
    answer = aestudio("compress", run, *digits, "--out", with_model, "--with-model")
    assert f"the model{read_container(with_model).sizes.model:>21,} bytes more" in answer.out
    assert aestudio("decompress", with_model, "--out", tmp_path / "out").code == 0


def test_lossless(aestudio: Call, run: Path, digits: list[Path], tmp_path: Path, few_digits: Dataset) -> None:
    file, out = tmp_path / "x.aec", tmp_path / "out"
    answer = aestudio("compress", run, *digits, "--out", file, "--lossless")
    assert answer.code == 1
    assert "black and white" in answer.line
    answer = aestudio("compress", run, *digits, "--out", file, "--lossless", "--binarise")
    assert answer.code == 0, answer.err
    assert "no pixel is changed" in answer.out
    assert aestudio("decompress", file, "--out", out, "--run", run).code == 0
    assert np.array_equal(pictures(out), np.where(few_digits.test.images[:3, 0] > 127, 255, 0))


def test_wrong_options(aestudio: Call, run: Path, digits: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "x.aec"
    for options, code, message in (
        (("--bits", "4", "--rate", "9"), 2, "--bits and --rate exclude each other"),
        (("--quality", "9", "--lossless"), 2, "--quality and --lossless exclude each other"),
        (("--bits", "40"), 2, "bits per number"),
        (("--quality", "0"), 2, "quality"),
        (("--rate", "2"), 1, "too few"),
        (("--class", "3"), 1, "Leave --class out"),
        (("--fit", "large"), 2, "--fit"),
    ):
        answer = aestudio("compress", run, *digits, "--out", file, *options)
        assert answer.code == code, (options, answer.err)
        assert message in answer.line
        assert not file.exists()
    answer = aestudio("compress", run, *digits, "--out", tmp_path / "x.zip")
    assert (answer.code, ".aec" in answer.line) == (2, True)
    file.write_bytes(b"mine")
    assert aestudio("compress", run, *digits, "--out", file).code == 1
    assert file.read_bytes() == b"mine"
    answer = aestudio("decompress", file, "--out", tmp_path / "out")
    assert answer.code == 1
    assert "no compressed file" in answer.line


def test_rates(aestudio: Call, run: Path, tmp_path: Path, few_digits: Dataset) -> None:
    answer = aestudio("rates", run, "--images", "4", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["images"] == 4
    rates = answer.json["rates"]
    found = {rate["codec"] for rate in rates}
    assert {"VAE", "PCA", "JPEG", "PNG"} <= found
    answer = aestudio("rates", run, "--images", "4", "--at", "300")
    heading = "CODEC SETTING BITS, ALONE BITS, SHARED MSE PSNR SSIM RECOGNISED"
    assert " ".join(answer.out.splitlines()[0].split()) == heading
    assert "PCA" in answer.out
    shares = [rate["accuracy"] for rate in rates if rate["codec"] == "PNG"]
    assert shares == [1.0]  # four digits of the built-in ones, as they are
    counted = aestudio("rates", run, "--images", "4", "--at", "700", "--headers", "--json").json["rates"]
    assert {rate["codec"] for rate in counted} == {r["codec"] for r in rates if r["alone"] <= 700}
    picture = tmp_path / "equal.png"
    assert aestudio("rates", run, "--images", "4", "--at", "300", "--picture", picture).code == 0
    with Image.open(picture) as image:
        columns = len(answer.out.splitlines())  # a line for each codec and the heading; the original
        assert image.size == (columns * (224 + 24) + 24, 224 + 2 * 24 + 3 * 26)
        shown = np.asarray(image.convert("L"))
    assert np.array_equal(shown[24 : 24 + 224 : 8, 24 : 24 + 224 : 8], few_digits.test.images[0, 0])
    assert aestudio("rates", run, "--picture", picture).code == 1
    assert aestudio("rates", "gan").code == 1

"""`aestudio datasets` says what the images of each set are."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.runs.kept_run import KeptRun
from tests.datasets.own_forms import numbers
from tests.datasets.pages.page_of_digits import COUNT, page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_size_of_the_images_is_listed(aestudio: Callable[..., Any]) -> None:
    lines = aestudio("datasets").out.splitlines()
    assert "IMAGES" in lines[0]
    column = lines[0].index("IMAGES")
    assert lines[1].startswith("mnist")
    assert lines[1][column:].startswith("28 × 28 ")
    listed = aestudio("datasets", "--json").json
    assert {tuple(entry["image"]) for entry in listed} == {(1, 28, 28)}


def test_the_list_is_checked(aestudio: Callable[..., Any], tmp_path: Path) -> None:
    """A folder that does not exist is no folder without data sets; a file that is cut off is not there."""
    answer = aestudio("datasets", "--data-dir", tmp_path / "nowhere")
    assert answer.code == 1
    assert "does not exist" in answer.err
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for part in ("train", "t10k"):
        images = struct.pack(">IIII", 0x803, 3, 28, 28) + bytes(3 * 28 * 28)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, 3) + bytes(3))
    assert aestudio("datasets", "--data-dir", tmp_path, "--json").json[0]["damaged"] is None
    path = folder / "train-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1])
    assert f"damaged: {path.name}" in aestudio("datasets", "--data-dir", tmp_path).out.splitlines()[1]
    listed = {entry["name"]: entry for entry in aestudio("datasets", "--data-dir", tmp_path, "--json").json}
    assert listed["mnist"]["damaged"] == path.name
    assert listed["builtin"]["damaged"] is None


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Ten images of each of two classes, rows and columns exchanged, dark on light."""
    images = np.full((20, 12, 10), 255, np.uint8)
    images[:, 2:9, 4] = np.arange(20)[:, None]
    np.savez(tmp_path / "own.npz", images=images, labels=np.arange(20) % 2, class_names=["even", "odd"])
    return tmp_path / "own.npz"


def test_what_a_file_holds_is_shown(aestudio: Callable[..., Any], own: Path) -> None:
    text = aestudio("datasets", "show", own).out
    assert "images of 12 × 10 (height × width)" in text
    assert "- Dark on light, so inverted." in text
    shown = aestudio("datasets", "show", own, "--json").json
    assert shown["image"] == [1, 12, 10]
    assert shown["class_names"] == ["even", "odd"]
    parts = shown["parts"].values()
    assert np.sum([part["classes"] for part in parts], axis=0).tolist() == [10, 10]
    assert {part["greatest"] for part in parts} <= set(range(236, 256))


def test_switches_change_how_it_is_read_and_conversion_writes_it(
    aestudio: Callable[..., Any], own: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.npz"
    aestudio("datasets", "convert", own, out, "--invert", "no", "--axes", "transposed")
    given = np.load(own)["images"].swapaxes(1, 2)
    with np.load(out) as written:
        assert written["class_names"].tolist() == ["even", "odd"]
        assert written["x_train"].dtype == np.uint8
        for name in ("train", "test"):
            images, labels = written[f"x_{name}"], written[f"y_{name}"]
            rows = images[:, 4, 2]
            np.testing.assert_array_equal(images, given[rows])
            np.testing.assert_array_equal(labels, rows % 2)
    again = load_dataset(str(out), reading=Reading(invert="no"))
    assert len(again.train) + len(again.test) == 20
    before = out.read_bytes()
    answer = aestudio("datasets", "convert", own, out)
    assert answer.code == 1
    assert "exists already" in answer.err
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show",), "Write: aestudio datasets show PATH"),
        (("shown", "x.npz"), "Allowed: show, convert"),
        (("show", "x.npz", "--axes", "up"), "--axes cannot be 'up'. Allowed: auto, first, last, transposed"),
        (("convert", "x.npz", "x.zip"), "a name that ends with .npz"),
    ],
)
def test_wrong_words_say_what_is_allowed(
    aestudio: Callable[..., Any], arguments: tuple[str, ...], sentence: str
) -> None:
    answer = aestudio("datasets", *arguments)
    assert answer.code == 2
    assert sentence in answer.err


def test_show_tells_what_was_decided_and_left_out(aestudio: Callable[..., Any], tmp_path: Path) -> None:
    for number, image in enumerate(255 - numbers(24, 28, 28)):
        part = tmp_path / "mine" / "ab"[number % 2]
        part.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(part / f"{number}.png")
    (tmp_path / "mine" / "a" / "cut.png").write_bytes(b"")
    content = aestudio("datasets", "show", tmp_path / "mine", "--json").json
    assert content["decided"]["inverted"] == content["files"] == 24
    assert content["left_out"] == [{"name": "a/cut.png", "why": "broken"}]
    assert sum(content["histogram"]) == content["parts"]["train"]["images"] * 784
    text = aestudio("datasets", "show", tmp_path / "mine", "--invert", "no").out
    assert "Left out: a/cut.png (broken)." in text
    assert "- Values from " in text


def test_train_takes_the_switches_and_keeps_them(aestudio: Callable[..., Any], tmp_path: Path) -> None:
    path, folder = tmp_path / "mine.npz", tmp_path / "run"
    np.savez(path, images=255 - numbers(24, 28, 28), labels=np.arange(24) % 3)
    settings = ("--epochs", "1", "--device", "cpu", "--set", "hidden=8", "--set", "latent_size=2")
    switches = ("--invert", "no", "--labels", "none")
    aestudio("train", "compress-ae", "--dataset", path, "--out", folder, *switches, *settings)
    dataset = KeptRun.at(folder).dataset()
    assert dataset.train.labels is None
    assert dataset.reading is not None
    assert dataset.reading.invert == "no"
    plain = load_dataset(str(path))
    np.testing.assert_array_equal(255 - plain.train.images, dataset.train.images)
    assert aestudio("train", "--resume", folder, "--invert", "yes").code == 2


def test_pages_are_shown_converted_and_trained_cut(aestudio: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in "ab":
        Image.fromarray(page("ruled", shadow=True)).save(folder / f"{name}.png")
    shown = aestudio("datasets", "show", folder, "--json").json
    assert (shown["decided"]["offered"], shown["decided"]["cut"]) == (2 * COUNT, 0)
    shown = aestudio("datasets", "show", folder, "--cut", "digits", "--json").json
    assert (shown["decided"]["cut"], shown["reading"]["cut"]) == (2 * COUNT, "digits")
    assert shown["image"] == [1, 28, 28]
    aestudio("datasets", "convert", folder, tmp_path / "out.npz", "--cut", "digits")
    with np.load(tmp_path / "out.npz") as written:
        assert len(written["x_train"]) + len(written["x_test"]) == 2 * COUNT
    settings = ("--epochs", "1", "--device", "cpu", "--set", "hidden=8", "--set", "latent_size=2")
    run = tmp_path / "run"
    aestudio("train", "compress-ae", "--dataset", folder, "--out", run, "--cut", "digits", *settings)
    kept = KeptRun.at(run)
    again = kept.dataset()
    assert not kept.difference(again)
    assert again.reading is not None
    assert (again.reading.cut, len(again.train) + len(again.test)) == ("digits", 2 * COUNT)
    cut = load_dataset(str(folder), reading=Reading(cut="digits"))
    np.testing.assert_array_equal(again.test.images, cut.test.images)


def test_evaluation_takes_the_files_as_they_are_now(aestudio: Callable[..., Any], tmp_path: Path) -> None:
    folder, run = tmp_path / "mine", tmp_path / "run"
    folder.mkdir()
    for number, image in enumerate(numbers(30, 28, 28)):
        Image.fromarray(image).save(folder / f"{number}.png")
    settings = ("--epochs", "1", "--device", "cpu", "--set", "hidden=8", "--set", "latent_size=2")
    aestudio("train", "compress-ae", "--dataset", folder, "--out", run, *settings)
    (folder / "3.png").unlink()
    refused = aestudio("evaluate", run)
    assert refused.code == 1
    assert "3.png is gone" in refused.err
    now = aestudio("evaluate", run, "--files", "now", "--json")
    assert now.json["test_mse_per_pixel"] > 0
    assert "Since the training: 3.png is gone." in now.err
    assert aestudio("evaluate", run, "--files", "new").code == 1
    assert aestudio("evaluate", run, "--files", "old").code == 2

"""A reopened run has the images that it was trained on, or reports why not."""

from __future__ import annotations

import gzip
import json
import shutil
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import aestudio
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs import run_dataset as run_digits
from aestudio.runs.branch import branch_run
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import FILE
from aestudio.runs.start import resume_run

if TYPE_CHECKING:
    from pathlib import Path

SMALL: dict[str, Any] = {"hidden": (8,), "latent_size": 2, "batch_size": 32, "device": "cpu", "epochs": 1}


def idx_pair(folder: Path, count: int = 70, names: tuple[str, str] = ("X_mine.gz", "y_mine.gz")) -> str:
    """Images and labels whose names are no pair, as Kannada-MNIST has them."""
    folder.mkdir(parents=True, exist_ok=True)
    images = np.random.default_rng(3).integers(0, 200, (count, 28, 28), np.uint8)
    images[:, 0] = 0
    labels = (np.arange(count) % 7).astype(np.uint8)
    parts = (
        struct.pack(">IIII", 0x803, *images.shape) + images.tobytes(),
        struct.pack(">II", 0x801, count) + labels.tobytes(),
    )
    for name, content in zip(names, parts, strict=True):
        (folder / name).write_bytes(gzip.compress(content, 1))
    return ",".join(str(folder / name) for name in names)


def assert_same(one: Dataset, other: Dataset) -> None:
    for part in ("train", "test"):
        mine, yours = getattr(one, part), getattr(other, part)
        np.testing.assert_array_equal(mine.images, yours.images)
        np.testing.assert_array_equal(mine.labels, yours.labels)
        assert mine.class_names == yours.class_names
        np.testing.assert_array_equal(mine.factors, yours.factors)
        assert mine.factor_names == yours.factor_names


@pytest.mark.parametrize("folder", ["plain", "with, commas,in it", " spaced "])
def test_an_idx_pair_of_other_names_is_restored_with_labels_and_split(tmp_path: Path, folder: str) -> None:
    pair = idx_pair(tmp_path / folder)
    run = aestudio.train("compress-ae", pair, **SMALL)
    again = aestudio.open_run(run.name)
    assert run.dataset.train.labels is not None
    assert_same(again.dataset, run.dataset)
    assert again.evaluate() == run.evaluate()


def test_a_pair_that_finds_itself_keeps_its_old_origin(tmp_path: Path) -> None:
    """Runs of earlier versions name the images only: they must stay the same data set."""
    both = idx_pair(tmp_path, names=("x-images-idx3-ubyte.gz", "x-labels-idx1-ubyte.gz"))
    images = both.partition(",")[0]
    assert load_dataset(both).origin == load_dataset(images).origin == images


def test_missing_labels_are_reported(tmp_path: Path) -> None:
    pair = idx_pair(tmp_path)
    (tmp_path / "y_mine.gz").unlink()
    with pytest.raises(StudioError, match="does not exist") as caught:
        load_dataset(pair)
    assert caught.value.where.endswith("y_mine.gz")


def test_arrays_are_kept_with_the_run(few_digits: Dataset, tmp_path: Path) -> None:
    mine = replace(few_digits, name="mine", title="My digits", notes=("Drawn by me.",))
    run = aestudio.train("vae", mine, **SMALL)
    saved = run.save(tmp_path / "elsewhere")
    shutil.rmtree(run.folder)
    again = aestudio.open_run(saved)
    assert_same(again.dataset, mine)
    assert (again.dataset.name, again.dataset.title, again.dataset.notes) == (
        "mine",
        "My digits",
        ("Drawn by me.",),
    )
    assert again.evaluate() == again.evaluate(mine)
    assert "My digits" in again.kept.describe()


def test_part_of_a_named_set_is_not_taken_for_the_whole(few_digits: Dataset) -> None:
    """Its name would lead to 70,000 other digits."""
    part = ImageSet(few_digits.train.images[:100].copy())
    run = aestudio.train("vae", replace(few_digits, name="builtin", train=part), **SMALL)
    assert len(aestudio.open_run(run.name).dataset.train) == 100


def test_arrays_without_labels(few_digits: Dataset) -> None:
    bare = Dataset("bare", "Bare", ImageSet(few_digits.train.images), ImageSet(few_digits.test.images))
    run = aestudio.train("vae", bare, **SMALL)
    assert_same(aestudio.open_run(run.name).dataset, bare)


def test_arrays_that_are_too_large_are_not_kept_and_reported(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_digits, "MOST_KEPT", 1000)
    with pytest.warns(UserWarning, match="more than the 0 MB that a run keeps"):
        run = aestudio.train("vae", replace(few_digits), **SMALL)
    again = aestudio.open_run(run.name)
    with pytest.raises(StudioError, match="not kept with it") as caught:
        _ = again.dataset
    assert "run.evaluate(dataset)" in caught.value.advice
    assert again.evaluate(few_digits) == run.evaluate()


def test_a_training_that_never_began_leaves_nothing(few_digits: Dataset) -> None:
    unlabelled = Dataset("u", "U", ImageSet(few_digits.train.images), ImageSet(few_digits.test.images))
    with pytest.raises(StudioError, match="needs labels"):
        aestudio.train("digit-classifier", unlabelled, epochs=1, device="cpu")
    assert list(runs_folder().iterdir()) == []


def test_a_branch_and_a_run_on_kept_images_keep_them_too(few_digits: Dataset, tmp_path: Path) -> None:
    longer: dict[str, Any] = {**SMALL, "epochs": 2}
    run = aestudio.train("vae", replace(few_digits), **longer)
    branch = branch_run(run.kept, run.kept.history_checkpoints()[2].step, {})
    other = aestudio.train("vae", str(run.folder / run_digits.FILE), **SMALL)
    shutil.rmtree(run.folder)
    assert_same(branch.dataset(), few_digits)
    assert_same(aestudio.open_run(other.name).dataset, few_digits)
    list(resume_run(branch, branch.dataset()))
    assert KeptRun.at(branch.folder).status == "finished"


@pytest.mark.parametrize("what", ["images", "labels"])
def test_changed_files_are_reported_instead_of_evaluated(tmp_path: Path, what: str) -> None:
    pair = idx_pair(tmp_path)
    run = aestudio.train("compress-ae", pair, **SMALL)
    path = tmp_path / ("X_mine.gz" if what == "images" else "y_mine.gz")
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-5], content[-4] = content[-4], content[-5] + 1 if what == "images" else content[-5]
    path.write_bytes(gzip.compress(bytes(content)))
    again = aestudio.open_run(run.name)
    with pytest.raises(StudioError, match=r"not the images that the run was trained on: .*(images|labels)"):
        again.evaluate()
    with pytest.raises(StudioError, match="not on these images"):
        list(resume_run(again.kept, load_dataset(pair), epochs=2))
    assert again.evaluate(load_dataset(pair))["images"] > 0  # chosen knowingly


def test_a_folder_that_was_moved_is_the_same_dataset(tmp_path: Path) -> None:
    pair = idx_pair(tmp_path / "before")
    run = aestudio.train("compress-ae", pair, **SMALL)
    (tmp_path / "before").rename(tmp_path / "after")
    moved = load_dataset(pair.replace("before", "after"))
    list(resume_run(run.kept, moved, epochs=2))
    assert aestudio.open_run(run.name).dataset.origin == moved.origin


def old_record(run: KeptRun, **changes: Any) -> KeptRun:
    """The run as an earlier version wrote it: without the digest of its images."""
    table = json.loads((run.folder / FILE).read_bytes())
    del table["data"]
    (run.folder / FILE).write_text(json.dumps(table | changes), "utf-8")
    (run.folder / "data.json").unlink(missing_ok=True)
    return KeptRun.at(run.folder)


def test_runs_of_earlier_versions_open(tmp_path: Path) -> None:
    pair = idx_pair(tmp_path)
    before = load_dataset(pair, reading=Reading(rules=1))
    run = old_record(aestudio.train("compress-ae", before, **SMALL).kept)
    assert run.dataset().train.labels is not None
    list(resume_run(run, before, epochs=2))
    # Its model was built for ten classes, as all models were, however many the images have.
    facts = replace(before.facts, shape=MNIST)
    assert KeptRun.at(run.folder).require_record().data == facts


def test_an_earlier_run_without_its_labels_reports_it(tmp_path: Path) -> None:
    """Its record names the images only, which are split otherwise without labels."""
    pair = idx_pair(tmp_path)
    run = old_record(aestudio.train("compress-ae", pair, **SMALL).kept, dataset=pair.partition(",")[0])
    with pytest.raises(StudioError, match=r"would be trained on instead of"):
        run.dataset()


def test_damaged_kept_images_are_reported(few_digits: Dataset) -> None:
    run = aestudio.train("vae", replace(few_digits), **SMALL)
    path = run.folder / run_digits.FILE
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StudioError, match="damaged") as caught:
        _ = aestudio.open_run(run.name).dataset
    assert caught.value.where == str(path)


def test_a_run_kept_before_runs_recorded_their_shape_gets_its_images_again(tmp_path: Path) -> None:
    """Its images were scaled to MNIST's shape, and those of the same file keep their size today."""
    images = np.random.default_rng(3).integers(0, 200, (70, 20, 31), np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(70) % 7)
    origin = str(tmp_path / "mine.npz")
    scaled = load_dataset(origin, image=MNIST.image)
    run = aestudio.train("compress-ae", scaled, **SMALL)
    record = run.folder / FILE
    table = json.loads(record.read_text(encoding="utf-8"))
    assert table["dataset"] == origin
    table["data"].pop("shape", None)
    record.write_text(json.dumps(table), encoding="utf-8")
    again = aestudio.open_run(run.name)
    assert again.dataset.facts == scaled.facts
    assert again.dataset.shape.image == MNIST.image
    assert again.evaluate() == run.evaluate()
    assert load_dataset(origin).shape.image.array == (1, 20, 31)

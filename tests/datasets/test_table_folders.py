"""Folders without pictures: arrays and tables of all kinds in them, and parts in files of their own."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from tests.datasets.own_forms import colours, numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset, ImageSet

COUNTS = {"train": 40, "test": 15, "val": 9}
IMAGES = {part: numbers(70, 12, 12)[::-1][:count] for part, count in COUNTS.items()}
IMAGES["test"], IMAGES["val"] = IMAGES["test"][:, ::-1], IMAGES["val"][:, :, ::-1]
LABELS = {part: np.arange(count) * 7 % 3 for part, count in COUNTS.items()}


def names_of(part: ImageSet) -> list[str]:
    assert part.labels is not None
    return [part.class_names[label] for label in part.labels]


def assert_parts(dataset: Dataset, validation: bool = True) -> None:
    """Every image of every part in its place, exactly as it was written, with its label."""
    for part, found in (("train", dataset.train), ("test", dataset.test), ("val", dataset.validation)):
        if part == "val" and not validation:
            continue
        assert found is not None, part
        np.testing.assert_array_equal(found.images[:, 0], IMAGES[part])
        assert names_of(found) == [str(label) for label in LABELS[part]]


def npz_files(folder: Path) -> list[Path]:
    paths = [folder / f"{part}.npz" for part in COUNTS]
    for path, part in zip(paths, COUNTS, strict=True):
        np.savez(path, images=IMAGES[part], labels=LABELS[part])
    return paths


def npy_files(folder: Path) -> list[Path]:
    paths: list[Path] = []
    for part in COUNTS:
        paths += [folder / f"X_{part}.npy", folder / f"y_{part}.npy"]
        np.save(paths[-2], IMAGES[part])
        np.save(paths[-1], LABELS[part])
    return paths


def csv_files(folder: Path) -> list[Path]:
    """As Kaggle has them: with a table of answers to be filled in."""
    paths: list[Path] = []
    for part in ("train", "test"):
        rows = np.column_stack([LABELS[part], IMAGES[part].reshape(COUNTS[part], -1)])
        header = ",".join(["label", *(f"pixel{number}" for number in range(144))])
        paths.append(folder / f"{part}.csv")
        np.savetxt(paths[-1], rows, "%d", ",", header=header, comments="")
    paths.append(folder / "sample_submission.csv")
    paths[-1].write_text("ImageId,Label\n1,0\n2,0\n")
    return paths


FORMS = {"npz": npz_files, "npy": npy_files, "csv": csv_files}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_folder_of_them(tmp_path: Path, form: str, wrapped: bool) -> None:
    inside = tmp_path / "digits" if wrapped else tmp_path
    inside.mkdir(exist_ok=True)
    FORMS[form](inside)
    assert_parts(load_dataset(str(tmp_path)), validation=form != "csv")


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_of_them(tmp_path: Path, form: str) -> None:
    """Files with the same names of arrays do not replace each other."""
    inside = tmp_path / "inside"
    inside.mkdir()
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        for path in FORMS[form](inside):
            archive.write(path, f"digits/{path.name}")
    dataset = load_dataset(str(tmp_path / "own.zip"))
    assert_parts(dataset, validation=form != "csv")
    if form == "csv":
        assert any(note.startswith("Left out: sample_submission.csv") for note in dataset.notes)


@pytest.mark.parametrize("form", FORMS)
def test_the_training_file_takes_the_others_beside_it(tmp_path: Path, form: str) -> None:
    first = FORMS[form](tmp_path)[0]
    dataset = load_dataset(str(first))
    assert_parts(dataset, validation=form != "csv")
    assert any("test part is" in note for note in dataset.notes)
    assert dataset.provenance is not None
    named = {file.name for file in dataset.provenance.files}
    expected = {"npz": 3, "npy": 6, "csv": 2}[form]
    assert len(named) == expected


@pytest.mark.parametrize("form", ["npz", "npy"])
def test_kept_runs_and_a_test_file_are_read_alone(tmp_path: Path, form: str) -> None:
    paths = FORMS[form](tmp_path)
    kept = load_dataset(str(paths[0]), reading=Reading(rules=5))
    assert len(kept.train) + len(kept.test) == COUNTS["train"]
    test = next(path for path in paths if "test" in path.name)
    assert len(load_dataset(str(test)).train) < COUNTS["test"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("X_TRAIN.npz", "X_TEST.npz"), ("Training set.npz", "Testing set.npz"), ("mnist-train-v2.npz",) * 2],
)
def test_spellings_of_parts(tmp_path: Path, first: str, second: str) -> None:
    np.savez(tmp_path / first, images=IMAGES["train"], labels=LABELS["train"])
    if second != first:
        np.savez(tmp_path / second, images=IMAGES["test"], labels=LABELS["test"])
    dataset = load_dataset(str(tmp_path / first))
    together = len(dataset.train) + len(dataset.test)
    assert together == COUNTS["train"] + (COUNTS["test"] if second != first else 0)


def test_a_file_that_has_its_parts_takes_none_beside_it(tmp_path: Path) -> None:
    whole = {f"x_{part}": IMAGES[part] for part in ("train", "test")}
    np.savez(tmp_path / "train.npz", **whole)
    np.savez(tmp_path / "test.npz", images=IMAGES["val"])
    dataset = load_dataset(str(tmp_path / "train.npz"))
    assert (len(dataset.train), len(dataset.test)) == (COUNTS["train"], COUNTS["test"])


def test_a_damaged_test_file_is_named(tmp_path: Path) -> None:
    paths = npz_files(tmp_path)
    paths[1].write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(StudioError) as caught:
        load_dataset(str(paths[0]))
    assert "test.npz" in caught.value.where


def _as_uint8(images: Any) -> Any:
    return images


def _as_booleans(images: Any) -> Any:
    return images > 100


def _as_fractions(images: Any) -> Any:
    return images.astype(np.float32) / 255


@pytest.mark.parametrize("change", [_as_uint8, _as_booleans, _as_fractions])
@pytest.mark.parametrize("classes", [True, False])
def test_a_picture_in_each_file(tmp_path: Path, change: Callable[[Any], Any], classes: bool) -> None:
    images = numbers(24, 20, 16)
    images[:, 5, 5] = 255  # so that each has the whole range
    for number, image in enumerate(images):
        folder = tmp_path / ("cat", "dog")[number % 2] if classes else tmp_path
        folder.mkdir(exist_ok=True)
        np.save(folder / f"{number}.npy", change(image))
    dataset = load_dataset(str(tmp_path), reading=Reading(invert="no"))
    expected = images if change is not _as_booleans else np.where(images > 100, 255, 0)
    places = {image.tobytes(): number for number, image in enumerate(expected.astype(np.uint8))}
    found: dict[int, str] = {}
    for part in (dataset.train, dataset.test):
        names = names_of(part) if classes else [""] * len(part)
        found |= {places[image[0].tobytes()]: name for image, name in zip(part.images, names, strict=True)}
    assert found == {number: ("cat", "dog")[number % 2] if classes else "" for number in range(24)}


@pytest.mark.parametrize("first", [True, False])
def test_a_picture_in_colour_in_each_file(tmp_path: Path, first: bool) -> None:
    """Equal to the same pictures as PNG."""
    for kind in ("npy", "png"):
        for number, image in enumerate(colours(10, 20, 16)):
            folder = tmp_path / kind / "ab"[number % 2]
            folder.mkdir(parents=True, exist_ok=True)
            if kind == "png":
                Image.fromarray(image).save(folder / f"{number}.png")
            else:
                np.save(folder / f"{number}.npy", np.moveaxis(image, 2, 0) if first else image)
    arrays, pictures = (load_dataset(str(tmp_path / kind)) for kind in ("npy", "png"))
    for one, other in ((arrays.train, pictures.train), (arrays.test, pictures.test)):
        np.testing.assert_array_equal(one.images, other.images)
        np.testing.assert_array_equal(one.labels, other.labels)


def test_a_broken_one_is_left_out_and_named(tmp_path: Path) -> None:
    for number, image in enumerate(numbers(30, 20, 16)):
        folder = tmp_path / "ab"[number % 2]
        folder.mkdir(exist_ok=True)
        np.save(folder / f"{number}.npy", image)
    whole = (tmp_path / "a" / "4.npy").read_bytes()
    (tmp_path / "a" / "4.npy").write_bytes(whole[:-20])
    dataset = load_dataset(str(tmp_path))
    assert len(dataset.train) + len(dataset.test) == 29
    assert dataset.provenance is not None
    assert [left.name for left in dataset.provenance.left_out] == ["a/4.npy"]


def arrays_of_classes(folder: Path) -> None:
    for name, images in (("cat", IMAGES["train"]), ("dog", IMAGES["test"])):
        (folder / name).mkdir()
        np.save(folder / name / "data.npy", images)


def array_for_each_picture(folder: Path) -> None:
    for number, image in enumerate(IMAGES["train"]):
        (folder / "ab"[number % 2]).mkdir(exist_ok=True)
        np.save(folder / "ab"[number % 2] / f"{number}.npy", image)


KINDS: dict[str, Any] = {**FORMS, "classes": arrays_of_classes, "one": array_for_each_picture}


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_finds_its_own_files_again(tmp_path: Path, kind: str) -> None:
    """Also beside pictures that came later; `files` are the names that the run recorded."""
    KINDS[kind](tmp_path)
    dataset = load_dataset(str(tmp_path))
    assert dataset.provenance is not None
    names = frozenset(file.name for file in dataset.provenance.files)
    for number in range(12):
        Image.fromarray(IMAGES["train"][number]).save(tmp_path / f"later {number}.png")
    again = load_dataset(str(tmp_path), reading=dataset.reading, files=names)
    assert again.facts.difference(dataset.facts) == ""


def test_a_run_on_few_pictures_finds_them_beside_arrays(tmp_path: Path) -> None:
    for number in range(6):
        Image.fromarray(IMAGES["train"][number]).save(tmp_path / f"{number}.png")
    dataset = load_dataset(str(tmp_path))
    np.savez(tmp_path / "later.npz", images=IMAGES["test"])
    names = frozenset(f"{number}.png" for number in range(6))
    again = load_dataset(str(tmp_path), reading=dataset.reading, files=names)
    assert again.facts.difference(dataset.facts) == ""

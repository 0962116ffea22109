"""Parts and classes by the names that people give to folders and files, against what was written."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.converted import write_converted
from aestudio.datasets.picture_parts import part_said
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet

    Written = list[tuple[bytes, str]]

TRAIN, TEST, VAL = numbers(60, 12, 12), numbers(60, 12, 12)[:24, ::-1], numbers(60, 12, 12)[:16, :, ::-1]


def found_in(part: ImageSet | None) -> Written:
    assert part is not None
    names = [""] * len(part) if part.labels is None else [part.class_names[label] for label in part.labels]
    return sorted((image[0].tobytes(), name) for image, name in zip(part.images, names, strict=True))


def written(images: NDArray[np.uint8], classes: list[str]) -> Written:
    return sorted((image.tobytes(), classes[number % len(classes)]) for number, image in enumerate(images))


def pictures(folder: Path, images: NDArray[np.uint8], classes: list[str]) -> None:
    for number, image in enumerate(images):
        place = folder / classes[number % len(classes)]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place / f"{number}.png")


def whole(dataset: Dataset) -> Written:
    return sorted(found_in(dataset.train) + found_in(dataset.test))


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("training_set", "test_set"),
        ("train_images", "test_images"),
        ("seg_train/seg_train", "seg_test/seg_test"),
        ("Train_data", "Test_data"),
        ("Trainset", "Testset"),
        ("01_train", "02_test"),
        ("trainingSet/trainingSet", "testSet/testSet"),
        ("alphabet_train", "alphabet_test"),
        ("TRAIN", "TEST"),
    ],
)
def test_folders_of_parts(tmp_path: Path, train: str, test: str) -> None:
    pictures(tmp_path / train, TRAIN, ["cat", "dog"])
    pictures(tmp_path / test, TEST, ["cat", "dog"])
    dataset = load_dataset(str(tmp_path))
    assert found_in(dataset.train) == written(TRAIN, ["cat", "dog"])
    assert found_in(dataset.test) == written(TEST, ["cat", "dog"])


@pytest.mark.parametrize("names", [["cats", "dogs"], ["train", "car", "boat"], ["left_train", "right_test"]])
def test_folders_of_classes_are_no_parts(tmp_path: Path, names: list[str]) -> None:
    pictures(tmp_path, TRAIN, names)
    dataset = load_dataset(str(tmp_path))
    assert whole(dataset) == written(TRAIN, names)


def test_kept_runs_read_such_folders_as_before(tmp_path: Path) -> None:
    pictures(tmp_path / "training_set", TRAIN, ["cat", "dog"])
    pictures(tmp_path / "test_set", TEST, ["cat", "dog"])
    assert load_dataset(str(tmp_path), reading=Reading(rules=5)).train.class_names == (
        "test_set",
        "training_set",
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("training_set", ("train", "")),
        ("ValidationImages", ("val", "")),
        ("seg_test", ("test", "seg")),
        ("train_and_test", ("", "and")),
        ("cats", ("", "cats")),
        ("trainer", ("", "trainer")),
    ],
)
def test_what_a_name_says(name: str, said: tuple[str, str]) -> None:
    assert part_said(name) == said


def test_classes_that_only_the_test_part_has_are_named(tmp_path: Path) -> None:
    pictures(tmp_path / "train", TRAIN, ["cat", "dog"])
    pictures(tmp_path / "test", TEST, ["images"])
    notes = load_dataset(str(tmp_path)).notes
    assert "The test part has classes that no training image has: images." in notes


def test_classes_that_are_equal_as_numbers_have_one_order(tmp_path: Path) -> None:
    """It followed from how Python hashes texts, which differs between two processes."""
    pictures(tmp_path, TRAIN, ["1", "01", "001"])
    code = "import sys; from aestudio.datasets.catalogue import load_dataset as load; "
    code += "print(load(sys.argv[1]).train.class_names)"
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert found == {b"('001', '01', '1')\n"}


def test_the_validation_part_of_an_array_for_each_class(tmp_path: Path) -> None:
    arrays = {
        f"{part}_{name}": images[number::2]
        for part, images in (("train", TRAIN), ("val", VAL), ("test", TEST))
        for number, name in enumerate(("cat", "dog"))
    }
    np.savez(tmp_path / "own.npz", **arrays)
    dataset = load_dataset(str(tmp_path / "own.npz"))
    for part, images in ((dataset.train, TRAIN), (dataset.test, TEST), (dataset.validation, VAL)):
        assert found_in(part) == written(images, ["cat", "dog"])
    assert "The validation part (16 images) is neither trained nor tested on." in dataset.notes


def test_arrays_with_and_without_the_word_for_the_part(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", seven=TRAIN[:30], nine=TRAIN[30:], seven_test=TEST[:9], nine_test=TEST[9:])
    dataset = load_dataset(str(tmp_path / "own.npz"))
    assert (len(dataset.train), len(dataset.test), dataset.train.class_names) == (60, 24, ("nine", "seven"))


@pytest.mark.parametrize("labels", [True, False])
def test_pieces_of_one_array_are_refused(tmp_path: Path, labels: bool) -> None:
    for number in range(3):
        np.save(tmp_path / f"chunk{number}.npy", TRAIN[number * 20 : number * 20 + 20])
    if labels:
        np.save(tmp_path / "labels.npy", np.arange(60) % 3)
    with pytest.raises(StudioError, match="3 arrays of images"):
        load_dataset(str(tmp_path))


def test_images_without_labels_beside_those_that_have_them_are_no_test_part(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", clean=TRAIN, noisy=255 - TRAIN, answers=np.arange(60) % 3)
    dataset = load_dataset(str(tmp_path / "own.npz"))
    assert whole(dataset) == written(TRAIN, ["0", "1", "2"])
    assert "Not used: noisy." in dataset.notes


def test_a_class_that_is_called_train(tmp_path: Path) -> None:
    for number, name in enumerate(("train", "car", "boat")):
        np.save(tmp_path / f"{name}.npy", TRAIN[number * 20 : number * 20 + 20])
    assert load_dataset(str(tmp_path)).train.class_names == ("boat", "car", "train")


def test_a_table_for_each_class(tmp_path: Path) -> None:
    for number in range(10):
        images = TRAIN[:55][number::10]
        np.savetxt(tmp_path / f"{number}.csv", images.reshape(len(images), -1), "%d", ",")
    assert whole(load_dataset(str(tmp_path))) == written(TRAIN[:55], list("0123456789"))


def test_numbered_stacks_in_folders_of_classes(tmp_path: Path) -> None:
    for number in range(6):
        folder = tmp_path / ("cat", "dog")[number % 2]
        folder.mkdir(exist_ok=True)
        np.save(folder / f"{number}.npy", TRAIN[number * 10 : number * 10 + 10])
    dataset = load_dataset(str(tmp_path))
    expected = [(TRAIN[number].tobytes(), ("cat", "dog")[number // 10 % 2]) for number in range(60)]
    assert whole(dataset) == sorted(expected)


def test_labels_in_tables_of_their_own(tmp_path: Path) -> None:
    for part, images in (("train", TRAIN), ("test", TEST)):
        np.savetxt(tmp_path / f"X_{part}.csv", images.reshape(len(images), -1), "%d", ",")
        lines = ["label", *(str(number % 3) for number in range(len(images)))]
        (tmp_path / f"y_{part}.csv").write_text("\n".join(lines))
    dataset = load_dataset(str(tmp_path))
    assert found_in(dataset.train) == written(TRAIN, ["0", "1", "2"])
    assert found_in(dataset.test) == written(TEST, ["0", "1", "2"])


def test_the_validation_table_beside_the_training_table(tmp_path: Path) -> None:
    for part, images in (("train", TRAIN), ("test", TEST), ("val", VAL)):
        rows = np.column_stack([np.arange(len(images)) % 3, images.reshape(len(images), -1)])
        np.savetxt(tmp_path / f"{part}.csv", rows, "%d", ",")
    dataset = load_dataset(str(tmp_path / "train.csv"))
    for part, images in ((dataset.train, TRAIN), (dataset.test, TEST), (dataset.validation, VAL)):
        assert found_in(part) == written(images, ["0", "1", "2"])


def test_emnist_as_a_table_is_turned_upright(tmp_path: Path) -> None:
    for part, images in (("train", TRAIN), ("test", TEST)):
        flat = images.transpose(0, 2, 1).reshape(len(images), -1)
        rows = np.column_stack([np.arange(len(images)) % 3, flat])
        np.savetxt(tmp_path / f"emnist-digits-{part}.csv", rows, "%d", ",")
    dataset = load_dataset(str(tmp_path / "emnist-digits-train.csv"))
    assert found_in(dataset.train) == written(TRAIN, ["0", "1", "2"])
    assert found_in(dataset.test) == written(TEST, ["0", "1", "2"])


def test_a_few_pictures_beside_arrays_are_figures_of_them(tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", images=TRAIN, labels=np.arange(60) % 3)
    pictures(tmp_path / "figs", TEST[:3], ["plots"])
    dataset = load_dataset(str(tmp_path))
    assert whole(dataset) == written(TRAIN, ["0", "1", "2"])
    assert "Left out: 0.png and 2 more, too few pictures for a set." in dataset.notes


def test_arrays_beside_many_pictures_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "codes.npz", z=np.zeros((60, 2)))
    pictures(tmp_path / "digits", TRAIN, ["a", "b"])
    dataset = load_dataset(str(tmp_path))
    assert whole(dataset) == written(TRAIN, ["a", "b"])
    assert "Not read: codes.npz, beside the pictures." in dataset.notes


def test_labels_that_name_no_picture_are_named(tmp_path: Path) -> None:
    pictures(tmp_path, TRAIN, ["img"])
    lines = ["file,label", *(f"other{number}.png,n{number % 3}" for number in range(60))]
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    note = "labels.csv names none of the pictures, so that its labels are not used."
    assert note in load_dataset(str(tmp_path)).notes


def test_attributes_are_converted(tmp_path: Path) -> None:
    values = np.arange(180).reshape(60, 3) * 7 % 5 > 2
    values[0] = True  # several in one row: no classes
    np.savez(tmp_path / "own.npz", images=TRAIN, labels=values.astype(np.int64))
    dataset = load_dataset(str(tmp_path / "own.npz"), reading=Reading(labels="attributes"))
    write_converted(tmp_path / "out.npz", dataset)
    known = {image.tobytes(): row for image, row in zip(TRAIN, values, strict=True)}
    with np.load(tmp_path / "out.npz") as file:
        for part in ("train", "test"):
            expected = [known[image.tobytes()] for image in file[f"x_{part}"]]
            np.testing.assert_array_equal(file[f"attributes_{part}"], np.array(expected, np.float32))
        assert file["attribute_names"].tolist() == ["label 1", "label 2", "label 3"]

"""Arrays under any usual names and in any usual form: pixels and labels against numpy's own reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.labels import NO_LABEL
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset, ImageSet

COUNT = 40
IMAGES = numbers(COUNT, 12, 12)
IMAGES[0, 5, 5] = 255
CLASSES = np.arange(COUNT) * 7 % 11
TESTED = numbers(9, 12, 12)[:, ::-1]
TEST_CLASSES = np.arange(9) % 11
BY_CONTENT = {image.tobytes(): number for number, image in enumerate(IMAGES)}


def saved(path: Path, **arrays: Any) -> str:
    np.savez(path / "own.npz", **arrays)
    return str(path / "own.npz")


def names_of(part: ImageSet) -> list[str]:
    assert part.labels is not None
    return [part.class_names[label] for label in part.labels]


def assert_all_read(dataset: Dataset, classes: Any = CLASSES) -> None:
    """Each image exactly once and exactly as it is, with the name of its class."""
    found: dict[int, str | None] = {}
    for part in (dataset.train, dataset.test):
        names = [None] * len(part) if part.labels is None else names_of(part)
        for image, name in zip(part.images, names, strict=True):
            found[BY_CONTENT[image[0].tobytes()]] = name
    expected = [None] * COUNT if classes is None else [str(label) for label in classes]
    assert [found[number] for number in range(COUNT)] == expected


@pytest.mark.parametrize(
    "images", ["x", "X", "images", "IMAGES", "Imgs", "Data", "DATA", "features", "arr_0", "my_pictures"]
)
@pytest.mark.parametrize("labels", ["y", "Y", "labels", "LABELS", "Targets", "target", "classes"])
def test_usual_names(tmp_path: Path, images: str, labels: str) -> None:
    assert_all_read(load_dataset(saved(tmp_path, **{images: IMAGES, labels: CLASSES})))


@pytest.mark.parametrize("prefix", ["arr_", "batch_", "images_", "shard"])
def test_the_pieces_of_one_array_are_refused_and_not_guessed(tmp_path: Path, prefix: str) -> None:
    """Their numbers are no classes, and the first two are no training and test part."""
    arrays = {f"{prefix}{digit}": IMAGES[digit * 4 : digit * 4 + 4] for digit in range(10)}
    if prefix == "images_":  # the first of them is taken, and the others are named
        assert any(
            note.startswith("Not used: images_1") for note in load_dataset(saved(tmp_path, **arrays)).notes
        )
        return
    with pytest.raises(StudioError, match="10 arrays of images") as caught:
        load_dataset(saved(tmp_path, **arrays))
    assert "numpy.repeat" in caught.value.advice
    kept = load_dataset(saved(tmp_path, **arrays), reading=Reading(rules=4))
    assert len(kept.train) == len(kept.test) == 4, "a kept run is read as it was"


def test_two_arrays_by_number_are_two_parts(tmp_path: Path) -> None:
    dataset = load_dataset(saved(tmp_path, arr_0=IMAGES, arr_1=TESTED))
    assert (len(dataset.train), len(dataset.test)) == (COUNT, len(TESTED))


@pytest.mark.parametrize("names", [("arr_0", "arr_1"), ("pictures", "answers"), ("b", "a")])
def test_without_usual_names_the_shapes_decide(tmp_path: Path, names: tuple[str, str]) -> None:
    dataset = load_dataset(saved(tmp_path, **dict(zip(names, (IMAGES, CLASSES), strict=True))))
    assert_all_read(dataset)
    assert any(note.startswith("Taken by their shapes") for note in dataset.notes)


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("X_TRAIN", "Y_TRAIN", "X_TEST", "Y_TEST"),
        ("Train_Images", "Train_Labels", "Val_Images", "Val_Labels"),
        ("Xtrain", "ytrain", "Xtest", "ytest"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("trainImages", "trainLabels", "testImages", "testLabels"),
        ("images_train", "labels_train", "images_test", "labels_test"),
        ("train_x", "train_y", "test_x", "test_y"),
        ("train_set_x", "train_set_y", "test_set_x", "test_set_y"),
        ("x_train", "y_train", "x_val", "y_val"),
        ("train_data", "train_labels", "valid_data", "valid_labels"),
        ("arr_0", "arr_1", "arr_2", "arr_3"),
        ("arr_0", "arr_2", "arr_1", "arr_3"),
    ],
)
def test_names_of_two_parts(tmp_path: Path, names: tuple[str, ...]) -> None:
    arrays = dict(zip(names, (IMAGES, CLASSES, TESTED, TEST_CLASSES), strict=True))
    dataset = load_dataset(saved(tmp_path, **{name: arrays[name] for name in sorted(arrays)}))
    for part, images, classes in ((dataset.train, IMAGES, CLASSES), (dataset.test, TESTED, TEST_CLASSES)):
        np.testing.assert_array_equal(part.images[:, 0], images)
        assert names_of(part) == [str(label) for label in classes]


def test_a_part_without_labels_leaves_the_other_its_own(tmp_path: Path) -> None:
    dataset = load_dataset(saved(tmp_path, x_train=IMAGES, y_train=CLASSES, x_test=TESTED))
    assert names_of(dataset.train) == [str(label) for label in CLASSES]
    assert dataset.test.labels is None
    assert "The test part has no labels." in dataset.notes


LABEL_FORMS = {
    "one column": CLASSES[:, None],
    "a row, as MATLAB has it": CLASSES[None],
    "one-hot": np.eye(11)[CLASSES],
    "floats": CLASSES.astype(np.float32),
    "texts": CLASSES.astype(str),
    "bytes": CLASSES.astype("S2"),
}


@pytest.mark.parametrize("form", LABEL_FORMS)
def test_every_form_of_labels_in_natural_order(tmp_path: Path, form: str) -> None:
    dataset = load_dataset(saved(tmp_path, images=IMAGES, labels=LABEL_FORMS[form]))
    assert_all_read(dataset)
    assert dataset.train.class_names == tuple(str(number) for number in range(11))  # 2 before 10


@pytest.mark.parametrize(
    "labels", [np.where(CLASSES == 4, -1, CLASSES), np.where(CLASSES == 4, np.nan, CLASSES)]
)
def test_missing_labels_are_a_class_of_their_own(tmp_path: Path, labels: Any) -> None:
    dataset = load_dataset(saved(tmp_path, images=IMAGES, labels=labels))
    assert_all_read(dataset, [NO_LABEL if label == 4 else str(label) for label in CLASSES])
    assert dataset.train.class_names[-1] == NO_LABEL
    assert any(note.startswith(f"{(CLASSES == 4).sum()} of them have no label") for note in dataset.notes)


def test_minus_one_and_one_are_two_classes(tmp_path: Path) -> None:
    signs = np.where(CLASSES > 5, 1, -1)
    assert_all_read(load_dataset(saved(tmp_path, images=IMAGES, labels=signs)), signs)


def test_class_names_in_the_file(tmp_path: Path) -> None:
    names = np.array([f"digit {number}" for number in range(11)])
    dataset = load_dataset(saved(tmp_path, images=IMAGES, labels=CLASSES, class_names=names))
    assert_all_read(dataset, names[CLASSES])


SEVERAL = np.stack([CLASSES > 5, CLASSES % 2 == 0, np.ones(COUNT, bool)], axis=1).astype(np.uint8)


def test_several_labels_an_image_are_offered_and_not_guessed(tmp_path: Path) -> None:
    path = saved(tmp_path, images=IMAGES, labels=SEVERAL)
    dataset = load_dataset(path)
    assert_all_read(dataset, None)
    assert any("3 labels an image, which are left out" in note for note in dataset.notes)
    assert_all_read(load_dataset(path, reading=Reading(labels="first")), SEVERAL.argmax(axis=1))
    attributes = load_dataset(path, reading=Reading(labels="attributes"))
    for part in (attributes.train, attributes.test):
        rows = [BY_CONTENT[image[0].tobytes()] for image in part.images]
        assert part.factors is not None
        np.testing.assert_array_equal(part.factors, SEVERAL[rows])


AXES = {
    "(N, H, W, 1)": IMAGES[..., None],
    "(N, 1, H, W)": IMAGES[:, None],
    "(N, H * W)": IMAGES.reshape(COUNT, -1),
    "(H, W, N)": np.moveaxis(IMAGES, 0, -1),
    "(H, W, 1, N)": np.moveaxis(IMAGES, 0, -1)[:, :, None],
    "(H * W, N)": IMAGES.reshape(COUNT, -1).T,
    "Fortran order": np.asfortranarray(IMAGES),
}


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("form", AXES)
def test_every_order_of_axes(tmp_path: Path, form: str, labelled: bool) -> None:
    arrays = {"labels": CLASSES} if labelled else {}
    dataset = load_dataset(saved(tmp_path, images=AXES[form], **arrays))
    assert_all_read(dataset, CLASSES if labelled else None)


def test_exchanged_axes_when_asked(tmp_path: Path) -> None:
    path = saved(tmp_path, images=IMAGES.swapaxes(1, 2), labels=CLASSES)
    assert_all_read(load_dataset(path, reading=Reading(axes="transposed")))


def test_rows_of_the_frey_face_are_28_by_20(tmp_path: Path) -> None:
    faces = numbers(COUNT, 28, 20)
    for flat in (faces.reshape(COUNT, -1), faces.reshape(COUNT, -1).T):
        dataset = load_dataset(saved(tmp_path, ff=flat))
        both = np.concatenate([dataset.train.images, dataset.test.images])[:, 0]
        assert {image.tobytes() for image in both} == {image.tobytes() for image in faces}


RANGES = {
    "0 to 1": IMAGES / 255,
    "0 to 1, float16": (IMAGES / 255).astype(np.float16),
    "truth values": IMAGES > 127,
    "0 to 100": IMAGES / 2.55,
    "0 to 255, floats": IMAGES.astype(np.float64),
    "0 to 1020": IMAGES.astype(np.uint16) * 4,
    "0 to 4080": IMAGES.astype(np.int32) * 16,
    "0 to 4095": np.rint(IMAGES * (4095 / 255)).astype(np.uint16),
    "0 to 65535": IMAGES.astype(np.uint16) * 257,
    "-1 to 1": IMAGES / 127.5 - 1,
    "-128 to 127": (IMAGES.astype(np.int16) - 128).astype(np.int8),
    "standardised": (IMAGES - IMAGES.mean()) / IMAGES.std(),
    "mean subtracted": IMAGES / 255 - 0.13,
}


@pytest.mark.parametrize("form", RANGES)
def test_every_range_of_values(tmp_path: Path, form: str) -> None:
    dataset = load_dataset(saved(tmp_path, x_train=RANGES[form], x_test=RANGES[form][:5]))
    expected = np.where(IMAGES > 127, 255, 0) if form == "truth values" else IMAGES
    np.testing.assert_array_equal(dataset.train.images[:, 0], expected)
    np.testing.assert_array_equal(dataset.test.images[:, 0], expected[:5])


def test_a_mixture_of_dark_and_light_paper_is_inverted_image_by_image(tmp_path: Path) -> None:
    mixed = IMAGES.copy()
    mixed[::3] = 255 - mixed[::3]
    assert_all_read(load_dataset(saved(tmp_path, images=mixed)), None)


@pytest.mark.parametrize(("choice", "inverted"), [("no", False), ("yes", True)])
def test_inversion_as_chosen(tmp_path: Path, choice: Any, inverted: bool) -> None:
    dataset = load_dataset(saved(tmp_path, x_train=IMAGES, x_test=IMAGES), reading=Reading(invert=choice))
    np.testing.assert_array_equal(dataset.test.images[:, 0], 255 - IMAGES if inverted else IMAGES)

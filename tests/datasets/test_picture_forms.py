"""Folders, archives and kinds of pictures: pixels and labels against Pillow's own reading."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, features

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet

IMAGES = numbers(24, 12, 12)
IMAGES[:, 5, 5] = 255
CLASSES = [("zero", "one", "two")[number % 3] for number in range(24)]
NUMBER_OF = {image.tobytes(): number for number, image in enumerate(IMAGES)}


def write(folder: Path, names: Sequence[str], images: NDArray[Any] = IMAGES) -> Path:
    """Each image under its name below the folder."""
    for name, image in zip(names, images, strict=False):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    return folder


def found(part: ImageSet) -> dict[int, str]:
    names = [""] * len(part) if part.labels is None else [part.class_names[label] for label in part.labels]
    return {NUMBER_OF[image[0].tobytes()]: name for image, name in zip(part.images, names, strict=True)}


def assert_whole(dataset: Dataset, classes: Sequence[str] = CLASSES) -> None:
    assert len(dataset.train) + len(dataset.test) == 24
    assert found(dataset.train) | found(dataset.test) == dict(enumerate(classes))


@pytest.mark.parametrize("first", ["train", "Train", "TRAINING"])
@pytest.mark.parametrize("second", ["test", "Testing", "val", "valid", "Validation"])
@pytest.mark.parametrize("wrapping", ["", "archive/", "archive/digits/"])
def test_two_parts_in_any_case(tmp_path: Path, first: str, second: str, wrapping: str) -> None:
    parts = [first] * 20 + [second] * 4
    names = [f"{wrapping}{part}/{CLASSES[index]}/{index}.png" for index, part in enumerate(parts)]
    dataset = load_dataset(str(write(tmp_path, names)))
    assert found(dataset.train) == dict(enumerate(CLASSES[:20]))
    assert found(dataset.test) == dict(list(enumerate(CLASSES))[20:])
    assert ("The validation part is taken for testing." in dataset.notes) == second.lower().startswith("val")


LAYOUTS = {
    "classes": [f"{name}/{index}.png" for index, name in enumerate(CLASSES)],
    "wrapped": [f"a/b/{name}/{index}.png" for index, name in enumerate(CLASSES)],
    "a training part only": [f"train/{name}/{index}.png" for index, name in enumerate(CLASSES)],
    "deeper": [f"{name}/by me/{index}.png" for index, name in enumerate(CLASSES)],
    "names of files": [f"{name}_{index}.png" for index, name in enumerate(CLASSES)],
}


@pytest.mark.parametrize("form", ["folder", "zip", "tar", "tar.gz"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_classes_by_folders_and_names(tmp_path: Path, layout: str, form: str) -> None:
    folder = write(tmp_path / "own", LAYOUTS[layout])
    for hidden in (".ipynb_checkpoints", "__MACOSX", ".git"):
        write(folder / hidden, ["x.png"], numbers(1, 12, 12))
        write(folder / LAYOUTS[layout][0].rpartition("/")[0] / hidden, ["y.png"], numbers(1, 12, 12))
    assert_whole(load_dataset(str(packed(folder, form))))


def packed(folder: Path, form: str) -> Path:
    """The folder, or an archive of it."""
    if form == "folder":
        return folder
    path = folder.with_name(f"own.{form}")
    if form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in folder.rglob("*"):
                archive.write(file, file.relative_to(folder))
    else:
        with tarfile.open(path, "w:gz" if form == "tar.gz" else "w") as archive:
            archive.add(folder, folder.name)
    return path


def test_a_folder_and_its_archive_are_split_alike(tmp_path: Path) -> None:
    folder = write(tmp_path / "own", LAYOUTS["classes"])
    one, other = load_dataset(str(folder)), load_dataset(str(packed(folder, "zip")))
    np.testing.assert_array_equal(one.test.images, other.test.images)
    np.testing.assert_array_equal(one.train.labels, other.train.labels)


def test_names_that_are_numbered_only_are_no_classes(tmp_path: Path) -> None:
    dataset = load_dataset(str(write(tmp_path, [f"img_{index:04}.png" for index in range(24)])))
    assert_whole(dataset, [""] * 24)


def test_ten_more_pictures_move_none_into_the_test_part(tmp_path: Path) -> None:
    folder = write(tmp_path, LAYOUTS["classes"][10:], IMAGES[10:])
    before = set(found(load_dataset(str(folder)).train))
    after = load_dataset(str(write(tmp_path, LAYOUTS["classes"][:10])))
    assert_whole(after)
    assert before <= set(found(after.train))


@pytest.mark.parametrize("broken", [1, 5])
def test_a_few_broken_pictures_are_left_out_and_named(tmp_path: Path, broken: int) -> None:
    folder = write(tmp_path, LAYOUTS["classes"])
    for number in range(broken):
        (folder / "one" / f"broken {number}.png").write_bytes(b"" if number % 2 else b"\x89PNG nothing")
    dataset = load_dataset(str(folder))
    assert_whole(dataset)
    notes = [note for note in dataset.notes if "left out: broken" in note]
    assert len(notes) == 1
    assert all(f"broken {number}.png" in notes[0] for number in range(broken))


def test_many_broken_pictures_are_asked_about(tmp_path: Path) -> None:
    folder = write(tmp_path, LAYOUTS["classes"])
    for number in range(9):
        (folder / "one" / f"broken {number}.png").write_bytes(b"")
    with pytest.raises(StudioError, match=r"9 of 33 pictures cannot be read.*broken 0\.png") as caught:
        load_dataset(str(folder))
    assert "--broken any" in caught.value.advice
    dataset = load_dataset(str(folder), reading=Reading(broken="any"))
    assert_whole(dataset)
    assert dataset.provenance is not None
    assert [file.name for file in dataset.provenance.left_out] == [f"one/broken {at}.png" for at in range(9)]


def test_without_a_picture_that_can_be_read_the_first_is_named(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.png").write_bytes(b"")
    with pytest.raises(StudioError, match=r"This image cannot be read.*a\.png"):
        load_dataset(str(tmp_path), reading=Reading(broken="any"))


def deep(images: NDArray[Any], form: str) -> NDArray[Any]:
    scale = {"float": 1 / 255, "10 bits": 4, "12 bits": 16, "16 bits": 257}[form]
    return (images * np.float64(scale)).astype(np.float32 if form == "float" else np.uint16)


@pytest.mark.parametrize("form", ["float", "10 bits", "12 bits", "16 bits"])
def test_pictures_of_more_than_eight_bits_keep_their_brightness(tmp_path: Path, form: str) -> None:
    suffix = "tif" if form == "float" else "png"
    names = [f"{name}/{index}.{suffix}" for index, name in enumerate(CLASSES)]
    dataset = load_dataset(str(write(tmp_path, names, deep(IMAGES, form))))
    assert_whole(dataset)
    assert any(note.startswith("Values from 0 to ") for note in dataset.notes)


@pytest.mark.parametrize("suffix", ["tif", "gif", "webp"])
@pytest.mark.parametrize("alone", [True, False])
def test_every_page_is_an_image(tmp_path: Path, suffix: str, alone: bool) -> None:
    first, *others = (Image.fromarray(image) for image in IMAGES)
    options: dict[str, Any] = {"lossless": True} if suffix == "webp" else {}
    path = tmp_path / f"all.{suffix}"
    first.save(path, save_all=True, append_images=others, **options)
    if not alone or suffix == "webp":
        path = tmp_path
    assert_whole(load_dataset(str(path)), [""] * 24)


def test_the_first_pages_only_when_asked(tmp_path: Path) -> None:
    for start in (0, 12):
        first, *others = (Image.fromarray(image) for image in IMAGES[start : start + 12])
        first.save(tmp_path / f"{start}.tif", save_all=True, append_images=others)
    dataset = load_dataset(str(tmp_path), reading=Reading(frames="first"))
    assert set(found(dataset.train) | found(dataset.test)) == {0, 12}


@pytest.mark.parametrize("suffix", ["png", "pgm", "bmp", "dib", "tga", "pcx", "jp2", "j2k", "tif", "gif"])
def test_every_kind_without_loss(tmp_path: Path, suffix: str) -> None:
    names = [f"{name}/{index}.{suffix}" for index, name in enumerate(CLASSES)]
    assert_whole(load_dataset(str(write(tmp_path, names))))


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "jfif", "jpe"])
def test_every_kind_with_loss_is_as_pillow_unpacks_it(tmp_path: Path, suffix: str) -> None:
    names = [f"{name}/{index}.{suffix}" for index, name in enumerate(CLASSES)]
    folder = write(tmp_path, names)
    unpacked = {
        np.asarray(Image.open(folder / name).convert("L")).tobytes(): name.split("/")[0] for name in names
    }
    dataset = load_dataset(str(folder), reading=Reading(invert="no"))
    assert len(dataset.train) + len(dataset.test) == 24
    for part in (dataset.train, dataset.test):
        assert part.labels is not None
        for image, label in zip(part.images, part.labels, strict=True):
            assert unpacked[image[0].tobytes()] == part.class_names[label]


def test_avif_is_read_where_pillow_has_it(tmp_path: Path) -> None:
    if not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    for number, level in enumerate((40, 120, 200)):
        Image.new("L", (16, 16), level).save(tmp_path / f"{number}.avif", quality=100)
    dataset = load_dataset(str(tmp_path), reading=Reading(invert="no", colour=False))
    images = np.concatenate([dataset.train.images, dataset.test.images])
    assert np.abs(np.sort(images.mean(axis=(1, 2, 3))) - [40, 120, 200]).max() < 3


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "own", LAYOUTS["classes"])
    (folder / "again").symlink_to(folder / "one", target_is_directory=True)
    (folder / "one" / "up").symlink_to(folder, target_is_directory=True)
    outside = write(tmp_path / "elsewhere", ["x.png"], numbers(1, 12, 12) // 2)
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    dataset = load_dataset(str(folder), reading=Reading(invert="no"))
    assert len(dataset.train) + len(dataset.test) == 25
    assert "linked" in dataset.train.class_names
    assert "again" not in dataset.train.class_names


def test_the_same_picture_of_two_kinds_is_on_one_side(tmp_path: Path) -> None:
    write(tmp_path, [f"{index}.png" for index in range(24)])
    write(tmp_path, [f"{index}.bmp" for index in range(24)])
    dataset = load_dataset(str(tmp_path))
    assert not set(found(dataset.train)) & set(found(dataset.test))


@pytest.mark.parametrize("form", ["encrypted", "cut off", "no pictures", "a path that leads out"])
def test_archives_that_are_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / "own.zip"
    with zipfile.ZipFile(path, "w") as archive:
        if form in ("no pictures", "a path that leads out"):
            archive.writestr("readme.txt" if form == "no pictures" else "../../a.png", b"nothing")
        else:
            archive.write(write(tmp_path, ["0.png"]) / "0.png", "0.png")
    content = bytearray(path.read_bytes())
    if form == "encrypted":
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(mark) + place] |= 1
    path.write_bytes(content[:40] if form == "cut off" else content)
    sentence = {"encrypted": "encrypted", "cut off": "damaged or cut off"}.get(
        form, "no images in this archive"
    )
    with pytest.raises(StudioError, match=sentence) as caught:
        load_dataset(str(path))
    assert caught.value.advice

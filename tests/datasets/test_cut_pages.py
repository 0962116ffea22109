"""Pages among a user's pictures: offered to be cut, cut when asked, and read the same again."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import ImageShape
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers
from tests.datasets.pages.page_of_digits import COUNT, expected, page

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

CUT = Reading(cut="digits")


def in_order(dataset: Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images, file and number in the file of all images, in the order of reading."""
    found = dataset.provenance
    assert found is not None
    assert found.file_of is not None
    images = np.empty((len(found.row_of), *dataset.shape.image.array), np.uint8)
    images[found.train], images[found.test] = dataset.train.images, dataset.test.images
    return images[:, 0], found.file_of, found.row_of


def nearest(images: np.ndarray) -> list[int]:
    drawn = expected().astype(float)
    return np.abs(images[:, None] - drawn).mean(axis=(2, 3)).argmin(axis=1).tolist()


def test_a_picture_alone_is_a_page(tmp_path: Path) -> None:
    Image.fromarray(page("boxes", shadow=True)).save(tmp_path / "scan.jpg", quality=95)
    for path in (tmp_path / "scan.jpg", tmp_path):
        dataset = load_dataset(str(path))
        images, _, row_of = in_order(dataset)
        assert nearest(images) == list(range(COUNT)) == row_of.tolist()
        assert dataset.provenance is not None
        decided = dataset.provenance.decided
        assert (decided.cut, decided.inverted, decided.offered) == (COUNT, COUNT, 0)
        assert any("Shadows on the paper are evened out" in note for note in dataset.notes)
    with pytest.raises(StudioError, match="only 1 image"):
        load_dataset(str(tmp_path / "scan.jpg"), reading=Reading(cut="no"))


@pytest.mark.parametrize("zipped", [False, True])
def test_pages_in_folders_give_their_digits_the_class_of_the_folder(tmp_path: Path, zipped: bool) -> None:
    for name, dark in (("a", True), ("b", False)):
        (tmp_path / "pages" / name).mkdir(parents=True)
        Image.fromarray(page("table", dark=dark)).save(tmp_path / "pages" / name / "one.png")
    path = tmp_path / "pages"
    if zipped:
        path = tmp_path / "pages.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted((tmp_path / "pages").rglob("*.png")):
                archive.write(file, file.relative_to(tmp_path))
    whole = load_dataset(str(path))
    assert len(whole.train) + len(whole.test) == 2
    assert whole.provenance is not None
    assert whole.provenance.decided.offered == 2 * COUNT
    assert any(f"about {COUNT} on one.png" in note and "--cut digits" in note for note in whole.notes)
    cut = load_dataset(str(path), reading=CUT)
    images, file_of, row_of = in_order(cut)
    assert nearest(images) == [*range(COUNT), *range(COUNT)] == row_of.tolist()
    labels = np.empty(2 * COUNT, int)
    assert cut.provenance is not None
    labels[cut.provenance.train], labels[cut.provenance.test] = cut.train.labels, cut.test.labels
    np.testing.assert_array_equal(labels, file_of)
    assert cut.train.class_names == ("a", "b")
    assert cut.provenance.decided.inverted == COUNT  # page by page
    assert f"{COUNT} of them are dark on light, so these are inverted." in cut.notes


def test_every_page_of_a_tiff(tmp_path: Path) -> None:
    pages = [Image.fromarray(page(form)) for form in ("plain", "boxes")]
    pages[0].save(tmp_path / "scans.tif", save_all=True, append_images=pages[1:])
    images, _, row_of = in_order(load_dataset(str(tmp_path / "scans.tif"), reading=CUT))
    assert nearest(images) == [*range(COUNT), *range(COUNT)]
    assert row_of.tolist() == list(range(2 * COUNT))
    first = load_dataset(str(tmp_path / "scans.tif"), reading=Reading(cut="digits", frames="first"))
    assert len(first.train) + len(first.test) == COUNT


def test_pictures_without_digits_are_left_out_and_named(tmp_path: Path) -> None:
    Image.fromarray(page()).save(tmp_path / "a.png")
    Image.fromarray(np.full((200, 200), 230, np.uint8)).save(tmp_path / "blank.png")
    dataset = load_dataset(str(tmp_path), reading=CUT)
    assert dataset.provenance is not None
    assert [(file.name, file.why) for file in dataset.provenance.left_out] == [
        ("blank.png", "no digits found on it")
    ]
    (tmp_path / "a.png").unlink()
    with pytest.raises(StudioError, match="No digits were found"):
        load_dataset(str(tmp_path), reading=CUT)


def test_pictures_of_single_digits_are_not_offered_to_be_cut(tmp_path: Path) -> None:
    for number, image in enumerate(expected()):
        big = Image.fromarray(255 - image).resize((140, 140))
        big.save(tmp_path / f"{number}.png")
    for number, image in enumerate(numbers(10, 100, 100)):
        Image.fromarray(image).save(tmp_path / f"noise{number}.png")
    dataset = load_dataset(str(tmp_path))
    assert dataset.provenance is not None
    assert dataset.provenance.decided.offered == 0
    assert not any("cut out" in note for note in dataset.notes)


def test_a_shape_that_is_asked_for(tmp_path: Path) -> None:
    Image.fromarray(page()).save(tmp_path / "a.png")
    for shape in (ImageShape(1, 32, 32), ImageShape(3, 32, 32)):
        dataset = load_dataset(str(tmp_path / "a.png"), image=shape)
        assert dataset.shape.image == shape

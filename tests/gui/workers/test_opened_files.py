"""What files and folders hold is told by their content and place, before anything is loaded."""

from __future__ import annotations

import gzip
import json
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.errors import StudioError
from aestudio.gui.state.pictures import Pictures
from aestudio.gui.workers.opened_files import (
    MOST_PICTURES,
    FoundData,
    FoundRecipe,
    FoundRun,
    FoundSharedRun,
    find_in_files,
)
from aestudio.progress import silent
from aestudio.recipes.library import find_recipe
from aestudio.recipes.recipe import write_recipe
from aestudio.resources import resources_folder
from tests.datasets.pages.page_of_digits import page

if TYPE_CHECKING:
    from aestudio.gui.workers.opened_files import Found


def find(*paths: Path, shape: ImageShape | None = MNIST.image, dataset: str = "mnist") -> Found:
    return find_in_files(paths, shape, dataset, silent)


def picture(path: Path, size: tuple[int, int] = (28, 28), level: int = 200) -> Path:
    image = np.zeros(size, np.uint8)
    image[size[0] // 3 : -size[0] // 3, size[1] // 3 : -size[1] // 3] = level
    Image.fromarray(image).save(path)
    return path


def test_a_run_is_its_folder_or_its_record() -> None:
    folder = resources_folder() / "models" / "conv-vae-2d"
    assert find(folder) == FoundRun(folder)
    assert find(folder / "run.json") == FoundRun(folder)


@pytest.mark.parametrize("name", ["a.aestudio", "B.AESTUDIO", "earlier.aerun"])
def test_a_shared_run_is_known_by_its_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK")
    assert find(tmp_path / name) == FoundSharedRun(tmp_path / name)


def test_a_folder_of_runs_is_not_taken_for_images(tmp_path: Path) -> None:
    (tmp_path / "a run").mkdir()
    (tmp_path / "a run" / "run.json").write_text("{}")
    picture(tmp_path / "a run" / "x.png")
    with pytest.raises(StudioError, match="several runs"):
        find(tmp_path)


def test_pictures_have_the_shape_of_the_model_and_their_order(tmp_path: Path) -> None:
    paths = [picture(tmp_path / f"{name}.PNG", level=level) for name, level in (("b", 90), ("a", 250))]
    found = find(*paths)
    assert isinstance(found, Pictures)
    assert found.images.shape == (2, *MNIST.image.array)
    assert found.names == ("b.PNG", "a.PNG")
    assert found.images.max(axis=(1, 2, 3)).tolist() == [90, 250]  # of the model's size: as they are
    assert np.array_equal(found.with_chosen(1).image, found.images[1])
    assert found.with_chosen(5) is found


def test_a_picture_of_another_size_is_prepared_as_a_digit_for_a_model_of_digits(tmp_path: Path) -> None:
    path = picture(tmp_path / "large.png", (300, 200))
    digit, whole = find(path), find(path, dataset="fashion-mnist")
    assert isinstance(digit, Pictures)
    assert isinstance(whole, Pictures)
    rows = np.flatnonzero(digit.image[0].max(axis=1) > 100)
    assert len(rows) == 20  # the box of MNIST's digits
    assert len(np.flatnonzero(whole.image[0].max(axis=1) > 100)) < 12


def test_pictures_need_a_model_and_a_bound(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png")
    with pytest.raises(StudioError, match="no model"):
        find(path, shape=None)
    with pytest.raises(StudioError, match="too many"):
        find(*[path] * (MOST_PICTURES + 1))


def test_data_is_a_file_a_pair_or_a_folder(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", images=np.zeros((3, 28, 28), np.uint8))
    assert find(tmp_path / "mine.npz") == FoundData(str(tmp_path / "mine.npz"), "mine.npz")
    images, labels = tmp_path / "x-idx3-ubyte.gz", tmp_path / "y-labels-idx1-ubyte.gz"
    for path in (images, labels):
        path.write_bytes(gzip.compress(b"\0"))
    assert find(labels, images) == FoundData(f"{images},{labels}", images.name)
    folder = tmp_path / "letters" / "a"
    folder.mkdir(parents=True)
    picture(folder / "1.png")
    assert find(tmp_path / "letters") == FoundData(str(tmp_path / "letters"), "letters", folder=True)


def test_every_form_of_images_is_known_by_dropping_it(tmp_path: Path) -> None:
    """Each as it is usually written, and none refused as damaged."""
    images = np.random.default_rng(0).integers(0, 255, (6, 28, 28), np.uint8)
    np.save(tmp_path / "a.npy", images)
    savemat(tmp_path / "a.mat", {"X": images})
    np.savetxt(
        tmp_path / "a.csv", images.reshape(6, -1), fmt="%d", delimiter=",", header="pixels", comments=""
    )
    folder = tmp_path / "pictures"
    folder.mkdir()
    one = picture(folder / "1.png")
    for name, mode in (("a.tar", "w"), ("a.tar.gz", "w:gz")):
        with tarfile.open(tmp_path / name, mode) as archive:  # type: ignore[call-overload]
            archive.add(one, "1.png")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.write(one, "1.png")
    for path in sorted(tmp_path.glob("a.*")):
        assert find(path) == FoundData(str(path), path.name), path.name


def test_a_whole_disk_is_refused_before_it_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_search(*_: object) -> None:
        raise AssertionError("it was searched")

    monkeypatch.setattr("aestudio.gui.workers.opened_files.search_pictures", no_search)
    with pytest.raises(StudioError, match="whole disk"):
        find(Path(Path.cwd().anchor))


def test_a_recipe_is_read_and_a_damaged_one_refused(tmp_path: Path) -> None:
    recipe = find_recipe("vae").model_copy(update={"name": "mine"})
    write_recipe(recipe, tmp_path / "mine.json")
    found = find(tmp_path / "mine.json")
    assert isinstance(found, FoundRecipe)
    assert found.recipe == recipe
    (tmp_path / "other.json").write_text(json.dumps({"a": 1}))
    with pytest.raises(StudioError, match="recipe cannot be read"):
        find(tmp_path / "other.json")


def test_what_cannot_be_opened_is_named_with_what_can(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "README").write_text("a file without a suffix, as those of MNIST have none")
    (tmp_path / "cut.npz").write_bytes(b"")
    for name, why in (("text.txt", "cannot be opened"), ("README", "no images"), ("cut.npz", "is damaged")):
        with pytest.raises(StudioError, match=rf"{why}.*{name}.*Choose a picture"):
            find(tmp_path / name)
    with pytest.raises(StudioError, match="nothing in this folder"):
        find(tmp_path / "empty")
    with pytest.raises(StudioError):
        find(tmp_path / "missing.npz")
    with pytest.raises(StudioError, match="together only if all are pictures"):
        find(picture(tmp_path / "a.png"), tmp_path / "text.txt")


def test_a_page_with_many_digits_is_images_to_train_on(tmp_path: Path) -> None:
    Image.fromarray(page("boxes")).save(tmp_path / "page.png")
    assert find(tmp_path / "page.png") == FoundData(str(tmp_path / "page.png"), "page.png")
    assert find(tmp_path / "page.png", shape=None) == FoundData(str(tmp_path / "page.png"), "page.png")
    one = picture(tmp_path / "one.png", (200, 200))
    assert isinstance(find(one), Pictures)
    assert isinstance(find(one, tmp_path / "page.png"), Pictures)

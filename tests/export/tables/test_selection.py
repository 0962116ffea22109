"""Export of selected images: the arrays, the codes and the contact sheet, or no file at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import Cancelled, StudioError
from aestudio.export.tables.selection import contact_sheet, export_selection
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot
from aestudio.training.initial import weights_of
from aestudio.training.model import build_model

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    recipe = find_recipe("vae").with_settings({"hidden": (8,), "latent_size": 3})
    return Snapshot("tiny", recipe, 7, 0.0, weights_of(build_model(Architecture(recipe, MNIST))), data=MNIST)


NUMBERS = np.array([70, 3, 60, 59, 5000, -1], np.int64)  # 60 test images, then 300 training images


def test_images_of_both_splits_in_the_given_order(
    snapshot: Snapshot, few_digits: Dataset, tmp_path: Path
) -> None:
    splits = few_digits.test, few_digits.train
    path = tmp_path / "some.npz"
    assert export_selection(snapshot, splits, NUMBERS, path) == 4
    with np.load(path) as file:
        assert file["indices"].tolist() == [10, 3, 0, 59]
        assert file["split"].tolist() == ["train", "test", "train", "test"]
        images = np.stack(
            [splits[1].images[10], splits[0].images[3], splits[1].images[0], splits[0].images[59]]
        )
        np.testing.assert_array_equal(file["images"], images)
        assert file["labels"].tolist() == [
            splits[1].labels[10],
            splits[0].labels[3],
            splits[1].labels[0],
            splits[0].labels[59],  # type: ignore[index]
        ]
        whole = encode_set(FrozenModel(snapshot), splits[0])
        np.testing.assert_allclose(file["codes"][[1, 3]], whole.mean[[3, 59]], atol=1e-5)
        assert file["deviation"].shape == (4, 3)
        assert json.loads(str(file["recipe"]))
        assert (str(file["run"]), int(file["step"])) == ("tiny", 7)
    image = np.asarray(Image.open(path.with_suffix(".png")))
    np.testing.assert_array_equal(image, contact_sheet(images)[0])


def test_a_contact_sheet_shows_every_image_once() -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 1, 28, 28), np.uint8)
    page = contact_sheet(images)
    assert page.shape == (1, 2 * 29 + 1, 3 * 29 + 1)
    np.testing.assert_array_equal(page[:, 30:58, 1:29], images[3])
    assert (page[:, 30:58, 59:87] == 64).all(), "the sixth cell is empty"


def test_a_cancelled_or_empty_export_leaves_no_file(
    snapshot: Snapshot, few_digits: Dataset, tmp_path: Path
) -> None:
    def cancel(done: float, total: float | None, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        export_selection(snapshot, (few_digits.test,), NUMBERS, tmp_path / "a.npz", cancel)
    with pytest.raises(StudioError, match="None of the selected"):
        export_selection(snapshot, (few_digits.test,), np.array([60]), tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []

"""Selected digits as a file: what was selected, with its codes, or nothing at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.errors import Cancelled, StudioError
from aestudio.export.selection import export_selection, sheet
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
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
    return Snapshot("tiny", recipe, 7, 0.0, weights_of(build_model(recipe)))


NUMBERS = np.array([70, 3, 60, 59, 5000, -1], np.int64)  # 60 test digits, then 300 training digits


def test_digits_of_both_sets_in_the_order_given(
    snapshot: Snapshot, few_digits: Dataset, tmp_path: Path
) -> None:
    parts = few_digits.test, few_digits.train
    path = tmp_path / "some.npz"
    assert export_selection(snapshot, parts, NUMBERS, path) == 4
    with np.load(path) as file:
        assert file["indices"].tolist() == [10, 3, 0, 59]
        assert file["split"].tolist() == ["train", "test", "train", "test"]
        images = np.stack(
            [parts[1].images[10, 0], parts[0].images[3, 0], parts[1].images[0, 0], parts[0].images[59, 0]]
        )
        np.testing.assert_array_equal(file["images"], images)
        assert file["labels"].tolist() == [
            parts[1].labels[10],
            parts[0].labels[3],
            parts[1].labels[0],
            parts[0].labels[59],  # type: ignore[index]
        ]
        whole = encode_set(FrozenModel(snapshot), parts[0])
        np.testing.assert_allclose(file["codes"][[1, 3]], whole.mean[[3, 59]], atol=1e-5)
        assert file["deviation"].shape == (4, 3)
        assert json.loads(str(file["recipe"]))
        assert (str(file["run"]), int(file["step"])) == ("tiny", 7)
    picture = np.asarray(Image.open(path.with_suffix(".png")))
    np.testing.assert_array_equal(picture, sheet(images))


def test_a_sheet_shows_every_digit_once() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    page = sheet(pictures)
    assert page.shape == (2 * 29 + 1, 3 * 29 + 1)
    np.testing.assert_array_equal(page[30:58, 1:29], pictures[3])
    assert (page[30:58, 59:87] == 64).all(), "the sixth place is free"


def test_nothing_is_left_where_it_was_cancelled_or_nothing_is_there(
    snapshot: Snapshot, few_digits: Dataset, tmp_path: Path
) -> None:
    def cancel(done: float, total: float | None, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        export_selection(snapshot, (few_digits.test,), NUMBERS, tmp_path / "a.npz", cancel)
    with pytest.raises(StudioError, match="None of the selected"):
        export_selection(snapshot, (few_digits.test,), np.array([60]), tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []

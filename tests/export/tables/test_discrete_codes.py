"""Exported features of discrete codes: whole numbers, and the points that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.export.tables.features import export_features
from aestudio.export.tables.selection import export_selection
from aestudio.inference.frozen_model import FrozenModel
from tests.latent_models import DISCRETE, snapshot_of

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.mark.parametrize("kind", DISCRETE)
def test_entries_are_whole_numbers_in_the_shape_of_the_code(
    kind: str, few_digits: Dataset, tmp_path: Path
) -> None:
    snapshot = snapshot_of(kind)
    latent = snapshot.architecture.latent
    path = tmp_path / "features.npz"
    count = export_features(snapshot, few_digits.test, path)
    codes = FrozenModel(snapshot).encode(few_digits.test.images)
    with np.load(path) as arrays:
        assert arrays["entries"].dtype == np.int64
        assert arrays["entries"].shape == (count, *latent.shape)
        np.testing.assert_array_equal(arrays["entries"].reshape(count, -1), codes.mean)
        np.testing.assert_array_equal(arrays["points"], codes.points)
        assert arrays["choices"] == latent.choices
        assert "codes_scaled" not in arrays
        np.testing.assert_array_equal(arrays["codes"], codes.mean)


def test_a_selection_has_them_too(few_digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "selection.npz"
    export_selection(snapshot_of("codebook"), (few_digits.test,), np.array([4, 2]), path)
    with np.load(path) as arrays:
        assert arrays["entries"].shape == (2, 2, 3)


def test_continuous_codes_have_none(few_digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "features.npz"
    export_features(snapshot_of("levels"), few_digits.test, path)
    with np.load(path) as arrays:
        assert not {"entries", "points", "choices"} & set(arrays)
        assert {"codes_scaled", "minimum", "maximum"} <= set(arrays)


def test_without_codes_no_file_is_written(few_digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "features.npz"
    with pytest.raises(StudioError, match="does not encode images"):
        export_features(snapshot_of("gan"), few_digits.test, path)
    assert not path.exists()

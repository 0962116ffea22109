from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.source import DataFolders
from aestudio.datasets.sources.sklearn_digits import SOURCE
from aestudio.progress import silent

if TYPE_CHECKING:
    from pathlib import Path


def test_real_digits_enlarged_as_what_they_are(tmp_path: Path) -> None:
    from sklearn.datasets import load_digits

    dataset = SOURCE.load(DataFolders(None, tmp_path), silent)
    pixels, numbers = load_digits(return_X_y=True)
    assert len(dataset.train) + len(dataset.test) == 1797
    assert dataset.train.labels is not None
    assert dataset.test.labels is not None
    counts = np.bincount(numbers)
    np.testing.assert_allclose(np.bincount(dataset.test.labels), counts / 7, atol=1)
    np.testing.assert_array_equal(
        np.bincount(dataset.train.labels) + np.bincount(dataset.test.labels), counts
    )
    together = np.concatenate([dataset.train.images, dataset.test.images])[:, 0].astype(float)
    assert not together[:, :4].any()
    assert not together[:, :, -4:].any()
    # as much ink as before, on an area (20/8)^2 as large
    assert np.isclose(together.mean() * 28**2 / 255, pixels.mean() / 16 * 20**2, rtol=0.02)
    assert "8 × 8" in dataset.notes[0]
    again = SOURCE.load(DataFolders(None, tmp_path), silent)
    np.testing.assert_array_equal(again.test.images, dataset.test.images)
    assert not list(tmp_path.iterdir())

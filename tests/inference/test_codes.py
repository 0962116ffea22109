"""Codes of a set: all images in order, and a features file for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.latent_ranges import latent_ranges
from aestudio.datasets.dataset import ImageSet
from aestudio.errors import Cancelled, StudioError
from aestudio.export.tables.features import export_features, min_max_scaled
from aestudio.inference.chunks import chunks
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import Codes, FrozenModel
from aestudio.progress import silent
from aestudio.recipes.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def repeated(image_set: ImageSet, count: int) -> ImageSet:
    rows = np.arange(count) % len(image_set)
    assert image_set.labels is not None
    return ImageSet(image_set.images[rows], image_set.labels[rows], image_set.class_names)


def test_chunks_cover_everything_once() -> None:
    covered = [index for chunk in chunks(1234, silent, "") for index in range(chunk.start, chunk.stop)]
    assert covered == list(range(1234))


def test_codes_are_in_the_order_of_the_images(
    frozen_model: FrozenModel, few_digits: Dataset, counter: type
) -> None:
    image_set = repeated(few_digits.train, 1100)
    progress = counter()
    codes = encode_set(frozen_model, image_set, progress)
    assert codes.mean.shape == (1100, 6)
    assert codes.std is None
    for index in (0, 499, 500, 1099):
        alone = frozen_model.encode(image_set.images[index : index + 1]).mean[0]
        assert codes.mean[index] == pytest.approx(alone, abs=1e-4)
    assert [call[:2] for call in progress.calls] == [(0, 1100), (500, 1100), (1000, 1100), (1100, 1100)]


def test_gaussian_codes_have_standard_deviations(gaussian_model: FrozenModel, few_digits: Dataset) -> None:
    codes = encode_set(gaussian_model, few_digits.test)
    assert codes.std is not None
    assert codes.std.shape == codes.mean.shape
    assert (codes.std > 0).all()


def test_no_images_give_no_codes(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    codes = encode_set(frozen_model, ImageSet(few_digits.test.images[:0]))
    assert codes.mean.shape == (0, 6)
    assert latent_ranges(codes).shape == (6, 2)


def test_ranges_cover_the_data_and_are_never_empty() -> None:
    random = np.random.default_rng(0)
    mean = random.normal(size=(1000, 3)).astype(np.float32) * [2, 0, 0.01]
    ranges = latent_ranges(Codes(mean.astype(np.float32)))
    assert ranges[0] == pytest.approx(np.quantile(mean[:, 0], [0.005, 0.995]), rel=1e-4)
    widths = ranges[:, 1] - ranges[:, 0]
    assert widths[1] == pytest.approx(widths[0] / 20)
    assert widths[2] == pytest.approx(widths[0] / 20)


def test_a_collapsed_gaussian_dimension_gets_the_range_of_the_prior() -> None:
    random = np.random.default_rng(0)
    mean = np.stack([random.normal(size=2000), 0.01 * random.normal(size=2000)], axis=1).astype(np.float32)
    std = np.stack([np.full(2000, 0.1), np.full(2000, 1.0)], axis=1).astype(np.float32)
    ranges = latent_ranges(Codes(mean, std))
    assert ranges[1] == pytest.approx([-2.5, 2.5], abs=0.05)
    assert ranges[0] == pytest.approx([-2.6, 2.6], abs=0.3)


def test_features_have_all_images_and_separate_the_classes(
    trained: Snapshot, few_digits: Dataset, tmp_path: Path
) -> None:
    from sklearn.neighbors import KNeighborsClassifier

    paths = {"train": tmp_path / "train.npz", "test": tmp_path / "test.npz"}
    assert export_features(trained, few_digits.train, paths["train"], split="train") == 300
    assert export_features(trained, few_digits.test, paths["test"]) == 60
    train, test = np.load(paths["train"]), np.load(paths["test"])
    assert train["codes"].shape == (300, 6)
    assert (train["labels"] == few_digits.train.labels).all()
    assert (train["indices"] == np.arange(300)).all()
    assert "deviation" not in train
    classifier = KNeighborsClassifier(3).fit(train["codes"], train["labels"])
    assert classifier.score(test["codes"], test["labels"]) > 0.4  # chance is 0.1
    shuffled = np.random.default_rng(0).permutation(train["labels"])
    assert KNeighborsClassifier(3).fit(train["codes"], shuffled).score(test["codes"], test["labels"]) < 0.3


def test_scaling_can_be_undone(trained: Snapshot, few_digits: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "features.npz"
    export_features(trained, few_digits.test, path)
    arrays = np.load(path)
    scaled = arrays["codes_scaled"]
    assert scaled.min(0) == pytest.approx(np.zeros(6))
    assert scaled.max(0) == pytest.approx(np.ones(6))
    restored = scaled * (arrays["maximum"] - arrays["minimum"]) + arrays["minimum"]
    assert restored == pytest.approx(arrays["codes"], abs=1e-5)
    constant = min_max_scaled(np.full((4, 1), 5, np.float32))
    assert (constant[2] == 0).all()


def test_features_record_recipe_run_and_step(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset, tmp_path: Path
) -> None:
    snapshot = snapshot_of("vae", latent_size=3)
    unlabelled = ImageSet(few_digits.test.images)
    path = tmp_path / "new folder" / "features.npz"
    export_features(snapshot, unlabelled, path)
    arrays = np.load(path, allow_pickle=False)
    assert Recipe.model_validate(json.loads(str(arrays["recipe"]))) == snapshot.recipe
    assert str(arrays["run"]) == "untrained"
    assert int(arrays["step"]) == 0
    assert str(arrays["split"]) == "test"
    assert arrays["deviation"].shape == (60, 3)
    assert "labels" not in arrays


def test_a_cancelled_or_failed_export_leaves_no_file(
    trained: Snapshot, few_digits: Dataset, tmp_path: Path, counter: type
) -> None:
    path = tmp_path / "features.npz"
    with pytest.raises(Cancelled):
        export_features(trained, few_digits.test, path, counter(cancel_after=1))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StudioError, match="no image"):
        export_features(trained, ImageSet(few_digits.test.images[:0]), path)
    (tmp_path / "file").write_text("a file, not a folder")
    with pytest.raises(StudioError):
        export_features(trained, few_digits.test, tmp_path / "file" / "features.npz")

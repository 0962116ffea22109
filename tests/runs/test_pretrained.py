"""The models that come with the program: how they are created, and their quality."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.runs import pretrained
from aestudio.runs.index import find_run, shipped_models
from aestudio.runs.model_preview import read_preview
from aestudio.runs.pretrained import SHIPPED, make_pretrained
from aestudio.runs.run_metrics import latent_metrics_of, metrics_of
from aestudio.runs.sample_classifier import sample_classifier
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.runs.kept_run import KeptRun

LARGEST = 2_000_000
LARGEST_CODES = 300_000


@pytest.fixture
def small_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrained, "find_recipe", lambda name: quick_recipe(name))


@pytest.mark.usefixtures("small_recipe")
def test_the_files_of_a_pretrained_model(few_digits: Dataset, tmp_path: Path) -> None:
    steps = []
    run = make_pretrained("vae", few_digits, tmp_path, lambda done, total, what: steps.append((done, total)))
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "codes.npz",
        "metrics.jsonl",
        "run.json",
        "weights.safetensors",
    ]
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["vae"]
    assert (18, 18) in steps
    assert run.shipped
    assert run.status == "finished"
    assert run.checkpoint() is None
    preview = run.preview
    assert preview is not None
    from aestudio.inference.frozen_model import FrozenModel

    frozen_model = FrozenModel(run.snapshot())
    assert np.array_equal(preview.codes, frozen_model.encode(few_digits.test.images).mean)
    assert few_digits.test.labels is not None
    assert np.array_equal(preview.labels, few_digits.test.labels)
    assert np.array_equal(preview.sample.images, few_digits.test.images[:60])
    training = frozen_model.encode(few_digits.train.images).mean
    inside = (training >= preview.ranges[:, 0]) & (training <= preview.ranges[:, 1])
    assert inside.mean() > 0.98
    assert run.require_record().evaluation == metrics_of(run, few_digits)
    assert run.latent_metrics(18, "builtin") == latent_metrics_of(run.snapshot(), few_digits)
    before = run.snapshot()
    again = make_pretrained("vae", few_digits, tmp_path)
    assert all(
        np.array_equal(again.snapshot().weights[name], before.weights[name]) for name in before.weights
    )


@pytest.mark.usefixtures("small_recipe")
def test_a_failed_build_leaves_nothing(
    few_digits: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlabelled = replace(few_digits, test=ImageSet(few_digits.test.images))
    with pytest.raises(StudioError, match="labelled"):
        make_pretrained("vae", unlabelled, tmp_path)
    monkeypatch.setattr(
        pretrained, "find_recipe", lambda name: quick_recipe(name, optimiser="sgd", learning_rate=10.0)
    )
    with pytest.raises(StudioError, match="diverged"):
        make_pretrained("vae", few_digits, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == []


def test_a_damaged_preview_is_reported(tmp_path: Path) -> None:
    assert read_preview(tmp_path, 2) is None
    (tmp_path / "codes.npz").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(StudioError, match="damaged"):
        read_preview(tmp_path, 2)


def test_the_shipped_models() -> None:
    assert {run.name for run in shipped_models()} == set(SHIPPED)


def check_preview(run: KeptRun) -> None:
    from aestudio.inference.frozen_model import FrozenModel

    assert (run.folder / "codes.npz").stat().st_size <= LARGEST_CODES
    preview = run.preview
    assert preview is not None
    size = run.recipe.network.latent_size
    assert (preview.codes.shape, preview.ranges.shape) == ((2000, size), (size, 2))
    assert (preview.ranges[:, 0] < preview.ranges[:, 1]).all()
    assert len(preview.sample) == 60
    codes = FrozenModel(run.snapshot()).encode(preview.sample.images).mean
    assert np.allclose(codes, preview.codes[:60], atol=1e-4)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model(name: str) -> None:
    run = find_run(name)
    assert run.problem is None
    assert run.shipped
    assert run.recipe == find_recipe(name), "the recipe has changed: run `aestudio pretrain` again"
    assert run.require_record().dataset == "mnist"
    assert sum(path.stat().st_size for path in run.folder.iterdir()) <= LARGEST
    snapshot = run.snapshot()
    assert (
        sum(array.size for array in snapshot.weights.values())
        == Architecture(run.recipe, MNIST).parameter_count
    )
    if run.recipe.objective.encodes:
        check_preview(run)
    else:
        assert run.preview is None
    points = run.points()
    assert len(points) > 50
    assert run.last_loss is not None
    assert math.isfinite(run.last_loss)


@pytest.mark.slow
@pytest.mark.mnist
@pytest.mark.parametrize(("name", "most"), [("conv-vae-2d", 147.0), ("conv-vae", 106.0)])
def test_a_shipped_model_has_its_expected_quality(name: str, most: float, mnist: Dataset) -> None:
    run = find_run(name)
    metrics = metrics_of(run, mnist)
    assert metrics["test_negative_elbo"] <= most
    kept = run.require_record().evaluation
    assert kept is not None
    assert metrics["test_negative_elbo"] == pytest.approx(kept["test_negative_elbo"], rel=1e-5)
    preview = run.preview
    assert preview is not None
    assert np.array_equal(preview.sample.images, mnist.test.images[:60])


def test_samples_of_the_shipped_generator_show_every_digit() -> None:
    """By the shipped classifier: no class is under 3 % of 1,000 samples."""
    from aestudio.analysis.mode_coverage import mode_coverage
    from aestudio.datasets.synthetic import generate
    from aestudio.inference.frozen_model import FrozenModel

    test = generate(train=10, test=500).test
    classifier = sample_classifier(test, None)
    assert classifier is not None
    model = FrozenModel(find_run("gan").snapshot())
    images = model.decode(model.sample_prior(1000, np.random.default_rng(0)))
    assert min(mode_coverage(classifier(images), test.class_names).shares) >= 0.03

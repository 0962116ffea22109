"""Codes of the kept drawings, now and during the training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import Cancelled
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.drawings_request import DecodedDrawings, DrawingTrails
from aestudio.progress import silent
from aestudio.recipes.architecture import Architecture
from aestudio.runs.drawings_file import Drawing


@pytest.fixture
def drawings(few_digits):
    return tuple(Drawing(f"pin {number}", few_digits.test.images[number]) for number in range(3))


def test_drawings_go_through_the_model_like_images(few_digits, make_snapshot, drawings):
    cache, snapshot = InferenceCache(), make_snapshot()
    found = DecodedDrawings(snapshot, drawings).compute(cache, silent)
    frozen_model = cache.frozen_model(snapshot)
    np.testing.assert_array_equal(found.codes, frozen_model.encode(few_digits.test.images[:3]).mean)
    np.testing.assert_array_equal(found.reconstructions, frozen_model.reconstruct(few_digits.test.images[:3]))
    assert found.stds is None
    assert (found.losses > 0).all()


def test_a_gaussian_code_has_its_std_and_a_classifier_no_images(make_snapshot, drawings):
    gaussian = DecodedDrawings(make_snapshot("vae"), drawings).compute(InferenceCache(), silent)
    assert gaussian.stds.shape == gaussian.codes.shape
    assert gaussian.loss_unit == "nats"
    named = DecodedDrawings(make_snapshot("digit-classifier"), drawings).compute(InferenceCache(), silent)
    assert named.reconstructions is None
    assert named.losses is None


@pytest.fixture
def folder_of_history(tmp_path, few_digits):
    """A run of a few steps with its moments, and the recipe."""
    from aestudio.recipes.library import find_recipe
    from aestudio.runs.record import record
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    recipe = find_recipe("hidden-256").with_settings({"latent_size": 6, "epochs": 1, "batch_size": 64})
    spec = RunSpec("r", recipe, "builtin", "cpu")
    for _ in record(train(spec, few_digits), spec, tmp_path / "r"):
        pass
    return tmp_path / "r", recipe


def test_the_trail_has_the_codes_of_each_checkpoint(folder_of_history, drawings, few_digits):
    from aestudio.runs.history_files import read_history_weights
    from aestudio.runs.kept_run import KeptRun

    folder, recipe = folder_of_history
    steps = tuple(history_checkpoint.step for history_checkpoint in KeptRun.at(folder).history_checkpoints())
    assert len(steps) >= 4
    cache = InferenceCache()
    trail = DrawingTrails("r", folder, Architecture(recipe, MNIST), steps, drawings).compute(cache, silent)
    assert tuple(trail.steps) == steps
    for step, codes in zip(steps, trail.codes, strict=True):
        weights = read_history_weights(folder, step, "r", Architecture(recipe, MNIST))
        expected = InferenceCache().frozen_model(weights).encode(few_digits.test.images[:3]).mean
        np.testing.assert_allclose(codes, expected, atol=1e-6)


def test_what_was_worked_out_is_kept_when_a_newer_request_comes_between(folder_of_history, drawings):
    folder, recipe = folder_of_history
    cache, asked = InferenceCache(), []

    def interrupted(done, total, what):
        asked.append(done)
        if done == 2:
            raise Cancelled

    request = DrawingTrails("r", folder, Architecture(recipe, MNIST), (0, 1, 2, 3), drawings)
    with pytest.raises(Cancelled):
        request.compute(cache, interrupted)
    for path in (folder / "moments").iterdir():
        path.unlink()
    trail = request.compute(cache, silent)
    assert trail.steps.tolist() == [0, 1], "the two that were read before; the files are gone now"


def test_another_run_in_the_same_folder_has_trails_of_its_own(folder_of_history, drawings):
    """A run is removed, and another is trained under its name: what is known of its steps is of the first."""
    folder, recipe = folder_of_history
    cache = InferenceCache()
    request = DrawingTrails("r", folder, Architecture(recipe, MNIST), (0, 1), drawings, history=object())
    assert request.compute(cache, silent).steps.tolist() == [0, 1]
    for path in (folder / "moments").iterdir():
        path.unlink()
    assert request.compute(cache, silent).steps.tolist() == [0, 1], "a checkpoint never changes"
    assert not len(replace(request, history=object()).compute(cache, silent).steps)

"""Requests of a model whose prior is learned: its samples are drawn by the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import kstest

from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.class_rows_request import RowsOfStyles
from aestudio.gui.inference.requests.exploration_request import DrawCode
from aestudio.gui.inference.requests.samples_request import DrawSamples
from aestudio.progress import silent
from aestudio.training.commands import Commands
from aestudio.training.events import Paused, SnapshotTaken
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.learned_prior import NumpyMixture, mixture_prior

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


@pytest.fixture
def snapshots(few_digits: Dataset) -> tuple[Snapshot, Snapshot]:
    """Before the training, and after a few steps of both phases."""
    commands = Commands()
    commands.advance(30)
    taken: list[Snapshot] = []
    recipe = mixture_prior(prior_begins=0.0)
    for event in train(RunSpec("run", recipe, "builtin", "cpu"), few_digits, commands):
        if isinstance(event, SnapshotTaken):
            taken.append(event.snapshot)
        if isinstance(event, Paused):
            commands.stop()
    return taken[0], taken[-1]


def test_samples_of_the_window_follow_the_learned_prior(
    snapshots: tuple[Snapshot, Snapshot], few_digits: Dataset
) -> None:
    """That of the snapshot that is asked for, also if the worker has shown another one before."""
    cache = InferenceCache()
    for snapshot in (*snapshots, snapshots[0]):
        expected = NumpyMixture(snapshot)
        drawn = DrawSamples(snapshot, few_digits.test, 50, "prior", 1.0, 1500, 3).compute(cache, silent)
        styles = RowsOfStyles(snapshot, ((),), 1500, 4, few_digits.test).compute(cache, silent)
        for codes in (drawn.codes, styles.codes):
            for dimension in range(2):
                assert kstest(codes[:, dimension], expected.distribution(dimension)).pvalue > 1e-3
        assert drawn.densities is not None
        np.testing.assert_allclose(
            drawn.densities, np.log(expected.density(drawn.codes)), rtol=1e-4, atol=1e-4
        )
        assert (drawn.images == cache.frozen_model(snapshot).decode(drawn.codes)).all()


def test_a_mixture_of_the_codes_can_still_be_drawn(
    snapshots: tuple[Snapshot, Snapshot], few_digits: Dataset
) -> None:
    drawn = DrawSamples(snapshots[1], few_digits.test, 50, "mixture", 1.0, 20, 3).compute(
        InferenceCache(), silent
    )
    assert drawn.codes.shape == (20, 2)


def test_a_random_code_is_one_of_the_prior_and_the_same_for_the_same_seed(
    snapshots: tuple[Snapshot, Snapshot],
) -> None:
    cache, snapshot = InferenceCache(), snapshots[-1]
    codes = [DrawCode(snapshot, seed).compute(cache, silent) for seed in (*range(300), 0)]
    np.testing.assert_array_equal(codes[0], codes[-1])
    assert codes[0].shape == (snapshot.architecture.latent.size,)
    drawn, expected = np.stack(codes[:-1]), NumpyMixture(snapshot)
    for dimension in range(2):
        assert kstest(drawn[:, dimension], expected.distribution(dimension)).pvalue > 1e-3

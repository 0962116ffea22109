"""Metrics with a model of each kind of latent: a value where it has a meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.axis_statistics import latent_statistics
from aestudio.analysis.compression import compress, fit_quantiser
from aestudio.analysis.disentanglement import latent_metrics
from aestudio.analysis.first_layer import first_layer
from aestudio.analysis.probe import probe
from aestudio.analysis.reconstructions import worst_first
from aestudio.errors import StudioError
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import Codes, FrozenModel
from tests.latent_models import DISCRETE, KINDS, snapshot_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


@pytest.mark.parametrize("kind", KINDS)
def test_disentanglement_only_of_continuous_codes(kind: str, few_digits: Dataset) -> None:
    metrics = latent_metrics(snapshot_of(kind), few_digits.test)
    assert (metrics is not None) == (kind == "levels")


@pytest.mark.parametrize("kind", DISCRETE)
def test_discrete_codes_are_not_rounded(kind: str, few_digits: Dataset) -> None:
    model = FrozenModel(snapshot_of(kind))
    quantiser = fit_quantiser(np.zeros((2, model.snapshot.architecture.latent.size), np.float32), 4)
    with pytest.raises(StudioError, match="cannot be rounded"):
        compress(model, quantiser, few_digits.test.images[:1])


def test_a_model_without_encoder_names_the_reason(few_digits: Dataset) -> None:
    snapshot = snapshot_of("gan")
    model = FrozenModel(snapshot)
    for refused in (
        lambda: model.encode(few_digits.test.images),
        lambda: encode_set(model, few_digits.test),
        lambda: worst_first(model, few_digits.test),
        lambda: probe(snapshot, few_digits, epochs=1),
    ):
        with pytest.raises(StudioError, match="does not encode images"):
            refused()
    layer = first_layer(snapshot)
    assert layer.images is None
    assert "does not encode images" in layer.reason


def test_a_probe_reads_the_entries_not_their_numbers(few_digits: Dataset) -> None:
    report = probe(snapshot_of("codebook"), few_digits, images=60, epochs=1)
    assert set(report.scores) == {"pixels", "codes", "reconstructions"}


def test_the_kl_of_each_dimension_needs_a_standard_normal_prior() -> None:
    random = np.random.default_rng(0)
    mean, std = random.standard_normal((2, 30, 4)).astype(np.float32)
    codes = Codes(mean, np.abs(std) + 0.1)
    assert latent_statistics(codes, gaussian=True).dimensions.kl is not None
    without = latent_statistics(codes, gaussian=False).dimensions
    assert without.kl is None
    assert without.sigma is not None

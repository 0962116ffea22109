"""Sheets of traversals: the order of the rows, the codes and the pixels, against what is computed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.axis_statistics import latent_statistics
from aestudio.analysis.traversal_sheet import RankedAxes, axes_by_change, ranked_axes, traversal_sheet
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import Codes, FrozenModel
from tests.conditional.models import class_conditional
from tests.latent_models import snapshot_of
from tests.small_models import untrained

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

MEANS = np.random.default_rng(0).normal(size=(200, 4)) * [0.02, 1.0, 0.5, 2.0]
STD = np.array([1.0, 0.2, 0.6, 0.05])


def gaussian() -> RankedAxes:
    codes = Codes(MEANS.astype(np.float32), np.tile(STD, (200, 1)).astype(np.float32))
    return ranked_axes(latent_statistics(codes, gaussian=True).dimensions, prior=True)


def test_dimensions_of_a_vae_are_sorted_by_their_mean_kl() -> None:
    ranked = gaussian()
    kl = (0.5 * (MEANS**2 + STD**2 - 1 - 2 * np.log(STD))).mean(axis=0)
    assert ranked.measure == "kl"
    np.testing.assert_allclose(ranked.information, kl, rtol=1e-4)
    assert ranked.order.tolist() == np.argsort(-kl).tolist() == [3, 1, 2, 0]
    assert ranked.active is not None
    assert ranked.active.tolist() == [False, True, True, True]
    assert ranked.ranges.tolist() == [[-3.0, 3.0]] * 4
    assert ranked.neutral.tolist() == [0.0] * 4


def test_dimensions_of_point_codes_are_sorted_by_variance_over_the_range_of_the_data() -> None:
    codes = Codes((MEANS + 5).astype(np.float32))
    ranked = ranked_axes(latent_statistics(codes, gaussian=False).dimensions, prior=False)
    variance = MEANS.var(axis=0, ddof=1)
    assert ranked.measure == "variance"
    np.testing.assert_allclose(ranked.information, variance / variance.sum(), rtol=1e-4)
    assert ranked.order.tolist() == [3, 1, 2, 0]
    low, high = np.quantile(MEANS + 5, (0.005, 0.995), axis=0)
    np.testing.assert_allclose(ranked.ranges[1:], np.stack([low, high], axis=1)[1:], atol=1e-3)
    np.testing.assert_allclose(ranked.neutral, (MEANS + 5).mean(axis=0), rtol=1e-5)
    assert not ranked.sigmas


def test_components_move_in_standard_deviations_of_the_data() -> None:
    codes = Codes((MEANS + 5).astype(np.float32))
    ranked = ranked_axes(latent_statistics(codes, gaussian=False).components, prior=False, components=True)
    assert ranked.order.tolist() == [0, 1, 2, 3]
    end = ranked.axes.with_coordinate(ranked.neutral, 0, 3.0)
    assert np.linalg.norm(end - ranked.neutral) == pytest.approx(3 * MEANS[:, 3].std(ddof=1), rel=0.01)


def test_the_images_are_those_of_the_model_at_these_codes() -> None:
    frozen_model = FrozenModel(untrained("vae", latent_size=4, hidden=(8,)))
    around = np.array([0.5, -1.0, 0.25, 2.0], np.float32)
    sheet = traversal_sheet(frozen_model, gaussian(), around, 7, slice(1, 3))
    assert sheet.numbers.tolist() == [1, 2]
    for row, number in enumerate((1, 2)):
        for column, value in enumerate((-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)):
            code = around.copy()
            code[number] = value
            np.testing.assert_array_equal(sheet.codes[row, column], code)
            np.testing.assert_array_equal(sheet.images[row, column], frozen_model.decode(code[None])[0])
    assert sheet.images.shape == (2, 7, 1, 28, 28)


def test_many_rows_are_decoded_in_parts_that_are_reported() -> None:
    frozen_model = FrozenModel(untrained("vae", latent_size=70, hidden=(8,)))
    reported: list[float] = []
    ranked = axes_by_change(frozen_model)

    def progress(done: float, total: float | None, what: str) -> None:
        reported.append(done)

    sheet = traversal_sheet(frozen_model, ranked, ranked.neutral, 7, progress=progress)
    assert reported == [0, 32, 64, 70]
    np.testing.assert_array_equal(sheet.images[69, 6], frozen_model.decode(sheet.codes[69, 6][None])[0])


def test_without_an_encoder_the_axis_that_changes_the_image_most_comes_first() -> None:
    frozen_model = FrozenModel(snapshot_of("gan"))
    ranked = axes_by_change(frozen_model)
    change = np.zeros(6)
    for number in range(6):
        low, high = np.zeros((1, 6), np.float32), np.zeros((1, 6), np.float32)
        low[0, number], high[0, number] = -3, 3
        difference = frozen_model.decode_exactly(high) - frozen_model.decode_exactly(low)
        change[number] = np.sqrt((difference.astype(np.float64) ** 2).mean())
    assert ranked.measure == "change"
    assert ranked.active is None
    np.testing.assert_allclose(ranked.information, change, rtol=1e-4)
    assert ranked.order.tolist() == np.argsort(-change).tolist()


def test_a_conditional_model_is_told_its_class() -> None:
    snapshot = class_conditional()
    frozen_model = FrozenModel(snapshot)
    told = tuple(np.eye(10, dtype=np.float32)[4].tolist())
    ranked = axes_by_change(frozen_model, told)
    sheet = traversal_sheet(frozen_model, ranked, ranked.neutral, 9, slice(1), told)
    condition = np.tile(np.asarray(told, np.float32), (9, 1))
    np.testing.assert_array_equal(sheet.images[0], frozen_model.decode(sheet.codes[0], condition))


def test_what_is_no_sheet_is_refused() -> None:
    frozen_model = FrozenModel(snapshot_of("codebook"))
    with pytest.raises(StudioError, match="no axes"):
        axes_by_change(frozen_model)
    with pytest.raises(StudioError, match="no axes to move along"):
        traversal_sheet(frozen_model, gaussian(), np.zeros(4, np.float32), 7)
    with pytest.raises(BadChoice, match="columns"):
        traversal_sheet(frozen_model, gaussian(), np.zeros(4, np.float32), 1)


def test_the_codes_of_a_model_give_statistics(few_digits: Dataset) -> None:
    frozen_model = FrozenModel(untrained("vae", latent_size=3, hidden=(8,)))
    statistics = latent_statistics(encode_set(frozen_model, few_digits.test), gaussian=True)
    ranked = ranked_axes(statistics.dimensions, prior=True)
    assert sorted(ranked.order.tolist()) == [0, 1, 2]
    assert (np.diff(ranked.information[ranked.order]) <= 0).all()

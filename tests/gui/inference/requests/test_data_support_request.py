"""Data support, compared with the analysis of single points."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.analysis.data_support.decode_encode import decode_encode_errors
from aestudio.analysis.data_support.density import log_density, mixture, widened
from aestudio.analysis.data_support.scale import code_scale_of
from aestudio.analysis.data_support.sensitivity import decoder_sensitivity
from aestudio.analysis.embedding import Embedding2D
from aestudio.analysis.projections import data_limits, plane_of_dimensions
from aestudio.errors import StudioError
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.data_support_request import (
    LOWEST_NATS,
    DataSupportReference,
    ReferenceCodes,
    SupportOfCode,
    SupportOnMap,
)
from aestudio.gui.inference.requests.latent_map_request import CodeMap
from aestudio.gui.state.model_state import ShippedCodes
from aestudio.progress import silent

RECT = (-1.0, 2.0, -0.5, 0.5)
BASE = (0.1, -0.2, 0.3, 0.0, 0.5, -0.4)


@pytest.fixture
def sources(make_snapshot, few_digits):
    return ReferenceCodes(make_snapshot("vae"), few_digits.test, None, 50)


def map_of(plane, codes):
    xy = plane.to_plane(codes.mean).astype(np.float32)
    return CodeMap(plane, xy, None, (), np.zeros((6, 2)), shipped=False)


def stages(result):
    found = []
    while True:
        try:
            found.append(next(result))
        except StopIteration as end:
            return [*found, end.value]


def asked(sources, cache, kind, sides=(4, 6)):
    codes = sources.codes(cache, silent)
    plane = plane_of_dimensions(codes.mean, 0, 3)
    base = () if kind == "density" else BASE
    return SupportOnMap(sources, map_of(plane, codes), kind, RECT, base, sides), codes, plane


def point(side, row, column):
    """The middle of a cell of a field on RECT, row 0 on top."""
    left, right, bottom, top = RECT
    return np.array(
        [[left + (column + 0.5) / side * (right - left), top - (row + 0.5) / side * (top - bottom)]]
    )


def test_a_field_comes_coarse_and_then_finer(sources):
    request, _, _ = asked(sources, InferenceCache(), "decoder_sensitivity", (2, 4, 8))
    fields = stages(request.compute(InferenceCache(), silent))
    assert [field.values.shape for field in fields] == [(2, 2), (4, 4), (8, 8)]
    assert {field.rect for field in fields} == {RECT}
    assert {field.values.dtype for field in fields} == {np.dtype(np.float32)}


def test_density_is_that_of_the_posteriors_on_the_plane(sources):
    cache = InferenceCache()
    request, codes, plane = asked(sources, cache, "density")
    values = stages(request.compute(cache, silent))[-1].values
    around = widened(mixture(codes, plane.to_plane(codes.mean), plane.axes), (3 / 6, 1 / 6))
    places = np.concatenate([point(6, row, column) for row in range(6) for column in range(6)])
    expected = log_density(places, plane.to_plane(codes.mean), around).reshape(6, 6)
    expected = np.maximum(expected - expected.max(), LOWEST_NATS)
    np.testing.assert_allclose(values, expected, atol=1e-4)
    assert values.max() == 0


@pytest.mark.parametrize("kind", ["decode_encode_error", "decoder_sensitivity"])
def test_a_cell_has_the_value_at_its_centre(sources, kind):
    cache = InferenceCache()
    request, codes, plane = asked(sources, cache, kind)
    values = stages(request.compute(cache, silent))[-1].values
    frozen_model = cache.frozen_model(sources.snapshot)
    for row, column in ((0, 0), (2, 5), (5, 1)):
        code = plane.from_plane(point(6, row, column), np.array(BASE))
        if kind == "decoder_sensitivity":
            expected = decoder_sensitivity(frozen_model, code, plane.axes)
        else:
            expected = decode_encode_errors(frozen_model, code, code_scale_of(codes))
        assert values[row, column] == pytest.approx(float(expected[0]), rel=1e-4)


def test_a_layout_has_a_density_and_a_round_trip_but_no_directions(sources):
    cache = InferenceCache()
    codes = sources.codes(cache, silent)
    places = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    layout = Embedding2D("tsne", codes.mean, places, data_limits(places), ("t-SNE 1", "t-SNE 2"))
    shown = CodeMap(layout, places, None, (), np.zeros((6, 2)), shipped=False)
    fields = {
        kind: SupportOnMap(sources, shown, kind, RECT, (), (5,))
        for kind in ("density", "decode_encode_error", "decoder_sensitivity")
    }
    density = stages(fields["density"].compute(cache, silent))[-1].values
    assert density.max() == 0
    assert density.min() < -0.5
    assert np.isfinite(stages(fields["decode_encode_error"].compute(cache, silent))[-1].values).all()
    with pytest.raises(StudioError, match="t-SNE"):
        stages(fields["decoder_sensitivity"].compute(cache, silent))


def test_data_support_of_a_near_and_of_a_far_code(sources):
    cache = InferenceCache()
    backing = DataSupportReference(sources).compute(cache, silent)
    code = sources.codes(cache, silent).mean[7]
    near = SupportOfCode(sources, backing, tuple(code.tolist())).compute(cache, silent)
    far = SupportOfCode(sources, backing, (40.0,) * 6).compute(cache, silent)
    assert near.distance_share > 0.1
    assert far.verdict == "unsupported"
    assert near == SupportOfCode(sources, backing, tuple(code.tolist())).compute(cache, silent)


def test_a_shipped_models_own_codes_will_do(make_snapshot):
    given = ShippedCodes(
        np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32), np.zeros(40, np.int64)
    )
    sources = ReferenceCodes(make_snapshot(), None, given, 10)
    backing = DataSupportReference(sources).compute(InferenceCache(), silent)
    assert len(backing.points) == 40

"""Every request with a model of each kind of latent: a value, or a sentence that says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.layer_weights import matrices
from aestudio.analysis.projections import plane_of_dimensions
from aestudio.datasets.dataset import part_of
from aestudio.errors import StudioError
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.attributes_request import (
    Combination,
    GroupDifference,
    OtherClasses,
)
from aestudio.gui.inference.requests.axis_names_request import NameAxes
from aestudio.gui.inference.requests.class_rows_request import RowsOfStyles
from aestudio.gui.inference.requests.comparison_request import (
    ComparedAtCode,
    ComparedImage,
    ComparedMaps,
    ComparedStyles,
)
from aestudio.gui.inference.requests.compression_request import CompressImage, RateOfSet
from aestudio.gui.inference.requests.data_support_request import DataSupportReference, ReferenceCodes
from aestudio.gui.inference.requests.drawings_request import DecodedDrawings
from aestudio.gui.inference.requests.exploration_request import Inspect, PrepareSlider
from aestudio.gui.inference.requests.interpolation_request import Interpolate
from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
from aestudio.gui.inference.requests.layers_request import LayerActivity, LayerWeights
from aestudio.gui.inference.requests.map_values_request import ValuesOnMap
from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.gui.inference.requests.nearest_request import NearestImages, NearestToPoint
from aestudio.gui.inference.requests.rates_request import RatesOfFormats
from aestudio.gui.inference.requests.reconstruction_row_request import ReconstructionRow
from aestudio.gui.inference.requests.reconstructions_request import (
    Enlarged,
    ReconstructDrawing,
    Triples,
    WorstFirst,
)
from aestudio.gui.inference.requests.samples_request import DrawSamples
from aestudio.gui.inference.requests.sliders_request import SlidersRequest
from aestudio.gui.inference.requests.traversals_request import SheetRows
from aestudio.gui.inference.requests.weights_request import FirstWeights
from aestudio.gui.state.model_state import ExploredModel, random_code
from aestudio.gui.state.studio_state import PlaneChoice
from aestudio.gui.state.workspace import Example
from aestudio.inference.conditions import any_condition
from aestudio.progress import silent
from aestudio.recipes.latent import Latent
from aestudio.recipes.network_layers import chains
from aestudio.runs.drawings_file import Drawing
from tests.latent_models import DISCRETE, KINDS, snapshot_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

PLANE = PlaneChoice("components")
REFUSED = {
    "gan": {
        "map": "does not encode images",
        "sliders": "does not encode images",
        "names": "does not encode images",
        "support": "does not encode images",
        "triples": "does not encode images",
        "enlarged": "does not encode images",
        "drawn": "does not encode images",
        "worst": "does not encode images",
        "compressed": "does not encode images",
        "rate": "does not encode images",
        "formats": "does not encode images",
        "drawings": "does not encode images",
        "difference": "does not encode images",
        "combination": "does not encode images",
        "classes": "does not encode images",
        "interpolation of images": "does not encode images",
        "mixture": "does not encode images",
    },
    "codebook": dict.fromkeys(
        (
            "sliders",
            "names",
            "support",
            "compressed",
            "rate",
            "difference",
            "combination",
            "classes",
            "interpolation of images",
            "interpolation of codes",
            "traversals",
            "mixture",
        ),
        "between two",
    ),
    "levels": {},
}
REFUSED["categorical"] = REFUSED["codebook"]


def requests(snapshot: Snapshot, dataset: Dataset) -> dict[str, Any]:
    test, sets = dataset.test, (dataset.test,)
    prior = snapshot.architecture.latent.prior
    assert prior is not None
    first, second = prior.sample(2, np.random.default_rng(0))
    encodes = snapshot.architecture.encodes
    told = None if encodes else any_condition(snapshot.architecture)
    layer = chains(snapshot.architecture)[0].layers[1]
    images = Example("a", number=0), Example("b", number=1)
    codes = Example("a", code=first), Example("b", code=second)
    return {
        "slider": PrepareSlider(snapshot),
        "inspect": Inspect(snapshot, sets, 3),
        "map": LatentMapRequest(snapshot, sets, None, 60, PLANE),
        "sliders": SlidersRequest(snapshot, test, None, 60),
        "names": NameAxes(snapshot, test, None, None, (), 1),
        "support": DataSupportReference(ReferenceCodes(snapshot, test, None, 60)),
        "triples": Triples(snapshot, test, (0, 1)),
        "enlarged": Enlarged(snapshot, test, (0,)),
        "drawn": ReconstructDrawing(snapshot, test.images[0].tobytes()),
        "worst": WorstFirst(snapshot, test, 20),
        "row": ReconstructionRow(snapshot, test, 4),
        "compressed": CompressImage(snapshot, test, 0, 4, test, 20),
        "rate": RateOfSet(snapshot, test, 20, test, 20),
        "formats": RatesOfFormats(snapshot, part_of(test, slice(3)), test, 20),
        "drawings": DecodedDrawings(snapshot, (Drawing("mine", test.images[0]),)),
        "difference": GroupDifference(snapshot, sets, images[:1], images[1:]),
        "combination": Combination(snapshot, sets, (*images, images[0])),
        "classes": OtherClasses(snapshot, test, 0, dataset.train),
        "interpolation of images": Interpolate(snapshot, sets, images, "straight"),
        "interpolation of codes": Interpolate(snapshot, sets, codes, "straight"),
        "mode coverage": CountClasses(snapshot, (test,), 20),
        "samples": DrawSamples(snapshot, test, 60, "prior", 1.0, 5, 0),
        "traversals": SheetRows(snapshot, None, None, "dimensions", None, None, 7, 0, 4),
        "nearest": NearestToPoint(snapshot, dataset.train, test, tuple(first.tolist()), None),
        "mixture": DrawSamples(snapshot, test, 60, "mixture", 1.0, 5, 0),
        "weights": FirstWeights(snapshot),
        "activity": LayerActivity(snapshot, sets, 3, None if encodes else tuple(first.tolist()), told),
        "layer": LayerWeights(snapshot, layer, matrices(layer, snapshot)[0]),
        "compared image": ComparedImage((snapshot, snapshot), sets, 0),
        "compared at code": ComparedAtCode((snapshot, snapshot), tuple(first.tolist())),
        "compared styles": ComparedStyles((snapshot, snapshot), sets, 0, (None, None)),
        "compared maps": ComparedMaps((snapshot, snapshot), test, 60, True),
    }


def computed(request: Any, cache: InferenceCache | None = None) -> Any:
    """The last value of a request."""
    value = request.compute(cache or InferenceCache(), silent)
    if not hasattr(value, "send"):
        return value
    while True:
        try:
            next(value)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("kind", KINDS)
def test_every_request_has_a_value_or_says_why_not(kind: str, few_digits: Dataset) -> None:
    refused, cache = {}, InferenceCache()
    for name, request in requests(snapshot_of(kind), few_digits).items():
        try:
            assert computed(request, cache) is not None, name
        except StudioError as problem:
            refused[name] = str(problem)
    assert set(refused) == set(REFUSED[kind]), refused
    for name, part in REFUSED[kind].items():
        assert part in refused[name], (name, refused[name])


def test_an_image_without_a_code_is_inspected_as_it_is(few_digits: Dataset) -> None:
    found = computed(Inspect(snapshot_of("gan"), (few_digits.test,), 3))
    np.testing.assert_array_equal(found.original, few_digits.test.images[3])
    assert found.code is None
    assert found.reconstruction is None
    assert found.probabilities is None


@pytest.mark.parametrize("kind", DISCRETE)
def test_the_map_is_of_the_entries_not_of_their_numbers(kind: str, few_digits: Dataset) -> None:
    snapshot = snapshot_of(kind)
    cache = InferenceCache()
    shown = computed(LatentMapRequest(snapshot, (few_digits.test,), None, 60, PLANE), cache)
    points = cache.codes(snapshot, few_digits.test, 60, silent).points
    assert shown.plane.size == points.shape[1] != snapshot.architecture.latent.size
    np.testing.assert_allclose(shown.xy, shown.plane.to_plane(points), atol=1e-5)
    found = computed(Inspect(snapshot, (few_digits.test,), 5))
    np.testing.assert_allclose(shown.plane.to_plane(found.point[None])[0], shown.xy[5], atol=1e-5)
    dimensions = LatentMapRequest(snapshot, (few_digits.test,), None, 60, PlaneChoice("dimensions"))
    assert computed(dimensions, cache).plane.kind == "components"


@pytest.mark.parametrize("kind", DISCRETE)
def test_density_of_discrete_codes_is_refused(kind: str, few_digits: Dataset) -> None:
    snapshot, sets = snapshot_of(kind), (few_digits.test,)
    shown = computed(LatentMapRequest(snapshot, sets, None, 60, PLANE))
    with pytest.raises(StudioError, match="no density"):
        computed(ValuesOnMap("density", snapshot, sets, None, shown))
    losses = computed(ValuesOnMap("loss", snapshot, sets, None, shown))
    assert len(losses.values) == 60


@pytest.mark.parametrize("kind", DISCRETE)
def test_samples_of_a_discrete_prior_are_entries(kind: str, few_digits: Dataset) -> None:
    snapshot = snapshot_of(kind)
    samples = computed(DrawSamples(snapshot, few_digits.test, 60, "prior", 1.0, 200, 0))
    entries = snapshot.architecture.latent.choices
    assert set(np.unique(samples.codes)) == set(range(entries))
    cold = computed(DrawSamples(snapshot, few_digits.test, 60, "prior", 0.0, 50, 0))
    assert not cold.codes.any()


def test_images_nearest_to_the_samples_of_a_generator(few_digits: Dataset) -> None:
    snapshot = snapshot_of("gan")
    samples = computed(DrawSamples(snapshot, few_digits.test, 60, "prior", 1.0, 3, 0))
    found = computed(NearestImages(snapshot, few_digits.train, few_digits.test, samples))
    assert found.nearest.indices.shape == (3, 6)
    assert not len(found.usual)


def test_a_generator_interpolates_between_codes(few_digits: Dataset) -> None:
    snapshot = snapshot_of("gan")
    first, second = np.zeros(6, np.float32), np.ones(6, np.float32)
    keyframes = Example("a", code=first), Example("b", code=second)
    found = computed(Interpolate(snapshot, (few_digits.test,), keyframes, "straight"))
    np.testing.assert_array_equal(found.codes[0], first)
    np.testing.assert_array_equal(found.codes[-1], second)


def test_a_generator_shows_the_same_samples_while_it_learns(few_digits: Dataset) -> None:
    one, other = (snapshot_of("gan", seed=seed) for seed in (0, 1))
    row = ReconstructionRow(one, few_digits.test, 4)
    images = computed(row)
    assert images.shape == (4, 1, 28, 28)
    np.testing.assert_array_equal(images, computed(row))
    assert (images != computed(ReconstructionRow(other, few_digits.test, 4))).any()


def test_long_points_are_projected_as_exactly_computed_ones_are() -> None:
    from aestudio.analysis.projections import LARGEST_EXACT, principal_components

    random = np.random.default_rng(0)
    spread = np.r_[30.0, 20.0, np.full(LARGEST_EXACT, 0.1)]
    codes = (random.standard_normal((300, len(spread))) * spread).astype(np.float32)
    found = principal_components(codes, 2)
    _, values, directions = np.linalg.svd(codes - codes.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(found.stds, values[:2] / np.sqrt(299), rtol=1e-3)
    np.testing.assert_allclose(np.abs((found.directions.T * directions[:2]).sum(axis=1)), 1, atol=1e-3)
    assert plane_of_dimensions(codes, 0, 1).size == len(spread)


@pytest.mark.parametrize("kind", DISCRETE)
def test_random_codes_are_entries_without_a_prior_too(
    kind: str, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default numbers, normally distributed ones, are no entries."""
    objective = type(snapshot_of(kind).recipe.objective)
    given = objective.latent
    monkeypatch.setattr(
        objective,
        "latent",
        lambda *values: Latent(given(*values).kind, given(*values).shape, choices=given(*values).choices),
    )
    snapshot = snapshot_of(kind, "without a prior")
    latent, cache = snapshot.architecture.latent, InferenceCache()
    draw = DrawSamples(snapshot, few_digits.test, 50, "prior", 1.0, 20, 3)
    styles = RowsOfStyles(snapshot, ((),), 20, 3, few_digits.test)
    model = ExploredModel(snapshot, kind, "kept")
    drawn = [random_code(model, np.random.default_rng(seed)) for seed in range(20)]
    found = [np.stack(drawn), draw.compute(cache, silent).codes, styles.compute(cache, silent).codes]
    for codes in found:
        assert codes.shape == (20, latent.size)
        assert all(latent.contains(code) for code in codes)
        assert len(np.unique(codes)) > 1

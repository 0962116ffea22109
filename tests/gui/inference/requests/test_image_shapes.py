"""Every request with digits, with 32x32 images in colour, and with grey ones 20 wide and 28 high."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.grid_cells import CellGrid, GridWindow, scales_of
from aestudio.analysis.projections import plane_of_dimensions
from aestudio.errors import StudioError
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests import grid_request
from aestudio.gui.inference.requests.attributes_request import (
    Combination,
    DifferencePreview,
    GroupDifference,
    OtherClasses,
)
from aestudio.gui.inference.requests.axis_names_request import NameAxes
from aestudio.gui.inference.requests.comparison_request import ComparedAtCode, ComparedImage, ComparedMaps
from aestudio.gui.inference.requests.compression_request import CompressImage, RateOfSet
from aestudio.gui.inference.requests.data_support_request import (
    DataSupportReference,
    ReferenceCodes,
    SupportOfCode,
    SupportOnMap,
)
from aestudio.gui.inference.requests.drawings_request import DecodedDrawings
from aestudio.gui.inference.requests.exploration_request import Inspect, PrepareSlider
from aestudio.gui.inference.requests.grid_request import PlaneGrid
from aestudio.gui.inference.requests.interpolation_request import Interpolate, played
from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
from aestudio.gui.inference.requests.map_values_request import ValuesOnMap
from aestudio.gui.inference.requests.nearest_request import NearestImages
from aestudio.gui.inference.requests.reconstruction_row_request import ReconstructionRow
from aestudio.gui.inference.requests.reconstructions_request import ReconstructDrawing, Triples, WorstFirst
from aestudio.gui.inference.requests.samples_request import DrawSamples, SampleSet
from aestudio.gui.inference.requests.sliders_request import SlidersRequest
from aestudio.gui.state.studio_state import PlaneChoice
from aestudio.gui.state.workspace import Example
from aestudio.progress import silent
from aestudio.runs.drawings_file import Drawing
from tests.images import NAMES, dataset_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.events import Snapshot

CODE = (0.5, -1.0, 0.0, 1.5, -0.5, 1.0)


@dataclass(frozen=True)
class Case:
    """A data set, and a model of its images."""

    dataset: Dataset
    snapshot: Snapshot
    cache: InferenceCache

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.dataset.shape.image.array

    @property
    def test(self) -> ImageSet:
        return self.dataset.test

    @property
    def sets(self) -> tuple[ImageSet, ...]:
        return self.dataset.test, self.dataset.train

    @property
    def model(self) -> FrozenModel:
        return self.cache.frozen_model(self.snapshot)

    def ask(self, request: Any) -> Any:
        """The last value of a request."""
        result = request.compute(self.cache, silent)
        if not hasattr(result, "send"):
            return result
        while True:
            try:
                next(result)
            except StopIteration as end:
                return end.value


@pytest.fixture(params=NAMES)
def case(
    request: pytest.FixtureRequest,
    few_digits: Dataset,
    make_snapshot: Callable[..., Snapshot],
) -> Case:
    dataset = dataset_named(request.param, few_digits)
    return Case(dataset, make_snapshot(data=dataset.shape), InferenceCache())


def one_by_one(model: FrozenModel, codes: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Each code decoded alone."""
    return np.concatenate([model.decode(code[None]) for code in codes])


def assert_decoded(case: Case, images: NDArray[np.uint8], codes: NDArray[np.float32]) -> None:
    """These images are those of the codes, uint8 (N, C, H, W)."""
    assert images.dtype == np.uint8
    assert images.shape == (len(codes), *case.shape)
    np.testing.assert_allclose(images.astype(int), one_by_one(case.model, codes).astype(int), atol=1)


def squared_errors(case: Case, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Summed over all C * H * W numbers, of reconstructions before rounding."""
    exact = case.model.reconstruct_exactly(images).astype(np.float64)
    return np.square(exact - images / 255.0).reshape(len(images), -1).sum(axis=1)


def test_the_selected_image_and_its_signed_error(case: Case) -> None:
    found = case.ask(Inspect(case.snapshot, case.sets, 3))
    np.testing.assert_array_equal(found.original, case.test.images[3])
    assert found.reconstruction.shape == found.error.shape == case.shape
    np.testing.assert_array_equal(found.reconstruction, case.model.reconstruct(case.test.images[3:4])[0])
    np.testing.assert_allclose(
        found.error * 255, found.reconstruction.astype(int) - found.original.astype(int), atol=1e-4
    )
    assert found.squared_error == pytest.approx(squared_errors(case, case.test.images[3:4])[0], rel=1e-5)
    (compared,) = case.ask(ComparedImage((case.snapshot,), case.sets, 3))
    np.testing.assert_array_equal(compared.reconstruction, found.reconstruction)


def test_reconstructions_and_their_row(case: Case) -> None:
    found = case.ask(Triples(case.snapshot, case.test, (5, 2)))
    np.testing.assert_array_equal(found.originals, case.test.images[[5, 2]])
    assert found.reconstructed.shape == found.errors.shape == (2, *case.shape)
    np.testing.assert_allclose(found.squared_error, squared_errors(case, case.test.images[[5, 2]]), rtol=1e-5)
    row = case.ask(ReconstructionRow(case.snapshot, case.test, 4))
    assert row.shape == (8, *case.shape)
    np.testing.assert_array_equal(row[:4], case.test.images[:4])
    np.testing.assert_array_equal(row[4:], case.model.reconstruct(case.test.images[:4]))
    worst = case.ask(WorstFirst(case.snapshot, case.test, 20))
    assert worst.indices[0] == squared_errors(case, case.test.images[:20]).argmax()


def test_a_drawing_and_the_kept_ones(case: Case) -> None:
    image = case.test.images[1]
    drawn = case.ask(ReconstructDrawing(case.snapshot, image.tobytes()))
    np.testing.assert_array_equal(drawn.image, image)
    np.testing.assert_array_equal(drawn.triple.reconstructed, case.model.reconstruct(image[None]))
    kept = case.ask(DecodedDrawings(case.snapshot, (Drawing("a", image), Drawing("b", case.test.images[2]))))
    np.testing.assert_allclose(kept.codes, case.model.encode(case.test.images[1:3]).mean, atol=1e-6)
    assert kept.reconstructions.shape == (2, *case.shape)
    np.testing.assert_allclose(kept.losses, squared_errors(case, case.test.images[1:3]), rtol=1e-5)


def test_samples_and_the_nearest_images(case: Case) -> None:
    for source in ("prior", "mixture"):
        drawn = case.ask(DrawSamples(case.snapshot, case.test, 60, source, 1.0, 5, 0))
        assert_decoded(case, drawn.images, drawn.codes)
    copied = SampleSet(np.zeros((1, 6), np.float32), case.dataset.train.images[[17]])
    found = case.ask(NearestImages(case.snapshot, case.dataset.train, case.test, copied))
    assert found.nearest.indices[0, 0] == 17
    second = found.nearest.indices[0, 1]
    difference = (case.dataset.train.images[17] / 255.0) - (case.dataset.train.images[second] / 255.0)
    assert found.nearest.distances[0, 1] == pytest.approx(np.sqrt(np.square(difference).mean()), rel=1e-4)


@pytest.mark.parametrize(("path", "even"), [("straight", False), ("spherical", True), ("geodesic", False)])
def test_an_interpolation_from_an_image_to_a_drawing(case: Case, path: Any, even: bool) -> None:
    keyframes = Example("image", number=4), Example("drawing", image=case.test.images[9])
    found = case.ask(Interpolate(case.snapshot, case.sets, keyframes, path, even=even))
    assert_decoded(case, found.images, found.codes)
    ends = case.model.encode(case.test.images[[4, 9]]).mean
    np.testing.assert_allclose(found.codes[[0, -1]], ends, atol=1e-5)
    assert played(found, back=True).shape == (2 * len(found.images) - 2, *case.shape)


def test_attribute_vectors_analogies_and_other_classes(case: Case) -> None:
    drawing, image = Example("drawing", image=case.test.images[8]), Example("image", number=0)
    mean = Example("class", label=0)
    difference = case.ask(GroupDifference(case.snapshot, case.sets, (image, mean), (drawing,)))
    assert difference.decoded[mean].shape == case.shape
    vector = tuple(difference.attribute_vector.vector.tolist())
    images = case.ask(DifferencePreview(case.snapshot, CODE, vector, case.sets))
    base, step = np.array(CODE, np.float32), np.array(vector, np.float32)
    assert_decoded(case, images, np.stack([base - step, base, base + step]))
    combined = case.ask(Combination(case.snapshot, case.sets, (image, mean, drawing)))
    assert_decoded(case, combined.image[None], combined.code[None])
    swapped = case.ask(OtherClasses(case.snapshot, case.test, 0, case.test))
    assert_decoded(case, swapped.images, swapped.codes)


@pytest.mark.parametrize("side", [4, 25])
def test_the_grid_coarse_to_fine(case: Case, side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_request, "AT_ONCE_SECONDS", 0.0)
    plane = plane_of_dimensions(np.random.default_rng(0).normal(size=(100, 6)), 1, 4)
    cells = CellGrid.under(GridWindow(), scales_of(plane, "even"), side)
    result = PlaneGrid(case.snapshot, plane, CODE, cells).compute(case.cache, silent)
    images = []
    while True:
        try:
            images.append(next(result))
        except StopIteration as end:
            images.append(end.value)
            break
    channels, height, width = case.shape
    assert {image.mosaic.shape for image in images} == {(channels, side * height, side * width)}
    tiles = images[-1].mosaic.reshape(channels, side, height, side, width)
    for column, row in ((0, 0), (side - 1, 1), (2, side - 1)):
        code = np.array(CODE, np.float32)
        code[1], code[4] = cells.centre(column, row)
        expected = case.model.decode(code[None])[0].astype(int)
        np.testing.assert_allclose(tiles[:, side - 1 - row, :, column].astype(int), expected, atol=1)
    if len(images) > 1:  # each block of cells shows the image of one of them, enlarged
        stride = 4
        block = images[0].mosaic[:, -stride * height :, : stride * width]
        leader = tiles[:, side - 1 - stride // 2, :, stride // 2]
        np.testing.assert_array_equal(block, leader.repeat(stride, axis=1).repeat(stride, axis=2))


def test_the_map_its_losses_and_data_support(case: Case) -> None:
    sets = (case.test,)
    shown = case.ask(LatentMapRequest(case.snapshot, sets, None, 60, PlaneChoice("components", 0, 1)))
    assert shown.xy.shape == (60, 2)
    losses = case.ask(ValuesOnMap("loss", case.snapshot, sets, None, shown))
    np.testing.assert_allclose(losses.values, squared_errors(case, case.test.images), rtol=1e-4)
    sources = ReferenceCodes(case.snapshot, case.test, None, 60)
    rect = (-1.0, 1.0, -1.0, 1.0)
    for kind in ("density", "decode_encode_error", "decoder_sensitivity"):
        base = () if kind == "density" else CODE
        values = case.ask(SupportOnMap(sources, shown, kind, rect, base, (4,))).values
        assert values.shape == (4, 4)
        assert np.isfinite(values).all()
    reference = case.ask(DataSupportReference(sources))
    own = tuple(case.model.encode(case.test.images[:1]).mean[0].tolist())
    assert case.ask(SupportOfCode(sources, reference, own)).verdict in ("supported", "unusual", "unsupported")
    statistics = case.ask(SlidersRequest(case.snapshot, case.test, None, 60))
    assert len(statistics.axes_of("dimensions")) == 6


def test_compared_runs(case: Case) -> None:
    (image,) = case.ask(ComparedAtCode((case.snapshot,), CODE))
    assert_decoded(case, image[None], np.array([CODE], np.float32))
    (compared,) = case.ask(ComparedMaps((case.snapshot,), case.test, 30, same_axes=True))
    expected = squared_errors(case, case.test.images[:30]).mean()
    assert compared.squared_error == pytest.approx(expected, rel=1e-4)


def test_compression(case: Case) -> None:
    found = case.ask(CompressImage(case.snapshot, case.test, 2, 4, case.dataset.train, 60))
    np.testing.assert_array_equal(found.original, case.test.images[2])
    assert found.png_bits > 0
    assert found.jpeg_bits > 0
    points = case.ask(RateOfSet(case.snapshot, case.test, 10, case.dataset.train, 60))
    assert len(points) == 12


def test_the_slider_module_decodes(case: Case) -> None:
    module = case.ask(PrepareSlider(case.snapshot))
    assert module.decode(np.array([CODE], np.float32)).shape == (1, *case.shape)


def test_axes_are_named_by_strokes_where_there_are_some_and_else_by_classes(case: Case) -> None:
    request = NameAxes(case.snapshot, case.test, None, None, (), levels=1)
    found = case.ask(request)
    strokes = case.dataset.shape.image.grey
    assert bool(found.no_strokes) is not strokes
    assert any(found.axes) is strokes
    if not strokes:
        assert found.finished, "there is nothing more to measure"
        assert found.no_strokes.startswith("not for these pictures")
        with_classes = NameAxes(case.snapshot, case.test, case.dataset.train, None, (), levels=3)
        named = case.ask(with_classes)  # the first turn may only have learned the classes
        named = case.ask(with_classes) if not any(named.axes) else named
        keys = {key for name in named.axes if name is not None for key in name.associations}
        assert keys == {f"class:{name}" for name in case.test.class_names}
        assert named.no_strokes


def test_images_of_another_shape_are_refused_with_both_shapes(
    case: Case, few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    other = dataset_named("digits" if case.shape[0] == 3 else "colour 32x32", few_digits).test
    image = other.images[0]
    drawing, example = Drawing("other", image), Example("other", image=image)
    requests = (
        Inspect(case.snapshot, (other,), 0),
        Triples(case.snapshot, other, (0,)),
        WorstFirst(case.snapshot, other, 10),
        ReconstructionRow(case.snapshot, other, 2),
        ReconstructDrawing(case.snapshot, image.tobytes()),
        DecodedDrawings(case.snapshot, (drawing,)),
        GroupDifference(case.snapshot, (case.test,), (example,), (Example("image", number=0),)),
        LatentMapRequest(case.snapshot, (other,), None, 10, PlaneChoice("components", 0, 1)),
        CompressImage(case.snapshot, other, 0, 4, case.test, 10),
        RateOfSet(case.snapshot, other, 10, case.test, 10),
        NameAxes(case.snapshot, other, None, None, (), levels=1),
        OtherClasses(case.snapshot, other, 0, case.test),
    )
    for request in requests:
        with pytest.raises(StudioError, match=re.escape(f"takes images of {case.dataset.shape.image}, ")):
            case.ask(request)

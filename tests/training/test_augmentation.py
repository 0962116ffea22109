"""Random changes of training images: against torchvision, scipy and numpy, image by image."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from torch.utils._python_dispatch import TorchDispatchMode

from aestudio.errors import StudioError
from aestudio.recipes.augmentation_settings import Augmentation
from aestudio.recipes.setting import describe
from aestudio.training.augmentation import augment, prepare_augmentation
from aestudio.training.augmentation_transforms import (
    ERASED_AREA,
    Erase,
    Warp,
    affine_parameters,
    affine_points,
    blurred_deviation,
    centred_points,
    displacements,
)
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, Ended, Event, MetricPoint
from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.recorded_steps import RecordedSteps
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from aestudio.datasets.dataset import Dataset
NAMES = [info.name for info in describe(Augmentation)]
MODERATE: dict[str, float] = {
    "augment_rotation": 15.0,
    "augment_shift": 0.1,
    "augment_scale": 0.2,
    "augment_shear": 10.0,
    "augment_elastic": 0.04,
    "augment_erasing": 0.5,
    "augment_noise": 0.1,
}


def transforms() -> Any:
    """torchvision's; imported when they are used, because it takes seconds of every process that collects."""
    from torchvision.transforms import v2

    return v2


EVERYTHING = Augmentation(**MODERATE)
SHAPES = [(5, 1, 28, 28), (4, 3, 33, 17), (3, 3, 8, 64)]
EACH_SHAPE = pytest.mark.parametrize("shape", SHAPES, ids=str)


def seeded(seed: int = 0) -> Generator:
    return torch.Generator().manual_seed(seed)


def random_images(shape: tuple[int, ...], seed: int = 1) -> Tensor:
    return torch.rand(shape, generator=seeded(seed))


def warped(images: Tensor, points: Tensor) -> Tensor:
    return Warp(EVERYTHING, seeded()).transform(images, {"points": points})


def sampled_by_scipy(image: Tensor, points: Tensor) -> np.ndarray:
    """One image (C, H, W) at points (H, W, 2), x and y from its centre; 0 beyond the edges."""
    height, width = image.shape[-2:]
    across, down = points.double().numpy().transpose(2, 0, 1)
    places = [down + (height - 1) / 2, across + (width - 1) / 2]
    return np.stack(
        [
            ndimage.map_coordinates(channel, places, order=1, mode="grid-constant", cval=0.0)
            for channel in image.double().numpy()
        ]
    )


# ---- rotation, shear, scale, shift ----


@EACH_SHAPE
def test_the_affine_map_of_each_image_is_torchvisions(shape: tuple[int, ...]) -> None:
    images = random_images(shape)
    fixed = [(30.0, 0.0, 1.0, 0, 0), (0.0, 25.0, 1.0, 0, 0), (0.0, 0.0, 0.7, 0, 0), (0.0, 0.0, 1.0, 2, -1)]
    fixed = [*fixed, (-130.0, -12.0, 1.3, -3, 2)][-len(images) :]
    angles, shears, scales, right, down = torch.tensor(fixed).T
    parameters = torch.stack((angles.deg2rad(), shears.deg2rad(), scales, right, down))
    found = warped(images, affine_points(centred_points(images), parameters))
    for image, result, (angle, shear, scale, x, y) in zip(images, found, fixed, strict=True):
        expected = transforms().functional.affine(
            image,
            angle=angle,
            translate=[x, y],
            scale=scale,
            shear=[shear, 0.0],
            interpolation=transforms().InterpolationMode.BILINEAR,
        )
        torch.testing.assert_close(result, expected, rtol=0.0, atol=2e-5)


@EACH_SHAPE
def test_the_affine_map_is_the_one_that_the_text_gives(shape: tuple[int, ...]) -> None:
    """A matrix of our own in double precision, sampled by scipy."""
    images = random_images(shape)
    everything = Augmentation(**MODERATE | {"augment_rotation": 170.0, "augment_shear": 40.0})
    parameters = affine_parameters(images, everything, seeded(3))
    found = warped(images, affine_points(centred_points(images), parameters))
    base = centred_points(images).double().numpy()[0]
    for image, result, values in zip(images, found, parameters.T.tolist(), strict=True):
        angle, shear, scale, *shift = values
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        matrix = scale * turn @ np.array([[1.0, -math.tan(shear)], [0.0, 1.0]])
        points = (base - np.array(shift)) @ np.linalg.inv(matrix).T
        expected = sampled_by_scipy(image, torch.tensor(points))
        np.testing.assert_allclose(result.numpy(), expected, rtol=0.0, atol=2e-4)


def test_a_shift_by_whole_pixels_copies_them() -> None:
    images = random_images((40, 1, 28, 20))
    shifts = affine_parameters(images, Augmentation(augment_shift=0.25), seeded(5))[3:]
    found = augment(images, Augmentation(augment_shift=0.25), seeded(5))
    assert set(shifts.flatten().tolist()) >= {-7.0, 7.0, 0.0}
    for image, result, (x, y) in zip(images, found, shifts.T.int().tolist(), strict=True):
        expected = np.zeros((28, 20), np.float32)
        rows, columns = slice(max(y, 0), 28 + min(y, 0)), slice(max(x, 0), 20 + min(x, 0))
        from_rows, from_columns = slice(max(-y, 0), 28 - max(y, 0)), slice(max(-x, 0), 20 - max(x, 0))
        expected[rows, columns] = image[0, from_rows, from_columns]
        np.testing.assert_allclose(result[0].numpy(), expected, rtol=0.0, atol=1e-5)


def test_each_image_gets_parameters_of_its_own_up_to_the_bounds() -> None:
    images = torch.zeros((4000, 1, 28, 20))
    angle, shear, scale, right, down = affine_parameters(images, EVERYTHING, seeded()).double().numpy()
    bounds = [
        (angle, -math.radians(15), math.radians(15)),
        (shear, -math.radians(10), math.radians(10)),
        (scale, 0.8, 1.2),
        (right, -2.0, 2.0),
        (down, -3.0, 3.0),
    ]
    for values, low, high in bounds:
        assert low - 1e-6 <= values.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < values.max() <= high + 1e-6
        assert abs(values.mean() - (low + high) / 2) < 0.02 * (high - low)
    assert set(right) == {-2.0, -1.0, 0.0, 1.0, 2.0}
    assert len(np.unique(angle)) > 3900
    assert np.abs(np.corrcoef([angle, shear, scale, right, down]) - np.eye(5)).max() < 0.06


# ---- elastic ----


@EACH_SHAPE
def test_displacements_are_noise_blurred_by_scipy(shape: tuple[int, ...]) -> None:
    batch, _, height, width = shape
    found = displacements(random_images(shape), 0.05, seeded(2))
    side = min(height, width)
    sigma = side / 7
    reach = min(math.ceil(4 * sigma), side - 1)
    noise = torch.rand((batch, 2, height, width), generator=seeded(2)).double().numpy() * 2 - 1
    blurred = ndimage.gaussian_filter(noise, sigma, mode="mirror", radius=reach, axes=(2, 3))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    deviation = (weights**2).sum() / weights.sum() ** 2 / math.sqrt(3)
    expected = (blurred * 0.05 * side / deviation).transpose(0, 2, 3, 1)
    assert found.shape == (batch, height, width, 2)
    np.testing.assert_allclose(found.numpy(), expected, rtol=0.0, atol=1e-4)


def test_the_strength_is_the_root_mean_square_of_the_displacement() -> None:
    found = displacements(torch.zeros((2000, 1, 28, 28)), 0.05, seeded())
    middle = found[:, 13:15, 13:15]  # where no noise is continued by reflection
    assert float(middle.square().mean().sqrt()) == pytest.approx(0.05 * 28, rel=0.05)
    wide = np.random.default_rng(0).uniform(-1, 1, 300_000)
    by_scipy = ndimage.gaussian_filter1d(wide, 4.0, radius=16).std()
    # Of one axis: what both axes give is the same share twice of the noise's own 1 / sqrt(3).
    assert blurred_deviation(33, 4.0) == pytest.approx(by_scipy**2 * math.sqrt(3), rel=0.02)


@EACH_SHAPE
def test_the_deformation_of_each_image_is_torchvisions(shape: tuple[int, ...]) -> None:
    images = random_images(shape)
    height, width = shape[-2:]
    found = augment(images, Augmentation(augment_elastic=0.06), seeded(4))
    moved = displacements(images, 0.06, seeded(4))
    for number, (image, result) in enumerate(zip(images, found, strict=True)):
        shares = moved[number : number + 1] * torch.tensor([2 / width, 2 / height])
        expected = transforms().functional.elastic(image, displacement=shares, fill=None)
        torch.testing.assert_close(result, expected, rtol=0.0, atol=2e-5)
        points = centred_points(images)[0] + moved[number]
        np.testing.assert_allclose(result.numpy(), sampled_by_scipy(image, points), rtol=0.0, atol=2e-4)


def test_both_maps_together_are_one_interpolation() -> None:
    images = random_images((3, 3, 20, 28))
    both = Augmentation(augment_rotation=40.0, augment_elastic=0.05)
    found = augment(images, both, seeded(8))
    generator = seeded(8)
    bent = centred_points(images) + displacements(images, 0.05, generator)
    points = affine_points(bent, affine_parameters(images, both, generator))
    for image, result, place in zip(images, found, points, strict=True):
        np.testing.assert_allclose(result.numpy(), sampled_by_scipy(image, place), rtol=0.0, atol=2e-4)


# ---- erasing, noise ----


@EACH_SHAPE
def test_erasing_blackens_one_rectangle_of_the_chosen_images(shape: tuple[int, ...]) -> None:
    channels, height, width = shape[1:]
    images = random_images((600, channels, height, width)) * 0.9 + 0.1
    found = augment(images, Augmentation(augment_erasing=0.3), seeded(6))
    chosen = 0
    for image, result in zip(images, found, strict=True):
        gone = np.argwhere((result == 0).all(dim=0).numpy())
        expected = image
        if len(gone):
            chosen += 1
            (top, left), (bottom, right) = gone.min(axis=0), gone.max(axis=0) + 1
            tall, wide = int(bottom - top), int(right - left)
            assert len(gone) == tall * wide
            assert (tall - 0.5) * (wide - 0.5) <= ERASED_AREA[1] * height * width
            expected = transforms().functional.erase(image, int(top), int(left), tall, wide, torch.zeros(()))
            if tall < height and wide < width:
                assert (tall + 0.5) * (wide + 0.5) >= ERASED_AREA[0] * height * width
                assert 0.3 * (wide - 0.5) <= tall + 0.5
                assert tall - 0.5 <= 3.3 * (wide + 0.5)
        assert torch.equal(result, expected)
    assert chosen == pytest.approx(180, abs=45)


def test_rectangles_have_the_sizes_and_places_of_their_random_numbers() -> None:
    images = torch.ones((50, 1, 28, 20))
    mask = Erase(1.0, seeded(9)).make_params([images])["mask"][:, 0].numpy()
    _, area, ratio, top, left = torch.rand((5, 50), generator=seeded(9)).double().numpy()
    for number in range(50):
        size = 28 * 20 * (0.02 + 0.31 * area[number])
        shape = math.exp(math.log(0.3) + ratio[number] * math.log(3.3 / 0.3))
        tall, wide = min(28, round(math.sqrt(size * shape))), min(20, round(math.sqrt(size / shape)))
        first_row, first_column = int(top[number] * (29 - tall)), int(left[number] * (21 - wide))
        expected = np.zeros((28, 20), bool)
        expected[first_row : first_row + tall, first_column : first_column + wide] = True
        assert np.array_equal(mask[number], expected)


def test_every_place_can_be_erased() -> None:
    mask = Erase(1.0, seeded()).make_params([torch.ones((3000, 1, 8, 8))])["mask"]
    assert bool(mask.any(dim=0).all())


@EACH_SHAPE
def test_noise_is_torchvisions(shape: tuple[int, ...]) -> None:
    images = random_images(shape)
    found = augment(images, Augmentation(augment_noise=0.4), seeded(7))
    noise = torch.randn(shape, generator=seeded(7)).double().numpy()
    expected = np.clip(images.double().numpy() + 0.4 * noise, 0, 1)
    np.testing.assert_allclose(found.numpy(), expected, rtol=0.0, atol=1e-6)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        torch.testing.assert_close(found, transforms().functional.gaussian_noise(images, sigma=0.4))


# ---- random numbers ----


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_decides_alone(name: str) -> None:
    """One seed gives the same images, two give others; torch's global generator is left alone."""
    images = random_images((16, 3, 12, 9))
    chosen = Augmentation(**{name: MODERATE[name]})
    before = torch.get_rng_state()
    first = augment(images, chosen, seeded(1))
    torch.manual_seed(99)
    assert torch.equal(augment(images, chosen, seeded(1)), first)
    assert not torch.equal(augment(images, chosen, seeded(2)), first)
    torch.set_rng_state(before)
    augment(images, chosen, seeded(1))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "augment_erasing"])
def test_images_of_one_batch_are_changed_differently(name: str) -> None:
    images = random_images((1, 1, 28, 28)).expand(4, -1, -1, -1)
    found = augment(images, Augmentation(**{name: MODERATE[name]}), seeded())
    assert len({image.numpy().tobytes() for image in found}) >= 3


def test_images_are_not_changed_in_place() -> None:
    images = random_images((4, 1, 10, 10))
    copy = images.clone()
    augment(images, EVERYTHING, seeded())
    assert torch.equal(images, copy)


def test_off_gives_the_images_and_draws_nothing() -> None:
    images, generator = random_images((4, 1, 10, 10)), seeded()
    before = generator.get_state()
    assert augment(images, Augmentation(), generator) is images
    assert torch.equal(generator.get_state(), before)


@given(
    channels=st.sampled_from([1, 3]),
    height=st.integers(8, 64),
    width=st.integers(8, 64),
    seed=st.integers(0, 2**31),
    strengths=st.fixed_dictionaries(
        {info.name: st.floats(0.0, info.maximum or 0.0) for info in describe(Augmentation)}
    ),
)
@settings(max_examples=40, deadline=None)
def test_any_size_and_strength_gives_images(
    channels: int, height: int, width: int, seed: int, strengths: dict[str, float]
) -> None:
    images = random_images((2, channels, height, width))
    found = augment(images, Augmentation(**strengths), seeded(seed))
    assert found.shape == images.shape
    assert found.dtype == images.dtype
    assert 0.0 <= float(found.min()) <= float(found.max()) <= 1.0


# ---- in a step ----


class Operations(TorchDispatchMode):
    """Collects the names of all operations of torch that are executed."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.add(func.name().removeprefix("aten::").partition(".")[0])
        return func(*args, **(kwargs or {}))


def test_nothing_waits_for_the_device_or_copies_to_it() -> None:
    """So that a step can be recorded: no value is read, no size depends on one, no constant is copied."""
    with Operations() as operations:
        augment(random_images((8, 3, 20, 28)), EVERYTHING, seeded())
    assert {"grid_sampler_2d", "rand", "randn", "masked_fill"} <= operations.names
    waiting = {"_local_scalar_dense", "item", "nonzero", "masked_select", "equal", "lift_fresh", "unique"}
    assert not waiting & operations.names


def test_a_resumed_run_goes_on_bit_for_bit(few_digits: Dataset) -> None:
    straight = list(events_of(few_digits, **MODERATE))
    commands = Commands()
    first: list[Event] = []
    for event in events_of(few_digits, commands, **MODERATE):
        first.append(event)
        if isinstance(event, MetricPoint) and event.step >= 5:
            commands.stop()
    checkpoint = [event.checkpoint for event in first if isinstance(event, CheckpointTaken)][-1]
    assert 5 <= checkpoint.snapshot.step < 18
    second = list(events_of(few_digits, checkpoint=checkpoint, **MODERATE))
    assert isinstance(straight[-1], Ended)
    last, resumed = (
        [event.checkpoint for event in events if isinstance(event, CheckpointTaken)][-1]
        for events in (straight, second)
    )
    assert last.snapshot.step == resumed.snapshot.step == 18
    assert np.array_equal(last.noise, resumed.noise)
    for name, array in last.snapshot.weights.items():
        assert np.array_equal(resumed.snapshot.weights[name], array), name


def test_it_changes_the_training_and_never_the_validation(few_digits: Dataset) -> None:
    plain = TrainingLoop(small_spec(), few_digits)
    augmented = TrainingLoop(small_spec(**MODERATE), few_digits)
    before = augmented.noise.get_state()
    assert augmented.validate().terms == plain.validate().terms
    assert torch.equal(augmented.noise.get_state(), before)
    plain.advance()
    augmented.advance()
    assert next(augmented.fetch_points()).terms["loss"] != next(plain.fetch_points()).terms["loss"]


def test_recorded_steps_are_the_single_steps(few_digits: Dataset) -> None:
    spec = small_spec("deep-ae", batch_size=16, **MODERATE)
    single, replayed = TrainingLoop(spec, few_digits), TrainingLoop(spec, few_digits)
    replayed.recorded = RecordedSteps(train_steps, replayed.learner)
    for loop in (single, replayed):
        while loop.step < 20:
            loop.advance()
    expected, found = list(single.fetch_points()), list(replayed.fetch_points())
    assert len(expected) == len(found) > 0
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.terms["loss"] == pytest.approx(theirs.terms["loss"], rel=1e-3)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_a_step_with_augmentation_is_recorded(few_digits: Dataset) -> None:
    spec = small_spec("deep-ae", batch_size=16, epochs=4, **MODERATE)
    loop = TrainingLoop(replace(spec, device="cuda"), few_digits)
    while loop.step < loop.total_steps:
        loop.advance()
    assert isinstance(loop.recorded, RecordedSteps)
    assert any(graph.recorded for graph in loop.recorded.graphs.values())


# ---- torchvision ----

WITHOUT = """
import sys, torch
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.augmentation import augment
from aestudio.datasets.image_shape import MNIST
from aestudio.training.batches import ResidentImages
from aestudio.training.learner import Learner, PlannedStep
from aestudio.training.loop import train_steps
recipe = find_recipe("deep-ae")
images = ResidentImages(torch.zeros((4, 1, 28, 28), dtype=torch.uint8), None)
learner = Learner.build(Architecture(recipe, MNIST), images, 0)
train_steps(learner, [PlannedStep(0, 1e-3, {}, (0,), torch.arange(4))], lambda *_: None)
print("torchvision" in sys.modules)
on = recipe.with_settings({"augment_rotation": 10.0})
Learner.build(Architecture(on, MNIST), images, 0)
print("torchvision" in sys.modules)
"""


@pytest.mark.thorough
def test_torchvision_is_imported_only_when_something_is_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "True"]


def test_an_unusable_torchvision_is_reported_before_the_first_step(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "aestudio.training.augmentation_transforms", None)
    prepare_augmentation(Augmentation())
    TrainingLoop(small_spec(), few_digits)
    with pytest.raises(StudioError, match="torchvision") as caught:
        TrainingLoop(small_spec(augment_noise=0.1), few_digits)
    assert "switch the augmentation off" in caught.value.advice

"""Models: initial weights, shapes, the run's own randomness, immutable snapshots."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.layers.sequence import build_sequence
from aestudio.networks.convolutional.config import Convolutional
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.networks.row_gru.config import RowGru
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.training.batches import ResidentImages
from aestudio.training.evaluation import mean_terms
from aestudio.training.initial_weights import initialise
from aestudio.training.loop import TrainingLoop
from aestudio.training.model import build_model, load_weights
from aestudio.training.spec import RunSpec, live_values

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe

RECIPES = shipped_recipes()
EACH = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)


def some_digits(count: int, seed: int = 0) -> ImageSet:
    """Random images with labels."""
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, (count, 1, 28, 28), dtype=np.uint8)
    return ImageSet(images, generator.integers(0, 10, count), tuple("0123456789"))


@pytest.fixture
def dataset() -> Dataset:
    return Dataset("random", "Random", some_digits(60), some_digits(20, 1))


def loop_of(recipe: Recipe, dataset: Dataset) -> TrainingLoop:
    small = recipe.with_settings({"batch_size": 16, "epochs": 2})
    return TrainingLoop(RunSpec("run", small, "random", "cpu"), dataset)


LAYERS = {
    "linear": lambda: nn.Linear(50, 400),
    "convolution": lambda: nn.Conv2d(8, 64, 4),
    "transposed convolution": lambda: nn.ConvTranspose2d(64, 8, 4),
    "gru": lambda: nn.GRU(20, 64),
}


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_initial_weights_are_distributed_as_torchs_own(make: Any) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        defaults = [make() for _ in range(20)]
    ours = [make() for _ in range(20)]
    for seed, layer in enumerate(ours):
        initialise(layer, seed)
    for name, parameter in ours[0].named_parameters():
        mine = np.concatenate([layer.get_parameter(name).detach().numpy().ravel() for layer in ours])
        theirs = np.concatenate([layer.get_parameter(name).detach().numpy().ravel() for layer in defaults])
        chance = np.asarray(stats.ks_2samp(mine, theirs))[1]
        assert chance > 0.001, name
        assert np.abs(mine).max() == pytest.approx(np.abs(theirs).max(), rel=0.05), name
        assert parameter.requires_grad


@EACH
def test_the_seed_fixes_the_weights_and_nothing_else_is_drawn(recipe: Recipe) -> None:
    before = torch.get_rng_state()
    first, again = (
        build_model(Architecture(recipe, MNIST), 3).state_dict(),
        build_model(Architecture(recipe, MNIST), 3).state_dict(),
    )
    other, own = (
        build_model(Architecture(recipe, MNIST), 4).state_dict(),
        build_model(Architecture(recipe, MNIST)).state_dict(),
    )
    assert torch.equal(before, torch.get_rng_state())
    for name, values in first.items():
        assert values.device.type == "cpu"
        assert values.isfinite().all()
        assert torch.equal(values, again[name])
        # Biases that begin at 0 and averages that begin even are no draws.
        assert not torch.equal(values, other[name]) or len(values.unique()) == 1
    seed = recipe.training.seed
    expected = build_model(Architecture(recipe, MNIST), seed).state_dict()
    assert all(torch.equal(values, expected[name]) for name, values in own.items())


# SHA-256 of names and values (float32, little-endian), as earlier versions built them.
DIGESTS: list[tuple[str, dict[str, Any], str]] = [
    ("conv-vae-2d", {}, "39d95c302d61ff64"),
    ("conv-vae", {}, "2e358297a421e8c1"),
    ("vae", {}, "3f53d08ed464bf2e"),
    ("deep-ae", {}, "42e3d5521b803996"),
    ("compress-ae", {}, "838623e71d3ccaac"),
    ("hidden-256", {}, "c697cd35c160b39b"),
    ("shallow-l2", {}, "06e8de56761d6743"),
    ("conv-ae", {}, "ecd361d5c56bd096"),
    ("denoising-conv-ae", {}, "433ca421ca3b9269"),
    ("sparse-ae", {}, "0aa4e9811cb7876a"),
    ("row-gru-ae", {}, "859ef98f9e5bc27a"),
    ("digit-classifier", {}, "8b64cc35195a7bd3"),
    ("pca", {}, "06e8de56761d6743"),
    ("linear-ae", {}, "06e8de56761d6743"),
    ("wae-mmd", {}, "41f979bfb78cd52f"),
    ("gan", {}, "3519e9fb6880d5c4"),
    ("wgan-gp", {}, "3519e9fb6880d5c4"),
    ("aae", {}, "1c3af42ea13d7e58"),
    ("tied-ae", {}, "9dbdd52ee4444f49"),
    ("residual-ae", {}, "0328f309dd8c03dc"),
    ("inpainting-ae", {}, "433ca421ca3b9269"),
    ("masked-ae", {}, "be115b6c7247d1b6"),
    ("l1-sparse-ae", {}, "14b32d1669a39076"),
    ("k-sparse-ae", {}, "c697cd35c160b39b"),
    ("winner-take-all-ae", {}, "321e6e3e65484f43"),
    ("contractive-ae", {}, "0aa4e9811cb7876a"),
    ("orthogonal-ae", {}, "d72c02f46632b968"),
    ("row-lstm-ae", {}, "f8a4fed6181918f8"),
    ("supervised-ae", {}, "152125a589c63f28"),
    ("rae", {}, "d1023bcb27c7fe54"),
    ("capacity-vae", {}, "ee75802c1da09118"),
    ("learned-variance-vae", {}, "21e458826addb15d"),
    ("codec", {}, "dd54eb8a93649ed7"),
    ("grey-level-vae", {}, "21e458826addb15d"),
    ("importance-weighted-ae", {}, "fec8968fe71d5dd2"),
    ("dip-vae", {}, "ee75802c1da09118"),
    ("beta-tc-vae", {}, "ee75802c1da09118"),
    ("vq-vae", {}, "68dcd781a701f489"),
    ("factor-vae", {}, "7dbd4abb52a99757"),
    ("vamp-vae", {}, "44b18614f1e5c218"),
    ("categorical-vae", {}, "0702b51bac4a3c0e"),
    ("ladder-vae", {}, "70078707cb2fa578"),
    ("flow-vae", {}, "24773ceebec4103a"),
    ("mixture-vae", {}, "31e6696d66023a7e"),
    ("wake-sleep", {}, "fec8968fe71d5dd2"),
    ("semi-supervised-vae", {}, "03ac0716d52e6a50"),
    ("conditional-vae", {}, "c305a96fb94d976a"),
    ("patch-transformer-ae", {}, "bf107adf1bee430d"),
    ("masked-transformer-ae", {}, "9ccabe3053ad8111"),
    ("vae-gan", {}, "5abf63d4d745199f"),
    ("made", {}, "35cb446bf02984c2"),
    ("info-gan", {}, "d293bd3782fec396"),
    ("vae", {"hidden": (), "latent_size": 1}, "23af8d7ef42cd441"),
    ("vae", {"hidden": (9, 5, 3), "seed": 7}, "862b4ff132c279db"),
    ("digit-classifier", {"dropout": 0.3, "hidden": (40, 20)}, "e5b42bc1b4360ac9"),
    ("conv-vae", {"channels": (), "latent_size": 3}, "37ab51493e23a5ea"),
    ("conv-vae", {"channels": (3, 5, 7, 9), "dense_units": 11, "seed": 2**31 - 1}, "271b3681f1cfe40e"),
    ("row-gru-ae", {"units": 5, "latent_size": 2}, "0e197cfb1a91aac5"),
]


@pytest.mark.parametrize(("name", "settings", "digest"), DIGESTS)
def test_the_initial_weights_are_those_of_earlier_versions(
    name: str, settings: dict[str, Any], digest: str
) -> None:
    """Names and bits: runs that were kept go on, and a seed gives what it gave.

    On one thread: orthogonal weights are products of matrices, whose sums several threads round otherwise.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        state = build_model(Architecture(find_recipe(name).with_settings(settings), MNIST)).state_dict()
    finally:
        torch.set_num_threads(threads)
    values = (key.encode() + state[key].contiguous().numpy().astype("<f4").tobytes() for key in sorted(state))
    assert hashlib.sha256(b"".join(values)).hexdigest()[:16] == digest


def test_every_shipped_recipe_has_a_digest() -> None:
    assert {name for name, settings, _ in DIGESTS if not settings} >= {recipe.name for recipe in RECIPES}


@EACH
def test_global_randomness_is_left_alone(recipe: Recipe, dataset: Dataset) -> None:
    before = torch.get_rng_state()
    numpy_before = repr(np.random.get_state())
    loop = loop_of(recipe, dataset)
    for _ in range(3):
        loop.advance()
    loop.validate()
    live = live_values(recipe)
    mean_terms(loop.model, ResidentImages.of(dataset.test, torch.device("cpu")), live)
    frozen_model = FrozenModel(loop.snapshot())
    size = loop.model.architecture.condition_size
    told = np.zeros((len(dataset.test), size), np.float32) if size else None
    if recipe.objective.encodes:
        frozen_model.encode(dataset.test.images, told)
    else:
        frozen_model.decode(frozen_model.sample_prior(3, np.random.default_rng(0)))
    if frozen_model.reconstructs:
        frozen_model.reconstruct(dataset.test.images, told)
    assert torch.equal(before, torch.get_rng_state())
    assert numpy_before == repr(np.random.get_state())


@EACH
def test_evaluation_repeats_itself_and_does_not_disturb_training(recipe: Recipe, dataset: Dataset) -> None:
    quiet, watched = loop_of(recipe, dataset), loop_of(recipe, dataset)
    for _ in range(4):
        quiet.advance()
        watched.advance()
        assert watched.validate().terms == watched.validate().terms
        assert watched.model.training
    ours, theirs = quiet.snapshot().weights, watched.snapshot().weights
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)


def test_dropout_is_drawn_from_the_runs_generator(dataset: Dataset) -> None:
    loop = loop_of(find_recipe("digit-classifier"), dataset)
    state = loop.noise.get_state()
    loop.advance()
    assert not torch.equal(state, loop.noise.get_state())


@EACH
def test_shapes_and_ranges(recipe: Recipe) -> None:
    model = build_model(Architecture(recipe, MNIST)).eval()
    latent = model.architecture.latent
    for count in (1, 3):
        images = torch.rand(count, 1, 28, 28)
        with torch.no_grad():
            if not recipe.objective.encodes:
                image = model.decode_images(20 * torch.randn(count, recipe.network.latent_size))
                assert image.shape == images.shape
                assert 0 <= float(image.min()) <= float(image.max()) <= 1
                continue
            told = torch.eye(10)[:count] if model.architecture.condition_size else None
            code = model.encode(images, told)
            if model.decoder is None:
                assert code.mean.shape == (count, 10)
                continue
            assert code.mean.shape == (count, latent.size)
            size = recipe.network.latent_size
            assert latent.choices or latent.levels or latent.is_image or latent.size == size
            assert (code.log_variance is not None) == (latent.kind in ("gaussian", "levels"))
            if code.log_variance is not None:
                assert code.log_variance.shape == code.mean.shape
            anywhere = 20 * torch.randn(code.mean.shape)
            if latent.choices:
                anywhere = torch.randint(latent.choices, code.mean.shape).float()
            image = model.decode_images(anywhere, told)
            assert image.shape == images.shape
            assert float(image.min()) >= 0
            assert float(image.max()) <= 1
            found = model.reconstruct(images, told)
            torch.testing.assert_close(found, model.decode_images(code.mean, told))


def test_a_classifier_decodes_nothing() -> None:
    model = build_model(Architecture(find_recipe("digit-classifier"), MNIST))
    with pytest.raises(TypeError, match="digit-classifier has no decoder"):
        model.decode(torch.zeros(1, 10))


@pytest.mark.parametrize("channels", [(), (3,), (3, 5), (3, 5, 7), (3, 5, 7, 9)], ids=len)
def test_convolutions_of_every_depth_come_back_to_28(channels: tuple[int, ...]) -> None:
    network = Convolutional(channels=channels, dense_units=11, latent_size=5)
    model = build_model(Architecture(find_recipe("conv-ae").combined(network), MNIST))
    logits = model.decode(model.encode(torch.rand(2, 1, 28, 28)).mean)
    assert logits.shape == (2, 1, 28, 28)
    assert len({round(value, 6) for value in logits[0].flatten().tolist()}) > 100 or not channels
    logits.square().sum().backward()
    assert all(
        parameter.grad is not None and parameter.grad.isfinite().all() for parameter in model.parameters()
    )


@pytest.mark.parametrize("hidden", [(), (7,), (9, 5, 3)])
def test_fully_connected_of_every_depth(hidden: tuple[int, ...]) -> None:
    network = FullyConnected(hidden=hidden, latent_size=4, dropout=0.3)
    model = build_model(Architecture(find_recipe("deep-ae").combined(network), MNIST)).train()
    linear = [module for module in model.modules() if isinstance(module, nn.Linear)]
    assert len(linear) == 2 * len(hidden) + 2
    assert sum(isinstance(module, nn.ReLU) for module in model.modules()) == 2 * len(hidden)
    assert model.reconstruct(torch.rand(2, 1, 28, 28)).shape == (2, 1, 28, 28)


def test_a_linear_code_uses_both_halves_of_the_space() -> None:
    """ReLU on the code would silence about half of it (PAPERS: codes that are always zero)."""
    model = build_model(Architecture(find_recipe("deep-ae"), MNIST))
    with torch.no_grad():
        code = model.encode(torch.rand(50, 1, 28, 28)).mean
    assert float(code.min()) < 0
    assert (code != 0).all()


def test_row_reader_reads_rows_from_top_to_bottom() -> None:
    reader = build_sequence(RowGru(units=6).encoder((1, 28, 28)), (1, 28, 28))
    initialise(reader, 0)
    images = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    memory = torch.zeros(2, 6)
    cell = nn.GRUCell(28, 6)
    cell.load_state_dict(
        {
            name.removesuffix("_l0"): values
            for name, values in reader.get_submodule("gru").state_dict().items()
        }
    )
    with torch.no_grad():
        for row in range(28):
            memory = cell(images[:, 0, row], memory)
        torch.testing.assert_close(reader(images), memory)


def test_row_writer_writes_one_row_per_step() -> None:
    writer = build_sequence(RowGru(units=6).decoder((3,), (1, 28, 28)), (3,))
    initialise(writer, 0)
    codes = torch.randn(2, 3, generator=torch.Generator().manual_seed(0))
    cell = nn.GRUCell(3, 6)
    cell.load_state_dict(
        {
            name.removesuffix("_l0"): values
            for name, values in writer.get_submodule("gru").state_dict().items()
        }
    )
    memory = torch.zeros(2, 6)
    with torch.no_grad():
        logits = writer(codes)
        for row in range(28):
            memory = cell(codes, memory)
            torch.testing.assert_close(logits[:, 0, row], writer.get_submodule("row")(memory))


def test_row_gru_takes_a_batch_of_one() -> None:
    model = build_model(
        Architecture(find_recipe("row-gru-ae").combined(RowGru(latent_size=2, units=3)), MNIST)
    )
    assert model.reconstruct(torch.rand(1, 1, 28, 28)).shape == (1, 1, 28, 28)


def test_snapshots_cannot_be_changed_and_do_not_follow_the_training(dataset: Dataset) -> None:
    loop = loop_of(find_recipe("vae"), dataset)
    snapshot = loop.snapshot()
    copies = {name: array.copy() for name, array in snapshot.weights.items()}
    for array in snapshot.weights.values():
        assert array.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(AttributeError):
        snapshot.step = 5  # pyright: ignore[reportAttributeAccessIssue]
    for _ in range(3):
        loop.advance()
    frozen_model = FrozenModel(snapshot)
    with torch.no_grad():
        for parameter in frozen_model.model.parameters():
            parameter.zero_()
    for name, array in snapshot.weights.items():
        assert np.array_equal(array, copies[name])
        assert not np.array_equal(array, loop.snapshot().weights[name])


def test_load_weights() -> None:
    recipe = find_recipe("vae")
    source, target = build_model(Architecture(recipe, MNIST), 1), build_model(Architecture(recipe, MNIST), 2)
    weights = {name: values.numpy() for name, values in source.state_dict().items()}
    load_weights(target, weights)
    assert all(torch.equal(a, b) for a, b in zip(source.parameters(), target.parameters(), strict=True))
    with pytest.raises(StudioError, match="do not fit the recipe"):
        load_weights(build_model(Architecture(find_recipe("deep-ae"), MNIST)), weights)


def test_bounds_of_the_initial_weights() -> None:
    model = build_model(Architecture(find_recipe("hidden-256"), MNIST))
    first = model.objective.get_parameter("head.weight")
    assert float(first.detach().abs().max()) == pytest.approx(1 / math.sqrt(784), rel=0.01)

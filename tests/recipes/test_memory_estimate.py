"""How much memory a training takes is known before it begins."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from aestudio import memory
from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.errors import BadChoice, StudioError
from aestudio.layers.activation import Activation
from aestudio.layers.attention import Attention
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.reshape import Flatten, ImageToRows, Repeat, Reshape, RowsToImage
from aestudio.layers.residual import Residual
from aestudio.memory import available_memory, in_words
from aestudio.networks.fully_connected.config import DEEPEST
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.memory_estimate import check_memory, memory_needed
from aestudio.recipes.network import Network

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape

WIDE = {"hidden": (4096,) * DEEPEST}


def test_a_recipe_cannot_ask_for_hundreds_of_layers() -> None:
    with pytest.raises(BadChoice, match=f"at most {DEEPEST} whole numbers"):
        find_recipe("vae").with_settings({"hidden": (4096,) * 300})
    assert Architecture(find_recipe("vae").with_settings(WIDE), MNIST).parameter_count > 1e9


# Measured on the CPU at one thread: peak of the process above what it had with torch loaded.
@pytest.mark.parametrize(
    ("name", "settings", "measured"),
    [
        ("hidden-256", {"hidden": (4096, 4096)}, 3.41e9),
        ("hidden-256", {"hidden": (4096, 4096), "patience": 2}, 3.95e9),
        ("hidden-256", {"hidden": (4096, 4096), "optimiser": "sgd", "momentum": 0.0}, 1.42e9),
        ("hidden-256", {"hidden": (64, 64), "batch_size": 20_000}, 0.317e9),
        ("conv-vae", {"batch_size": 5_000}, 0.488e9),
        ("vae", {"batch_size": 20_000}, 0.351e9),
        ("row-gru-ae", {"batch_size": 3_000}, 0.942e9),
    ],
)
def test_the_estimate_is_near_what_was_measured(
    name: str, settings: dict[str, object], measured: float
) -> None:
    need = memory_needed(Architecture(find_recipe(name).with_settings(settings), MNIST)).device - 300_000_000
    assert 0.95 * measured < need < 1.5 * measured


@pytest.mark.parametrize(
    ("name", "shape", "batch_size", "measured"),
    [
        ("conv-vae", (3, 32, 32), 3_000, 0.471e9),
        ("conv-vae", (3, 64, 64), 800, 0.594e9),
        ("row-gru-ae", (3, 33, 17), 2_000, 0.791e9),
    ],
)
def test_the_estimate_follows_the_images(
    name: str, shape: tuple[int, int, int], batch_size: int, measured: float
) -> None:
    recipe = find_recipe(name).with_settings({"batch_size": batch_size})
    need = memory_needed(Architecture(recipe, DataShape(ImageShape(*shape), 10))).device - 300_000_000
    assert 0.95 * measured < need < 1.5 * measured


class ResidualNetwork(Network):
    """Pre-activation blocks with batch normalisation."""

    title: ClassVar[str] = "Residual"
    summary: ClassVar[str] = "A test."

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        blocks = (_block(16, 1), _block(32, 2), _block(32, 2))
        return (Convolution(16, 3, 1, 1), *map(Residual, blocks), Flatten())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        return (Dense(64), Activation(), Dense(prod(image)), Reshape(image))


def _block(channels: int, stride: int) -> tuple[Layer, ...]:
    norm, relu = Normalisation(), Activation()
    return (norm, relu, Convolution(channels, 3, stride, 1), norm, relu, Convolution(channels, 3, 1, 1))


class AttentionNetwork(ResidualNetwork):
    """Attention over the rows."""

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        norm = Normalisation("layer")
        dense = (norm, Dense(128), Activation("gelu"), Dense(64))
        return (ImageToRows(), Dense(64), Residual((norm, Attention(4))), Residual(dense), Flatten())


class LstmNetwork(Network):
    """An LSTM reads the rows, another writes them."""

    title: ClassVar[str] = "LSTM"
    summary: ClassVar[str] = "A test."

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        return (ImageToRows(), Recurrent(128, "lstm", "last"))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        channels, height, width = image
        writer = Recurrent(128, "lstm")
        return (Repeat(height), writer, Dense(channels * width), RowsToImage(channels))


@pytest.mark.parametrize(
    ("network", "shape", "batch_size", "measured"),
    [
        (ResidualNetwork, (3, 32, 32), 500, 0.567e9),
        (AttentionNetwork, (3, 32, 32), 2_000, 0.617e9),
        (LstmNetwork, (1, 28, 28), 2_000, 0.762e9),
    ],
)
def test_the_estimate_follows_the_layers(
    network: type[Network], shape: tuple[int, int, int], batch_size: int, measured: float
) -> None:
    recipe = find_recipe("conv-vae").combined(network(latent_size=16))
    recipe = recipe.with_settings({"batch_size": batch_size})
    need = memory_needed(Architecture(recipe, DataShape(ImageShape(*shape), 10))).device - 300_000_000
    assert 0.95 * measured < need < 1.5 * measured


def test_every_shipped_recipe_fits_into_a_gigabyte() -> None:
    for recipe in shipped_recipes():
        assert memory_needed(Architecture(recipe, MNIST)).device < 1e9
        check_memory([Architecture(recipe, MNIST)], 1_000_000_000)


def test_the_error_names_the_memory_needed_and_free() -> None:
    recipe = find_recipe("vae").with_settings(WIDE)
    with pytest.raises(
        StudioError, match=r"This model needs about \d+ GB .* and 22 GB are free on this"
    ) as caught:
        check_memory([Architecture(recipe, MNIST)], 22_000_000_000)
    assert caught.value.where == recipe.title
    check_memory([Architecture(recipe, MNIST)], 0)  # nobody knows
    small = find_recipe("vae")
    with pytest.raises(StudioError, match="These 3 models need"):
        check_memory([Architecture(small, MNIST)] * 3, 900_000_000)


def test_on_a_gpu_the_whole_states_lie_beside_it() -> None:
    recipe = find_recipe("vae").with_settings(WIDE)
    on_gpu = memory_needed(Architecture(recipe, MNIST), gpu=True)
    assert on_gpu.device < memory_needed(Architecture(recipe, MNIST)).device
    assert on_gpu.host > Architecture(recipe, MNIST).parameter_count * 4 * 3


def test_free_memory_is_read_from_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert available_memory() > 10_000_000
    meminfo, groups = tmp_path / "meminfo", tmp_path / "cgroup"
    meminfo.write_text("MemTotal: 8000 kB\nMemAvailable:    5000 kB\n", "ascii")
    groups.write_text("0::/box/inner\n", "ascii")
    inner = tmp_path / "groups" / "box" / "inner"
    inner.mkdir(parents=True)
    for folder, limit, used in ((inner, "max", "10"), (inner.parent, "3000000", "2500000")):
        (folder / "memory.max").write_text(f"{limit}\n", "ascii")
        (folder / "memory.current").write_text(f"{used}\n", "ascii")
        (folder / "memory.stat").write_text("anon 5\ninactive_file 300000\n", "ascii")
    monkeypatch.setattr(memory, "_MEMINFO", meminfo)
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "none")
    monkeypatch.setattr(memory, "_GROUP_ROOT", tmp_path / "groups")
    if memory.sys.platform == "linux":
        assert available_memory() == 5_120_000
        monkeypatch.setattr(memory, "_GROUPS", groups)
        assert available_memory() == 800_000  # what the container leaves
    monkeypatch.setattr(memory, "_MEMINFO", Path("/nowhere"))
    monkeypatch.setattr(memory, "_GROUPS", Path("/nowhere"))
    assert available_memory() > 10_000_000


def test_sizes_in_words() -> None:
    assert [in_words(size) for size in (640e6, 1.94e9, 12.4e9)] == ["640 MB", "1.9 GB", "12 GB"]

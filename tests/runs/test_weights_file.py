"""Weights and checkpoints read back bit for bit, and damaged files are reported."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.runs.weights_file import (
    CHECKPOINT,
    WEIGHTS,
    checkpoint_step,
    read_checkpoint,
    read_snapshot,
    write_checkpoint,
    write_snapshot,
)
from aestudio.training.events import Checkpoint, Snapshot
from tests.runs.conftest import same_weights

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.runs.kept_run import KeptRun

RECIPE = find_recipe("vae")
NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


def snapshot(step: int, seed: int = 0) -> Snapshot:
    """Weights in an order that is not the alphabet's, with every odd float."""
    random = np.random.default_rng(seed)
    weights = {
        name: random.standard_normal((3, 2)).astype(np.float32) for name in ("z.weight", "a.bias", "m")
    }
    weights["m"][0] = [np.finfo(np.float32).max, np.finfo(np.float32).tiny]
    weights["m"][1] = [-0.0, np.float32(1e-45)]
    return Snapshot("run", RECIPE, step, step / 7, weights, data=MNIST)


def checkpoint(best: Snapshot | None = None, **counters: float) -> Checkpoint:
    return Checkpoint(
        snapshot=snapshot(14),
        optimiser={
            "z.weight/exp_avg": np.full((3, 2), 0.1, np.float32),
            "z.weight/step": np.array(14.0, np.float32),
            "a/b/momentum": np.arange(3, dtype=np.float64),
        },
        noise=np.arange(256, dtype=np.uint8),
        counters={"step": 14, "best_loss": math.inf, "first_loss": math.nan, **counters},
        live={"beta": 0.1 + 0.2},
        best=best,
    )


def equal(one: float, other: float) -> bool:
    return math.copysign(1, one) == math.copysign(1, other) and (
        one == other or (one != one and other != other)
    )


def test_snapshot_reads_back(tmp_path: Path) -> None:
    write_snapshot(tmp_path, snapshot(21))
    read = read_snapshot(tmp_path, "run", Architecture(RECIPE, MNIST))
    assert same_weights(read, snapshot(21))
    assert (read.run, read.step, read.epoch) == ("run", 21, 3.0)
    with pytest.raises(ValueError, match="read-only"):
        read.weights["m"][0, 0] = 1  # type: ignore[index]


@pytest.mark.parametrize("best", [None, snapshot(7, seed=1)])
def test_checkpoint_reads_back(tmp_path: Path, best: Snapshot | None) -> None:
    written = checkpoint(best)
    write_checkpoint(tmp_path, written)
    read = read_checkpoint(tmp_path, "run", Architecture(RECIPE, MNIST))
    assert same_weights(read.snapshot, written.snapshot)
    assert list(read.optimiser) == list(written.optimiser)
    for name, array in written.optimiser.items():
        assert read.optimiser[name].dtype == array.dtype
        assert read.optimiser[name].shape == array.shape
        assert np.array_equal(read.optimiser[name], array)
    assert np.array_equal(read.noise, written.noise)
    assert read.counters["best_loss"] == math.inf
    assert math.isnan(read.counters["first_loss"])
    assert read.live == {"beta": 0.1 + 0.2}
    assert checkpoint_step(tmp_path) == 14
    if best is None:
        assert read.best is None
    else:
        assert read.best is not None
        assert same_weights(read.best, best)
        assert read.best.step == 7


@given(NUMBERS)
def test_every_float_survives(tmp_path_factory: pytest.TempPathFactory, number: float) -> None:
    folder = tmp_path_factory.getbasetemp()
    write_checkpoint(folder, checkpoint(**{"sum/loss": number}))
    assert equal(
        read_checkpoint(folder, "run", Architecture(RECIPE, MNIST)).counters["sum/loss"], number
    ) or math.isnan(number)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_reported(tmp_path: Path, share: float) -> None:
    write_checkpoint(tmp_path, checkpoint())
    path = tmp_path / CHECKPOINT
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(StudioError, match=r"damaged or cut off: .*checkpoint\.safetensors"):
        read_checkpoint(tmp_path, "run", Architecture(RECIPE, MNIST))


@pytest.mark.parametrize("data", [b"not a file of tensors at all", b"\xff" * 64, b"\x02" + bytes(7) + b"{}"])
def test_another_kind_of_file_is_reported(tmp_path: Path, data: bytes) -> None:
    (tmp_path / WEIGHTS).write_bytes(data)
    with pytest.raises(StudioError, match="damaged"):
        read_snapshot(tmp_path, "run", Architecture(RECIPE, MNIST))
    (tmp_path / CHECKPOINT).write_bytes(data)
    assert checkpoint_step(tmp_path) is None


def test_missing_files(kept: KeptRun) -> None:
    newest = kept.snapshot()
    (kept.folder / WEIGHTS).unlink()
    assert same_weights(kept.snapshot(), newest)  # the checkpoint has them too
    (kept.folder / CHECKPOINT).unlink()
    assert kept.checkpoint() is None
    with pytest.raises(StudioError, match=r"file or folder does not exist: .*weights\.safetensors"):
        kept.snapshot()


def test_a_kill_between_two_files_loses_nothing(kept: KeptRun) -> None:
    """The checkpoint is replaced first; older weights beside it are not what is shown."""
    newest = kept.snapshot()
    write_snapshot(
        kept.folder,
        Snapshot(
            kept.name, kept.recipe, 3, 0.1, dict.fromkeys(newest.weights, np.zeros(1, np.float32)), data=MNIST
        ),
    )
    assert same_weights(kept.snapshot(), newest)
    assert kept.snapshot().step == newest.step


def test_an_array_that_is_named_twice_is_damage() -> None:
    from aestudio.runs.weights_file import _names

    with pytest.raises(ValueError, match="twice"):
        _names({"names": ["a", "b", "a"]})

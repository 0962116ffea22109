"""One flipped bit in weights, checkpoint or history is reported; files of earlier versions open."""

from __future__ import annotations

import json
import shutil
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.resources import resources_folder
from aestudio.runs.history_files import history_path, list_history
from aestudio.runs.index import shipped_models
from aestudio.runs.weights_file import (
    CHECKPOINT,
    WEIGHTS,
    checkpoint_step,
    read_checkpoint,
    read_checkpoint_file,
    read_snapshot,
    read_weights_of_checkpoint,
    write_checkpoint,
    write_snapshot,
)
from aestudio.storage.safetensors import open_tensors
from tests.runs.conftest import same_weights
from tests.runs.test_weights_file import RECIPE, checkpoint, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.runs.kept_run import KeptRun


def offset_of(path: Path, name: str) -> int:
    """The offset in the file of the first number of an array."""
    with open_tensors(path) as file:
        return file.header.offsets[name]


def flip(path: Path, byte: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[byte] ^= 1 << bit
    path.write_bytes(data)


def with_table(path: Path, change: Callable[[dict[str, Any]], object], marked: bool = True) -> None:
    """Change the program's own table in the file's header; the rest stays consistent.

    marked: whether the file still says beside the table that it has digests
    """
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    table = json.loads(header["__metadata__"]["aestudio"])
    change(table)
    header["__metadata__"]["aestudio"] = json.dumps(table)
    if not marked:
        del header["__metadata__"]["digests"]
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])


@given(bit=st.integers(0, 7), data=st.data())
def test_any_flipped_bit_of_the_weights_is_reported(
    tmp_path_factory: pytest.TempPathFactory, bit: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    write_snapshot(folder, snapshot(21))
    path = folder / WEIGHTS
    size = path.stat().st_size
    flip(path, data.draw(st.integers(size - 3 * 24, size - 1)), bit)
    with pytest.raises(StudioError, match=r"damaged or cut off.*weights\.safetensors"):
        read_snapshot(folder, "run", Architecture(RECIPE, MNIST))


@settings(max_examples=200)
@given(bit=st.integers(0, 7), data=st.data())
def test_a_flipped_bit_anywhere_never_gives_another_state(
    tmp_path_factory: pytest.TempPathFactory, bit: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    written = checkpoint(snapshot(7, seed=1))
    write_checkpoint(folder, written)
    path = folder / CHECKPOINT
    flip(path, data.draw(st.integers(0, path.stat().st_size - 1)), bit)
    try:
        read = read_checkpoint(folder, "run", Architecture(RECIPE, MNIST))
    except StudioError:
        return
    # The bit was in the name of the digests, which then are none: the numbers are the ones written.
    assert same_weights(read.snapshot, written.snapshot)
    assert read.best is not None
    assert written.best is not None
    assert same_weights(read.best, written.best)
    assert all(np.array_equal(read.optimiser[name], array) for name, array in written.optimiser.items())
    assert read.counters["step"] == 14


@pytest.mark.parametrize("part", ["weights/m", "optimiser/a/b/momentum", "best/m", "noise"])
def test_each_part_of_a_checkpoint_is_checked(tmp_path: Path, part: str) -> None:
    write_checkpoint(tmp_path, checkpoint(snapshot(7, seed=1)))
    path = tmp_path / CHECKPOINT
    flip(path, offset_of(path, part))
    with pytest.raises(StudioError, match="damaged or cut off"):
        read_checkpoint_file(path, "run", Architecture(RECIPE, MNIST))


def test_weights_can_be_read_and_checked_alone(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, checkpoint())
    path = tmp_path / CHECKPOINT
    flip(path, offset_of(path, "optimiser/a/b/momentum"))
    assert same_weights(read_weights_of_checkpoint(path, "run", Architecture(RECIPE, MNIST)), snapshot(14))
    flip(path, offset_of(path, "weights/m"))
    with pytest.raises(StudioError, match="damaged or cut off"):
        read_weights_of_checkpoint(path, "run", Architecture(RECIPE, MNIST))


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.update(step=15),
        lambda table: table["live"].update(beta=4.0),
        lambda table: table["counters"].update(best_loss=1.0),
        lambda table: table["names"].reverse(),
        lambda table: table["digests"].pop("weights"),
        lambda table: table.update(digests=5),
        lambda table: table.pop("digests"),
        lambda table: table.update(digest=table.pop("digests")),
    ],
)
def test_a_changed_number_in_the_table_is_reported(tmp_path: Path, change: Callable[[Any], object]) -> None:
    write_checkpoint(tmp_path, checkpoint())
    with_table(tmp_path / CHECKPOINT, change)
    with pytest.raises(StudioError, match="damaged or cut off"):
        read_checkpoint(tmp_path, "run", Architecture(RECIPE, MNIST))


def test_a_missing_step_is_no_step(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, checkpoint())
    with_table(tmp_path / CHECKPOINT, lambda table: table.update(step=10**9))
    assert checkpoint_step(tmp_path) is None


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_weights_with_nan_or_inf_are_reported(tmp_path: Path, number: float) -> None:
    """Also with a correct digest: weights with NaN or inf give no metrics."""
    broken = snapshot(3)
    broken.weights["z.weight"][1, 1] = number  # type: ignore[index]
    write_snapshot(tmp_path, broken)
    with pytest.raises(StudioError, match=r"no finite numbers.*weights\.safetensors"):
        read_snapshot(tmp_path, "run", Architecture(RECIPE, MNIST))
    write_checkpoint(tmp_path, checkpoint(broken))
    with pytest.raises(StudioError, match="no finite numbers"):
        read_checkpoint(tmp_path, "run", Architecture(RECIPE, MNIST))


def test_files_of_earlier_versions_open_as_before(tmp_path: Path) -> None:
    write_snapshot(tmp_path, snapshot(21))
    write_checkpoint(tmp_path, checkpoint(snapshot(7, seed=1)))
    for name in (WEIGHTS, CHECKPOINT):
        with_table(tmp_path / name, lambda table: table.pop("digests"), marked=False)
    assert same_weights(read_snapshot(tmp_path, "run", Architecture(RECIPE, MNIST)), snapshot(21))
    read = read_checkpoint(tmp_path, "run", Architecture(RECIPE, MNIST))
    assert same_weights(read.snapshot, snapshot(14))
    assert checkpoint_step(tmp_path) == 14


def test_a_damaged_checkpoint_is_reported_and_a_truncated_one_is_not_listed(kept: KeptRun) -> None:
    steps = [checkpoint_of_history.step for checkpoint_of_history in kept.history_checkpoints()]
    flip(history_path(kept.folder, steps[2]), -1)
    damaged = history_path(kept.folder, steps[1])
    flip(damaged, offset_of(damaged, "weights/encoder.1.weight"), 6)
    damaged_end = history_path(kept.folder, steps[3])
    damaged_end.write_bytes(damaged_end.read_bytes()[:-1])
    with pytest.raises(StudioError, match=f"damaged or cut off: .*{damaged.name}"):
        kept.history_weights(steps[1])
    with pytest.raises(StudioError, match="damaged or cut off"):
        kept.history_checkpoint(steps[2])
    assert steps[3] not in [
        checkpoint_of_history.step for checkpoint_of_history in list_history(kept.folder, 9)
    ]
    assert kept.history_weights(steps[0]).step == steps[0]


def test_only_a_checkpoint_of_the_same_step_replaces_damaged_weights_and_that_is_reported(
    kept: KeptRun,
) -> None:
    undamaged = kept.snapshot()
    flip(kept.folder / WEIGHTS, -1)
    warnings: list[StudioError] = []
    assert same_weights(kept.snapshot(warnings.append), undamaged)
    (warning,) = warnings
    assert "damaged or cut off" in warning.what
    assert f"of step {undamaged.step} in its checkpoint are used" in warning.what
    assert warning.where == str(kept.folder / WEIGHTS)
    older = kept.history_checkpoints()[1].step
    shutil.copyfile(history_path(kept.folder, older), kept.folder / CHECKPOINT)
    with pytest.raises(StudioError, match=r"damaged or cut off.*weights\.safetensors"):
        kept.snapshot()


def test_the_shipped_models_carry_digests() -> None:
    for run in shipped_models():
        path = resources_folder() / "models" / run.name / WEIGHTS
        with open_tensors(path) as file:
            table = json.loads(file.header.metadata["aestudio"])
        assert set(table["digests"]) == {"arrays", "table"}
        assert run.snapshot().step == table["step"]

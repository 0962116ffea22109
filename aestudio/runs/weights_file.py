"""weights.safetensors and checkpoint.safetensors: tensors and their step in one file each.

Each file is whole in itself and replaced at once, so that weights, optimiser and counters always
belong to the same step, whenever the process dies. Read and written with numpy alone.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, TypeVar

from aestudio.data.problems import reading
from aestudio.errors import StudioError
from aestudio.runs.files import floats, read_bytes, replace_file, to_text
from aestudio.training.events import Checkpoint, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.recipes.recipe import Recipe

WEIGHTS = "weights.safetensors"
CHECKPOINT = "checkpoint.safetensors"
_KEY = "aestudio"
_LONGEST_HEADER = 100_000_000  # the format's own limit

Arrays = dict[str, "NDArray[Any]"]
Made = TypeVar("Made")


def write_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Replace the newest weights; raises StudioError."""
    _write(folder / WEIGHTS, dict(snapshot.weights), {"step": snapshot.step, "epoch": snapshot.epoch})


def read_snapshot(folder: Path, run: str, recipe: Recipe) -> Snapshot:
    """The newest weights; raises StudioError."""
    arrays, table = _read(folder / WEIGHTS)
    return _made(
        folder / WEIGHTS, lambda: Snapshot(run, recipe, int(table["step"]), float(table["epoch"]), arrays)
    )


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace the state to go on from; raises StudioError."""
    write_checkpoint_file(folder / CHECKPOINT, checkpoint)


def write_checkpoint_file(path: Path, checkpoint: Checkpoint, durable: bool = True) -> None:
    """Write a state into a file of this name, whole or not at all; raises StudioError.

    durable: wait until it is on the disk
    """
    snapshot, best = checkpoint.snapshot, checkpoint.best
    arrays = {"noise": checkpoint.noise} | _below("weights", snapshot.weights)
    arrays |= _below("optimiser", checkpoint.optimiser)
    table: dict[str, Any] = {
        "step": snapshot.step, "epoch": snapshot.epoch,
        "counters": dict(checkpoint.counters), "live": dict(checkpoint.live), "best": None,
    }  # fmt: skip
    if best is not None:
        arrays |= _below("best", best.weights)
        table["best"] = {"step": best.step, "epoch": best.epoch}
    # Only who holds the run's lock writes its states, each file by one thread at a time.
    _write(path, arrays, table, durable, alone=True)


def read_checkpoint(folder: Path, run: str, recipe: Recipe) -> Checkpoint:
    """The state to go on from, bit for bit; raises StudioError."""
    return read_checkpoint_file(folder / CHECKPOINT, run, recipe)


def read_checkpoint_file(path: Path, run: str, recipe: Recipe) -> Checkpoint:
    """The state in a file, bit for bit; raises StudioError."""
    arrays, table = _read(path)
    return _made(path, lambda: _checkpoint(arrays, table, run, recipe))


def read_weights_of_checkpoint(path: Path, run: str, recipe: Recipe) -> Snapshot:
    """The weights of the state in a file, the only part that is read; raises StudioError."""
    arrays, table = _read(path, "weights/")
    step, epoch = "step", "epoch"
    return _made(
        path, lambda: Snapshot(run, recipe, int(table[step]), float(table[epoch]), _part(arrays, "weights"))
    )


def array_bytes(path: Path) -> int | None:
    """Bytes of the arrays in a file without reading them, None for a file that is none or is cut off."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            size = os.fstat(file.fileno()).st_size - 8 - int.from_bytes(start, "little")
    except OSError:
        return None
    return size if len(start) == 8 and size > 0 else None


def checkpoint_step(folder: Path) -> int | None:
    """The step of the kept checkpoint, None where there is none that can be read."""
    return _step(folder / CHECKPOINT)


def weights_step(folder: Path) -> int | None:
    """The step of the kept weights, None where there are none that can be read."""
    return _step(folder / WEIGHTS)


def _step(path: Path) -> int | None:
    table = read_table(path)
    try:
        return None if table is None else int(table["step"])
    except (ValueError, TypeError, KeyError):
        return None


def read_table(path: Path) -> dict[str, Any] | None:
    """What a file says of itself without its arrays, None for a file that is none or cannot be read."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            table = _table(file.read(min(length, _LONGEST_HEADER)))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return table if isinstance(table, dict) else None


def _checkpoint(arrays: Arrays, table: dict[str, Any], run: str, recipe: Recipe) -> Checkpoint:
    best = table["best"]
    return Checkpoint(
        snapshot=Snapshot(run, recipe, int(table["step"]), float(table["epoch"]), _part(arrays, "weights")),
        optimiser=_part(arrays, "optimiser"),
        noise=arrays["noise"],
        counters=floats(table["counters"]),
        live=floats(table["live"]),
        best=best and Snapshot(run, recipe, int(best["step"]), float(best["epoch"]), _part(arrays, "best")),
    )


def _below(part: str, arrays: Mapping[str, NDArray[np.generic]]) -> Arrays:
    return {f"{part}/{name}": array for name, array in arrays.items()}


def _part(arrays: Arrays, part: str) -> Arrays:
    start = f"{part}/"
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}


def _write(
    path: Path, arrays: Arrays, table: dict[str, Any], durable: bool = True, alone: bool = False
) -> None:
    import numpy as np
    from safetensors.numpy import save

    # The format sorts its tensors; a snapshot's names stay in the order of the layers.
    table = table | {"names": list(arrays)}
    whole = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    replace_file(path, save(whole, metadata={_KEY: to_text(table)}), durable, alone)


def _read(path: Path, start: str = "") -> tuple[Arrays, dict[str, Any]]:
    """The arrays whose names begin so, and the table beside them."""
    from safetensors import SafetensorError, safe_open
    from safetensors.numpy import load

    try:
        if start:
            with reading(path), safe_open(path, "np") as file:
                table = json.loads(file.metadata()[_KEY])
                arrays = {name: file.get_tensor(name) for name in table["names"] if name.startswith(start)}
        else:
            data = read_bytes(path)
            table = _table(data[8 : 8 + int.from_bytes(data[:8], "little")])
            found = load(data)
            arrays = {name: found[name] for name in table["names"]}
    except (SafetensorError, ValueError, TypeError, KeyError) as error:
        raise _damaged(path) from error
    for array in arrays.values():
        array.setflags(write=False)
    return arrays, table


def _table(header: bytes) -> dict[str, Any]:
    return json.loads(json.loads(header)["__metadata__"][_KEY])


def _made(path: Path, make: Callable[[], Made]) -> Made:
    try:
        return make()
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> StudioError:
    return StudioError(
        "This file is damaged or cut off", where=str(path),
        advice="Restore it from a copy, or train the run again.",
    )  # fmt: skip

"""weights.safetensors and checkpoint.safetensors: tensors and their step in one file each.

Each file is complete in itself and replaced at once, so that weights, optimiser and counters always
belong to the same step, whenever the process dies. Read and written with numpy alone.

Each part of a file (weights, optimiser, best weights) has its own digest, so that a part can be read and
checked alone. Files of earlier versions have none and are read as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from aestudio.errors import StudioError
from aestudio.runs.state_size import check_state_size
from aestudio.storage.damage import Damage
from aestudio.storage.digest import digest_of_arrays, digest_of_texts
from aestudio.storage.files import floats, replace_file, to_text
from aestudio.storage.json_text import finite, parse_json, table_of, whole_number
from aestudio.storage.os_errors import reading
from aestudio.storage.safetensors import open_tensors
from aestudio.training.events import Checkpoint, Snapshot

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.recipes.architecture import Architecture

WEIGHTS = "weights.safetensors"
CHECKPOINT = "checkpoint.safetensors"
_KEY = "aestudio"
_DIGESTS = "digests"
_INTEGER_COUNTERS = frozenset(
    {
        "threads",
        "bfloat16",
        "last_validation",
        "steps_summed",
        "validations_without_progress",
        "compared_from",
        "spike_since",
        "validation_spike_since",
    }
)
_DAMAGE = Damage(advice="Restore it from a copy, or train the run again.")

Arrays = dict[str, "NDArray[Any]"]
Check = Callable[[], bool] | None


def write_snapshot(folder: Path, snapshot: Snapshot, is_there: Check = None) -> None:
    """Replace the newest weights; raises StudioError. is_there: as in `write_checkpoint_file`"""
    table = _facts(snapshot)
    _write(folder / WEIGHTS, dict(snapshot.weights), table, is_there=is_there)


def _facts(snapshot: Snapshot) -> dict[str, Any]:
    """What a file's table says of weights; only those of a sabotaged training name a sabotage."""
    sabotage = {"sabotage": snapshot.sabotage} if snapshot.sabotage else {}
    return {"step": snapshot.step, "epoch": snapshot.epoch, **sabotage}


def read_snapshot(folder: Path, run: str, architecture: Architecture) -> Snapshot:
    """The newest weights; raises StudioError."""
    path = folder / WEIGHTS
    with _opened(path, architecture) as (table, weights):
        snapshot = _snapshot(table, weights, run, architecture)
    _check_finite(path, snapshot.weights)
    return snapshot


def write_checkpoint(folder: Path, checkpoint: Checkpoint, is_there: Check = None) -> None:
    """Replace the checkpoint to resume from; raises StudioError. is_there: as in `write_checkpoint_file`"""
    write_checkpoint_file(folder / CHECKPOINT, checkpoint, is_there=is_there)


def write_checkpoint_file(
    path: Path, checkpoint: Checkpoint, durable: bool = True, is_there: Check = None
) -> None:
    """Write a state into a file of this name, completely or not at all; raises StudioError.

    durable:  wait until it is on the disk
    is_there: whether the folder is still the run's; checked just before the file gets its name
    """
    snapshot, best = checkpoint.snapshot, checkpoint.best
    arrays = {"noise": checkpoint.noise} | _with_prefix("weights", snapshot.weights)
    arrays |= _with_prefix("optimiser", checkpoint.optimiser)
    table: dict[str, Any] = {
        **_facts(snapshot),
        "counters": dict(checkpoint.counters),
        "live": dict(checkpoint.live),
        "best": None,
    }
    if best is not None:
        arrays |= _with_prefix("best", best.weights)
        table["best"] = _facts(best)
    # Only the holder of the run's lock writes its states, each file by one thread at a time.
    _write(path, arrays, table, durable, alone=True, is_there=is_there)


def read_checkpoint(folder: Path, run: str, architecture: Architecture) -> Checkpoint:
    """The checkpoint to resume from, bit for bit; raises StudioError."""
    return read_checkpoint_file(folder / CHECKPOINT, run, architecture)


def read_checkpoint_file(path: Path, run: str, architecture: Architecture) -> Checkpoint:
    """The state in a file, bit for bit; raises StudioError."""
    with _opened(path, architecture) as (table, arrays):
        checkpoint = _checkpoint(arrays, table, run, architecture)
    _check_finite(path, checkpoint.snapshot.weights)
    if checkpoint.best is not None:
        _check_finite(path, checkpoint.best.weights)
    return checkpoint


def read_weights_of_checkpoint(path: Path, run: str, architecture: Architecture) -> Snapshot:
    """The weights of the state in a file, the only part that is read; raises StudioError."""
    with _opened(path, architecture, "weights") as (table, arrays):
        snapshot = _snapshot(table, _part(arrays, "weights"), run, architecture)
    _check_finite(path, snapshot.weights)
    return snapshot


@contextmanager
def _opened(
    path: Path, architecture: Architecture, part: str = ""
) -> Generator[tuple[dict[str, Any], Arrays]]:
    """The table of a file and its arrays, or those of one part, compared with their digests.

    A ValueError inside the block is reported as damage of the file. Raises StudioError.
    """
    with reading(path), open_tensors(path, _DAMAGE) as file:
        table = _table(file.header.metadata)
        check_state_size(file.header.bytes, architecture)
        arrays = file.read(name for name in _names(table) if not part or _part_of(name) == part)
        _check_digests(table, arrays)
        yield table, arrays


def array_bytes(path: Path) -> int | None:
    """Bytes of the arrays in a file without reading them, None for a file that is invalid or truncated."""
    try:
        with open_tensors(path) as file:
            return file.header.bytes
    except (OSError, StudioError):
        return None


def checkpoint_step(folder: Path) -> int | None:
    """The step of the kept checkpoint, None if there is none that can be read."""
    return _step(folder / CHECKPOINT)


def weights_step(folder: Path) -> int | None:
    """The step of the kept weights, None if there are none that can be read."""
    return _step(folder / WEIGHTS)


def _step(path: Path) -> int | None:
    table = read_table(path)
    try:
        return None if table is None else whole_number(table.get("step"))
    except ValueError:
        return None


def read_table(path: Path) -> dict[str, Any] | None:
    """The JSON table of a file, without its arrays; None if it cannot be read."""
    try:
        with open_tensors(path) as file:
            table = _table(file.header.metadata)
            _check_digests(table, {})
            return table
    except (OSError, StudioError):
        return None


def weights_digest(path: Path) -> str | None:
    """The digest of the weights that a file says to hold (`digest_of_arrays`), without reading them.

    None for a file that cannot be read, or of a version that kept none.
    """
    table = read_table(path)
    digest = None if table is None else cast("dict[str, object]", table.get(_DIGESTS) or {}).get(_part_of(""))
    return digest if isinstance(digest, str) else None


def _snapshot(table: dict[str, Any], weights: Arrays, run: str, architecture: Architecture) -> Snapshot:
    """Raises ValueError if the table or the weights are invalid."""
    if not weights or any(array.dtype != np.float32 for array in weights.values()):
        raise ValueError("the weights are not in single precision")
    step, epoch = whole_number(table.get("step")), finite(table.get("epoch"))
    sabotage = str(table.get("sabotage", ""))
    return Snapshot(run, architecture.recipe, step, epoch, weights, sabotage=sabotage, data=architecture.data)


def _checkpoint(arrays: Arrays, table: dict[str, Any], run: str, architecture: Architecture) -> Checkpoint:
    best, noise = table.get("best"), arrays.get("noise")
    if noise is None or noise.dtype != np.uint8 or noise.ndim != 1:
        raise ValueError("the state of the random generator is missing")
    counters = floats(table.get("counters"))
    finite(counters.get("step"))
    for name, value in counters.items():  # a loss may be infinite before the first is known
        if _is_whole(name):
            finite(value)
    return Checkpoint(
        snapshot=_snapshot(table, _part(arrays, "weights"), run, architecture),
        optimiser=_part(arrays, "optimiser"),
        noise=noise,
        counters=counters,
        live=floats(table.get("live")),
        best=None if best is None else _snapshot(table_of(best), _part(arrays, "best"), run, architecture),
    )


def _is_whole(counter: str) -> bool:
    """Whether the counter is a whole number; from the second phase on its name follows "PHASE/"."""
    part, _, name = counter.rpartition("/")
    return part == "count" or (part != "sum" and name in _INTEGER_COUNTERS)


def _with_prefix(part: str, arrays: Mapping[str, NDArray[np.generic]]) -> Arrays:
    return {f"{part}/{name}": array for name, array in arrays.items()}


def _part(arrays: Arrays, part: str) -> Arrays:
    start = f"{part}/"
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}


def _part_of(name: str) -> str:
    """The part of a state that an array belongs to, "arrays" if none."""
    part, slash, _ = name.partition("/")
    return part if slash else "arrays"


def _write(
    path: Path,
    arrays: Arrays,
    table: dict[str, Any],
    durable: bool = True,
    alone: bool = False,
    is_there: Check = None,
) -> None:
    from safetensors.numpy import save

    # The format sorts its tensors; a snapshot's names stay in the order of the layers.
    table = table | {"names": list(arrays)}
    table |= {_DIGESTS: _digests(table, arrays)}
    contiguous = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    # Marked twice, so that a file that lost its digests by damage does not pass for a file of an earlier
    # version, which has none.
    metadata = {_KEY: to_text(table), _DIGESTS: "yes"}
    replace_file(path, save(contiguous, metadata=metadata), durable, alone, is_there)


def _digests(table: dict[str, Any], arrays: Arrays) -> dict[str, str]:
    """A digest for each part that these arrays belong to, and one of the table itself."""
    parts: dict[str, Arrays] = {_part_of(name): {} for name in arrays}
    for name, array in arrays.items():
        parts[_part_of(name)][name] = array
    digests = {part: digest_of_arrays(members) for part, members in parts.items()}
    return digests | {"table": digest_of_texts([to_text(table)])}


def _check_digests(table: dict[str, Any], arrays: Arrays) -> None:
    """Raises ValueError if table or arrays differ from what was written; a file without digests passes.

    arrays: complete parts of the file
    """
    if _DIGESTS not in table:
        return
    kept = table_of(table[_DIGESTS])
    digests = _digests({name: value for name, value in table.items() if name != _DIGESTS}, arrays)
    if any(kept.get(part) != digest for part, digest in digests.items()):
        raise ValueError("its content changed after it was written")


def _table(metadata: dict[str, Any]) -> dict[str, Any]:
    text = metadata.get(_KEY)
    if not isinstance(text, str):
        raise ValueError("its JSON table is missing")
    table = table_of(parse_json(text.encode()))
    if _DIGESTS in metadata and _DIGESTS not in table:
        raise ValueError("its digests are missing")
    return table


def _names(table: dict[str, Any]) -> list[str]:
    """The arrays in the order of the layers; raises ValueError."""
    entry = table.get("names")
    names = cast("list[object]", entry) if isinstance(entry, list) else [None]
    if not all(isinstance(name, str) for name in names):
        raise ValueError("its list of names is missing")
    names = cast("list[str]", names)
    if len(set(names)) != len(names):
        raise ValueError("it names an array twice")
    return names


def _check_finite(path: Path, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Raises StudioError for weights with NaN or infinity: no training writes such weights."""
    if not all(np.isfinite(array).all() for array in weights.values()):
        raise _DAMAGE.error(path, "its weights are no finite numbers")

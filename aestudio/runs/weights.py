"""Snapshots and checkpoints as safetensors: everything of one moment in one file, so nothing can be torn.

Names: "weights/NAME", "best/NAME", "optimiser/PARAMETER/STATE", "noise"; numbers of the loop are the
file's metadata, as JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from aestudio.errors import StudioError
from aestudio.runs.files import replace_file
from aestudio.training.events import Checkpoint, Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.recipes.recipe import Recipe

WEIGHTS, BEST, OPTIMISER, NOISE = "weights/", "best/", "optimiser/", "noise"


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """The weights of one moment."""
    _write(path, _named(WEIGHTS, snapshot.weights), {"step": snapshot.step, "epoch": snapshot.epoch})


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Everything to go on from."""
    snapshot, best = checkpoint.snapshot, checkpoint.best
    arrays = _named(WEIGHTS, snapshot.weights) | _named(OPTIMISER, checkpoint.optimiser)
    arrays[NOISE] = checkpoint.noise
    facts: dict[str, object] = {
        "step": snapshot.step, "epoch": snapshot.epoch,
        "counters": dict(checkpoint.counters), "live": dict(checkpoint.live),
    }  # fmt: skip
    if best is not None:
        arrays |= _named(BEST, best.weights)
        facts |= {"best_step": best.step, "best_epoch": best.epoch}
    _write(path, arrays, facts)


def read_snapshot(path: Path, run: str, recipe: Recipe) -> Snapshot:
    """The weights in a file of either kind; raises StudioError where it is missing or damaged."""
    arrays, facts = _read(path)
    return Snapshot(run, recipe, int(facts["step"]), float(facts["epoch"]), _part(WEIGHTS, arrays))


def read_checkpoint(path: Path, run: str, recipe: Recipe) -> Checkpoint:
    """Everything to go on from; raises StudioError where it is missing or damaged."""
    arrays, facts = _read(path)
    best = None
    if "best_step" in facts:
        best = Snapshot(run, recipe, int(facts["best_step"]), float(facts["best_epoch"]), _part(BEST, arrays))
    return Checkpoint(
        snapshot=Snapshot(run, recipe, int(facts["step"]), float(facts["epoch"]), _part(WEIGHTS, arrays)),
        optimiser=_part(OPTIMISER, arrays), noise=arrays[NOISE],
        counters=facts["counters"], live=facts["live"], best=best,
    )  # fmt: skip


def _named(prefix: str, arrays: Mapping[str, NDArray]) -> dict[str, NDArray]:
    # safetensors writes the memory as it lies, so it must lie in order.
    return {f"{prefix}{name}": np.asarray(array, order="C") for name, array in arrays.items()}


def _part(prefix: str, arrays: Mapping[str, NDArray]) -> dict[str, NDArray]:
    part = {}
    for name, array in arrays.items():
        if name.startswith(prefix):
            array.setflags(write=False)
            part[name.removeprefix(prefix)] = array
    return part


def _write(path: Path, arrays: dict[str, NDArray], facts: dict[str, object]) -> None:
    replace_file(path, save(arrays, metadata={"facts": json.dumps(facts)}))


def _read(path: Path) -> tuple[dict[str, NDArray], dict]:
    try:
        content = path.read_bytes()
        header = int.from_bytes(content[:8], "little")
        facts = json.loads(json.loads(content[8 : 8 + header])["__metadata__"]["facts"])
        return load(content), facts
    except FileNotFoundError:
        raise StudioError("The weights of this run are missing", where=str(path)) from None
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise StudioError(f"The weights of this run are damaged ({error})", where=str(path)) from error

"""The folder of a sweep: its plan, the results of its runs, and the file that stops it.

The runs themselves are ordinary ones among the user's runs; which of them are the sweep's follows from their
names. So a sweep that was killed is continued by looking at its runs: nothing is lost but the steps since the
newest checkpoint of those that were under way.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice, StudioError
from aestudio.paths import data_folder
from aestudio.recipes.model_file import read_model_file
from aestudio.storage.damage import Damage
from aestudio.storage.files import new_folder, replace_file, to_text
from aestudio.storage.json_lines import read_json_lines
from aestudio.storage.os_errors import is_there, reading, writing
from aestudio.sweeps.plan import SweepPlan

if TYPE_CHECKING:
    from pathlib import Path

PLAN, RESULTS, STOP = "sweep.json", "results.jsonl", "stop"
_MOST_BYTES = 64_000_000
_DAMAGE = Damage("This sweep cannot be read", "Restore the file from a copy, or start a new sweep.")
_UNUSABLE = "This sweep cannot go on"
_MOST_NAMED = 12


@dataclass(frozen=True)
class TrialResult:
    """How one run ended. number: of the trial; run: the name of its folder, "" if it has none

    metrics: on the images held back, {} for a run that failed; parameters: of the model
    problem: why it failed, in a sentence; "" if it did not. stopped: it waits to be continued.
    """

    number: int
    run: str
    metrics: dict[str, float] = field(default_factory=dict[str, float])
    seconds: float = 0.0
    parameters: int = 0
    problem: str = ""
    stopped: bool = False


def sweeps_folder() -> Path:
    """Where sweeps are kept, one folder each."""
    return data_folder() / "sweeps"


def keep_plan(plan: SweepPlan) -> Path:
    """Make the folder of a new sweep; raises BadChoice for a name that is taken, StudioError."""
    if is_there(sweeps_folder() / plan.name):
        raise BadChoice("--name", plan.name, "a name that no other sweep has, or --resume to go on with it")
    folder = new_folder(sweeps_folder(), plan.name)
    replace_file(folder / PLAN, to_text(plan.model_dump(mode="json"), indent=1).encode())
    return folder


def sweep_names() -> tuple[str, ...]:
    """The names of all kept sweeps, sorted; raises StudioError."""
    folder = sweeps_folder()
    if not is_there(folder):
        return ()
    with reading(folder):
        return tuple(sorted(path.parent.name for path in folder.glob(f"*/{PLAN}")))


def find_sweep(name: str) -> tuple[SweepPlan, Path]:
    """The plan and the folder of a kept sweep; raises BadChoice, StudioError."""
    known = sweep_names()
    if name not in known:
        raise BadChoice("sweep", name, list(known[:_MOST_NAMED]) or "there is none yet")
    folder = sweeps_folder() / name
    return read_model_file(SweepPlan, folder / PLAN, _MOST_BYTES, _DAMAGE, _UNUSABLE), folder


def read_results(folder: Path) -> dict[int, TrialResult]:
    """What is known of each trial, by its number: the newest line counts. Raises StudioError."""
    path = folder / RESULTS
    if not is_there(path):
        return {}
    with reading(path):
        return {result.number: result for result in read_json_lines(path, _result)}


def add_result(folder: Path, result: TrialResult) -> None:
    """Write the result of a run, on the disk when this returns; raises StudioError."""
    path = folder / RESULTS
    with writing(path), path.open("ab") as file:
        if file.tell() and not _ends_with_a_line(path):
            file.write(b"\n")  # a crash left part of one
        file.write(json.dumps(asdict(result), ensure_ascii=True).encode() + b"\n")
        file.flush()


def _ends_with_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def _result(value: Any) -> TrialResult:
    """Raises ValueError for what is no result."""
    try:
        return TrialResult(**value)
    except TypeError as problem:
        raise ValueError(str(problem)) from problem


def ask_to_stop(folder: Path) -> None:
    """Let the runs that are under way, in whatever process, stop after their current step."""
    with suppress(OSError, StudioError):
        replace_file(folder / STOP, b"")


def allow_to_go_on(folder: Path) -> None:
    """Forget an earlier wish to stop; raises StudioError."""
    with writing(folder / STOP):
        (folder / STOP).unlink(missing_ok=True)


def is_to_stop(folder: Path) -> bool:
    """Whether the runs are to stop."""
    return (folder / STOP).exists()

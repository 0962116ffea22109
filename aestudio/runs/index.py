"""All runs: kept ones in the user's folder, and the models that ship with the program.

Runs whose folders have not changed since they were listed last come from an index (`search_index.py`).
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.paths import runs_folder
from aestudio.resources import resources_folder
from aestudio.runs.kept_run import INCOMING, TRASH, KeptRun
from aestudio.runs.run_record import FILE
from aestudio.runs.search_index import read_entries, run_of, stamp_of, write_entries
from aestudio.storage.files import free_name, new_folder
from aestudio.storage.os_errors import is_there, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.search_index import Entry

_NAMED_IN_ERRORS = 12
_LONGEST_WORD = 48  # letters of a recipe's name in a folder's; file systems take 255 bytes for all of it
_LONGEST_NAME = 100
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')  # in names of files on Windows


def list_runs(folder: Path | None = None) -> tuple[KeptRun, ...]:
    """Kept runs, the newest first, damaged ones with their problem; then the shipped models.

    folder: the folder of kept runs; None for the user's own. Raises StudioError if it cannot be read.
    """
    return (*kept_runs(folder), *shipped_models())


def kept_runs(folder: Path | None = None) -> tuple[KeptRun, ...]:
    """The runs in the user's folder (or another one), the newest first, damaged ones last."""
    folder = runs_folder() if folder is None else folder
    if not (is_there(folder) and folder.is_dir()):
        return ()
    with reading(folder), os.scandir(folder) as found:
        names = [entry.name for entry in found if entry.is_dir() and not _is_no_run(entry.name)]
    folders = [folder / name for name in names]
    known = read_entries(folder)
    runs = [run for path in folders if (run := _run_in(path, known)) is not None]
    gone = known.keys() - set(names)
    if gone:
        write_entries(folder, {}, gone)
    return tuple(sorted(runs, key=_newest_first))


def shipped_models() -> tuple[KeptRun, ...]:
    """The trained models in `resources/models/`, by name."""
    folders = sorted((resources_folder() / "models").glob(f"*/{FILE}"))
    return tuple(KeptRun.at(path.parent, shipped=True) for path in folders)


def find_run(name: str) -> KeptRun:
    """The run of this name: a run's folder, a kept run's name or title, or a shipped model's name.

    Raises BadChoice if there is none, StudioError where it is damaged.
    """
    run = _at_path(name) or _named(name)
    if run is None:
        raise BadChoice("run", name, _known())
    run.require_record()
    return run


def find_own_run(name: str) -> KeptRun:
    """The run to change: by its folder, its name, or a title that no other kept run has; damaged ones too.

    Raises BadChoice if there is none, for a title of several runs, and for a shipped model.
    """
    run = _at_path(name)
    if run is None:
        runs = kept_runs()
        called = [one for one in runs if one.name == name] or [one for one in runs if one.title == name]
        if len(called) > 1:
            names = ", ".join(one.name for one in called[:_NAMED_IN_ERRORS])
            raise BadChoice("run", name, f"the name of one of the runs with this title: {names}")
        run = called[0] if called else None
    if run is None or run.shipped:
        raise BadChoice("run", name, _known(shipped=False))
    return run


def new_run_name(recipe: Recipe, folder: Path | None = None) -> str:
    """A readable, unused name: "vae 2026-11-22 05.14". Valid as a folder on every system.

    Nor has it a run that was just removed: what is still known of that must not be taken for the new one's.
    """
    folder = runs_folder() if folder is None else folder
    name = _FORBIDDEN.sub("-", recipe.name)[:_LONGEST_WORD].strip(" .") or "run"
    return free_run_name(f"{name} {datetime.now():%Y-%m-%d %H.%M}", folder)


def free_run_name(name: str, folder: Path) -> str:
    """The name, as every system allows it, with a number if a run or a removed one in the folder has it."""
    return free_name(folder, valid_folder_name(name), folder / TRASH).name


def valid_folder_name(name: str) -> str:
    """The name as every system allows it for a folder, and no list of runs takes for something else."""
    name = _FORBIDDEN.sub("-", name)[:_LONGEST_NAME].strip(" .")
    return "run" if not name or name.casefold() == TRASH else name


def new_run_folder(recipe: Recipe, folder: Path | None = None) -> Path:
    """A new, empty folder of a new name, safe against other processes; raises StudioError."""
    folder = runs_folder() if folder is None else folder
    return new_folder(folder, new_run_name(recipe, folder))


def _at_path(name: str) -> KeptRun | None:
    try:
        path = Path(name).expanduser()
        found = bool(name.strip()) and (path / FILE).is_file()
    except (OSError, ValueError, RuntimeError):
        return None
    if not found:
        return None
    path = path.resolve()
    return KeptRun.at(path, shipped=path.parent == (resources_folder() / "models").resolve())


def _named(name: str) -> KeptRun | None:
    runs = list_runs()
    by_name = [run for run in runs if run.name == name]
    by_title = [run for run in runs if run.title == name and not run.shipped]
    return next(iter(by_name + by_title), None)


def _known(shipped: bool = True) -> str:
    """The allowed names for an error message; of many runs the oldest are left out."""
    kept = [run.name for run in kept_runs()]
    more = len(kept) - _NAMED_IN_ERRORS
    names = [run.name for run in shipped_models()] if shipped else []
    names += kept[:_NAMED_IN_ERRORS]
    names += [f"{more} older runs"] if more > 0 else []
    return ", ".join([*names, "the folder of a run"])


def _run_in(folder: Path, known: Mapping[str, Entry]) -> KeptRun | None:
    """The run in a folder, None if nothing was begun; one that cannot be read must not hide the others.

    known: the index
    """
    try:
        with reading(folder):
            stamp = stamp_of(folder)
    except StudioError as problem:
        return KeptRun(folder, None, problem)
    if not _begun(stamp.names):
        return None
    entry = known.get(folder.name)
    listed = None if entry is None or entry.stamp != stamp.value else run_of(folder, entry)
    return KeptRun.at(folder, stamp=stamp.value) if listed is None else listed


def _is_no_run(name: str) -> bool:
    return name == TRASH or name.startswith(INCOMING)


def _begun(names: Iterable[str]) -> bool:
    """Whether a folder holds files of these names: that of a run that is about to begin is empty."""
    return any(not name.startswith(".") and not name.endswith(".lock") for name in names)


def _newest_first(run: KeptRun) -> tuple[bool, float, str]:
    created = run.created
    return created is None, 0.0 if created is None else -created.timestamp(), run.name

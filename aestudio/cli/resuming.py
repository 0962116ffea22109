"""Finds the run that `aestudio train --resume` resumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.library import all_recipes, find_recipe
from aestudio.runs.index import find_run, kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import FILE
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.recipes.recipe import Recipe


def run_to_resume(name: str | None, out: Path | None) -> KeptRun:
    """The run to resume: the one in the folder, the one of this name, or the newest unfinished one.

    name: a recipe, or the name, title or folder of a run; None for any recipe

    Raises StudioError if there is no such run, BadChoice for a name that is neither, or is both.
    """
    recipe = find_recipe(name) if name in {known.name for known in all_recipes()} else None
    if out is not None:
        recipe = find_recipe(name) if name is not None else None  # with a folder it can only be a recipe
        return _in_folder(out, recipe)
    if name is None or recipe is not None:
        newest = _newest_unfinished(recipe)
        called = _run_named(name)
        if newest is not None and called is not None and called.folder.resolve() != newest.folder.resolve():
            raise BadChoice(
                "run to resume", name, f"its folder, because a recipe is called that too: {called.folder}"
            )
        run = newest or called
        if run is None:
            raise StudioError(
                "There is no unfinished run of this recipe" if recipe else "There is no unfinished run",
                where=name or "",
                advice="Name a run, or its folder with --out, or leave --resume out.",
            )
        return run
    return find_run(name)


def _in_folder(out: Path, recipe: Recipe | None) -> KeptRun:
    folder = out.expanduser().resolve()
    if not is_there(folder / FILE):
        raise StudioError(
            "This folder holds no run to resume",
            where=str(folder),
            advice="Name its folder with --out, or leave --resume out.",
        )
    run = KeptRun.at(folder)
    if recipe is not None and run.recipe.name != recipe.name:
        raise BadChoice("recipe of the run in --out", recipe.name, (run.recipe.name,))
    return run


def _newest_unfinished(recipe: Recipe | None) -> KeptRun | None:
    for run in kept_runs():
        unfinished = run.status in ("stopped", "interrupted")
        if unfinished and (recipe is None or run.recipe.name == recipe.name):
            return run
    return None


def _run_named(name: str | None) -> KeptRun | None:
    """The kept run of this name, title or folder; a shipped model, which has its recipe's name, is none."""
    try:
        run = None if name is None else find_run(name)
    except StudioError:
        return None
    return None if run is None or run.shipped else run

"""Sweeps from Python: many trainings of one recipe whose settings vary, cross-validated.

if __name__ == "__main__":  # the runs are in processes, which import this file again
    found = aestudio.sweep("vae", {"latent_size": [2, 8, 32], "beta": "0.5:8:log5"}, folds=5)
    found.best.settings, found.best.mean, found.best.standard_error
    found.open_best().decode(codes)
    model = aestudio.train(found.chosen_recipe)  # on all training images
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.api import open_run
from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import BadChoice, StudioError
from aestudio.progress import silent
from aestudio.recipes.library import find_recipe
from aestudio.sweeps.importance import importances
from aestudio.sweeps.new_plan import new_plan
from aestudio.sweeps.sweep_folder import find_sweep, keep_plan, read_results
from aestudio.sweeps.sweep_results import sweep_results, to_csv
from aestudio.sweeps.sweep_runner import Pool, run_sweep, usual_jobs
from aestudio.sweeps.variation import given_variation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aestudio.api import Run
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.sweep_results import Candidate, SweepResults


class Sweep:
    """A kept sweep with what is known of its runs now. plan: what it carries out; folder: where it is kept"""

    def __init__(self, plan: SweepPlan, folder: Path, data_dir: Path | None = None) -> None:
        self.plan, self.folder = plan, folder
        self._data_dir = data_dir

    @property
    def name(self) -> str:
        """The name that `open_sweep` and `aestudio sweep --resume` take."""
        return self.plan.name

    def results(self, metric: str = "") -> SweepResults:
        """The scores of every candidate. metric: another one than the sweep's

        Raises BadChoice for a metric that no run has, StudioError if the results cannot be read.
        """
        return sweep_results(self.plan, read_results(self.folder), metric)

    @property
    def best(self) -> Candidate | None:
        """The candidate with the best mean, None until one is complete."""
        return self.results().best

    @property
    def chosen(self) -> Candidate | None:
        """The simplest candidate within one standard error of the best; None until one is complete."""
        return self.results().chosen

    @property
    def chosen_recipe(self) -> Recipe:
        """The recipe with the settings of `chosen`, to be trained on all images; raises StudioError."""
        chosen = self.chosen
        if chosen is None:
            raise _nothing_done(self.name)
        return self.plan.recipe.with_settings(dict(chosen.settings))

    @property
    def importance(self) -> dict[str, float]:
        """How much of the metric's variance each setting alone explains, 0 to 1; {} without results."""
        return {one.name: one.share for one in importances(self.plan, self.results())}

    @property
    def unfinished(self) -> int:
        """How many runs have no result yet."""
        known = read_results(self.folder)
        return sum(one.number not in known or known[one.number].stopped for one in self.plan.trials)

    def open_best(self) -> Run:
        """The first run of the best candidate; raises StudioError until one is complete."""
        best = self.best
        if best is None:
            raise _nothing_done(self.name)
        return open_run(best.runs[0], data_dir=self._data_dir)

    def to_csv(self, metric: str = "") -> str:
        """A row for each candidate: settings, mean, standard error, each score."""
        return to_csv(self.plan, self.results(metric))

    def resume(self, *, jobs: int | None = None, scheduler: str = "", progress: Progress = silent) -> Sweep:
        """Carry out what has no result yet, also after a crash; returns this sweep.

        jobs:     how many runs at a time; None: as cores and memory allow
        scheduler: the address of a dask scheduler whose workers carry them out instead
        progress: called with the runs that are done, all of them, and the newest one; may raise Cancelled,
                  which keeps what is done

        A run that fails is part of the results and ends nothing. Raises StudioError if the images have
        changed or the sweep is carried out elsewhere, BadChoice for an impossible number of jobs.
        """
        data = load_dataset(self.plan.origin, data_dir=self._data_dir)
        self.plan.check_data(data)
        if jobs is not None and jobs < 1:
            raise BadChoice("jobs", jobs, "a whole number from 1")
        total = len(self.plan.trials)
        done = total - self.unfinished
        titles = {trial.number: self.plan.title_of(trial.settings) for trial in self.plan.trials}
        count = usual_jobs(self.plan, data.shape) if jobs is None else jobs
        with closing(
            run_sweep(self.plan, self.folder, Pool(count, scheduler=scheduler), self._data_dir)
        ) as results:
            progress(done, total, "")
            for result in results:
                done += not result.stopped
                progress(done, total, titles[result.number])
        return self


def sweep(
    recipe: str | Recipe,
    vary: Mapping[str, Sequence[Any] | str],
    dataset: str = "mnist",
    epochs: int | None = None,
    *,
    folds: int = 0,
    repeats: int = 1,
    random: int | None = None,
    metric: str | None = None,
    jobs: int | None = None,
    scheduler: str = "",
    name: str | None = None,
    device: str = "auto",
    data_dir: str | Path | None = None,
    progress: Progress = silent,
    **settings: Any,
) -> Sweep:
    """Train every combination of the values, compare them on images that are held back, keep all runs.

    vary:     the values of each setting, a list or a text as for `aestudio sweep --vary` ("0.5:8:log5")
    dataset:  a name or a path: the processes of the runs load it themselves
    folds:    parts of a stratified cross-validation; 0: the recipe's own validation images
    repeats:  how many times the folds are drawn anew; random: how many of the combinations are tried, drawn
    metric:   by which candidates are compared; None for the usual one of the recipe
    jobs, scheduler, progress: as for `Sweep.resume`; settings: of every run

    The test images are not touched. The calling script needs `if __name__ == "__main__":`, because the
    processes import it again. Raises BadChoice for unknown names and impossible values, StudioError.
    """
    chosen = find_recipe(recipe) if isinstance(recipe, str) else recipe
    chosen = chosen.with_settings(settings if epochs is None else settings | {"epochs": epochs})
    variations = [given_variation(setting, values, chosen) for setting, values in vary.items()]
    how = {"folds": folds, "repeats": repeats, "device": device}
    plan = new_plan(chosen, variations, count=random, name=name, metric=metric, **how)
    folder = None if data_dir is None else Path(data_dir)
    plan = plan.on(load_dataset(dataset, data_dir=folder))
    return Sweep(plan, keep_plan(plan), folder).resume(jobs=jobs, scheduler=scheduler, progress=progress)


def open_sweep(name: str, *, data_dir: str | Path | None = None) -> Sweep:
    """A kept sweep by its name; raises BadChoice, StudioError."""
    plan, folder = find_sweep(name)
    return Sweep(plan, folder, None if data_dir is None else Path(data_dir))


def _nothing_done(name: str) -> StudioError:
    return StudioError(
        "No candidate of this sweep is complete yet", where=name, advice="Go on with it: sweep.resume()."
    )

"""`aestudio sweep`: many trainings of one recipe whose settings vary, cross-validated and compared."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aestudio.cli.follow_training import stop_on_signal
from aestudio.cli.loading import load
from aestudio.cli.options import DataDir, Json  # noqa: TC001 - typer reads them at run time
from aestudio.cli.output import (
    PROBLEM,
    STOPPED,
    BadUsage,
    Stopped,
    print_json,
    print_notice,
    print_result,
    print_warning,
)
from aestudio.cli.sweep_options import (  # noqa: TC001 - typer reads them at run time
    Cost,
    Folds,
    Jobs,
    Metric,
    Name,
    Random,
    Repeats,
    Resume,
    Scheduler,
    Vary,
)
from aestudio.cli.sweep_table import cost_text, list_of_sweeps, results_json, results_table
from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.library import find_recipe
from aestudio.storage.os_errors import writing
from aestudio.sweeps.new_plan import new_plan
from aestudio.sweeps.sweep_folder import ask_to_stop, find_sweep, keep_plan, read_results, sweep_names
from aestudio.sweeps.sweep_results import sweep_results, to_csv
from aestudio.sweeps.variation import parse_variation

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.sweep_folder import TrialResult
    from aestudio.sweeps.sweep_runner import Pool

_MOST_JOBS = 256


def command(
    recipe: Annotated[
        str | None,
        typer.Argument(
            metavar="RECIPE", show_default=False, help="What to train. Without it, kept sweeps are listed."
        ),
    ] = None,
    vary: Vary = None,
    random: Random = None,
    folds: Folds = 0,
    repeats: Repeats = 1,
    metric: Metric = None,
    dataset: Annotated[
        str | None, typer.Option(show_default="auto", help="A name (see `aestudio datasets`) or a path.")
    ] = None,
    epochs: Annotated[
        str | None, typer.Option(metavar="N", show_default="the recipe's", help="Epochs of each run.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", show_default="the recipe's", help="Seed of each run.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="name=value", help="A setting of every run.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda:0 or mps.")] = "auto",
    jobs: Jobs = None,
    name: Name = None,
    scheduler: Scheduler = None,
    resume: Resume = None,
    cost: Cost = False,
    out: Annotated[Path | None, typer.Option(show_default=False, help="Write the table as CSV.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Train a recipe with settings that vary, and compare the results on images that are held back.

    Each run is an ordinary kept run. The test images are not touched. Beside the best candidate it names the
    simplest that is within one standard error of it. Ctrl+C stops after the current steps; --resume goes on
    where each run was, also after a crash. Numbers are those of float32 on one thread a run.
    """
    folder: Path | None = None
    if resume is not None:
        if recipe is not None or vary or settings or name is not None:
            raise BadUsage(
                "--resume goes on with a sweep as it was",
                advice="Leave recipe, --vary, --set and --name out.",
            )
        plan, folder = find_sweep(resume)
        data = load(plan.origin, data_dir)
        plan.check_data(data)
    elif recipe is None:
        _list(json)
        return
    else:
        flags = {"epochs": epochs, "seed": seed}
        changes = [*(settings or []), *(f"{key}={text}" for key, text in flags.items() if text is not None)]
        base = find_recipe(recipe).with_flags(changes)
        plan = _new_plan(base, vary or [], random, name, metric, folds=folds, repeats=repeats, device=device)
        data = load(dataset or "auto", data_dir)
        plan = plan.on(data)
    pool = _pool(plan, data, jobs, scheduler)
    _sweep(plan, folder, data, pool, cost, _Wanted(metric or "", out, json, data_dir))


@dataclass(frozen=True)
class _Wanted:
    """What is made of the results, and where the data sets are."""

    metric: str
    out: Path | None
    json: bool
    data_dir: Path | None


def _new_plan(
    recipe: Recipe, vary: list[str], count: int | None, name: str | None, metric: str | None, **how: Any
) -> SweepPlan:
    """A plan whose data set is not known yet; raises BadUsage, BadChoice, StudioError."""
    variations = [parse_variation(text, recipe) for text in vary]
    if not variations:
        raise BadUsage("Missing option '--vary'", advice="For example: --vary latent_size=2,8,32.")
    return new_plan(recipe, variations, count=count, name=name, metric=metric, **how)


def _sweep(
    plan: SweepPlan, folder: Path | None, data: Dataset, pool: Pool, only_cost: bool, wanted: _Wanted
) -> None:
    """Say what it takes, carry it out and print what came of it. folder: of a sweep that goes on"""
    if folder is None or only_cost:
        from aestudio.sweeps.cost import sweep_cost

        print_notice(cost_text(sweep_cost(plan, data, pool.jobs), pool.jobs))
    if only_cost:
        return
    folder = folder or keep_plan(plan)
    stopped = _carry_out(plan, folder, pool, wanted.data_dir)
    failed = _print_results(plan, folder, wanted)
    if stopped:
        print_notice(f'Stopped; what is done is kept. Go on with: aestudio sweep --resume "{plan.name}"')
    if stopped or failed:
        raise typer.Exit(STOPPED if stopped else PROBLEM)


class _Stop:
    """Ctrl+C, passed on to the processes of the runs by a file in the sweep's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True
        ask_to_stop(self._folder)


def _carry_out(plan: SweepPlan, folder: Path, pool: Pool, data_dir: Path | None) -> bool:
    """Train what has no result yet, and print a line for each; returns whether it was stopped."""
    from aestudio.sweeps.sweep_runner import run_sweep

    stop, trials = _Stop(folder), {trial.number: trial for trial in plan.trials}
    done = sum(not result.stopped for result in read_results(folder).values())
    stopped = False
    try:
        with stop_on_signal(stop), closing(run_sweep(plan, folder, pool, data_dir)) as results:
            for result in results:
                if result.stopped:
                    stopped = True
                    continue
                done += 1
                trial = trials[result.number]
                fold = f", fold {trial.fold}" if trial.fold else ""
                again = f" of draw {trial.repeat}" if plan.repeats > 1 else ""
                what = f"{done} of {len(trials)}: {plan.title_of(trial.settings)}{fold}{again}"
                _print_result(what, result, plan.metric)
    except KeyboardInterrupt:
        raise Stopped(
            "Stopped at once; what is done is kept",
            where=str(folder),
            advice=f'Go on with: aestudio sweep --resume "{plan.name}"',
        ) from None
    return stopped or stop.stopped


def _print_result(what: str, result: TrialResult, metric: str) -> None:
    if result.problem:
        print_warning(StudioError(f"{what} failed ({result.problem.rstrip('.')})", where=result.run))
    else:
        value = result.metrics.get(metric)
        print_notice(f"{what}: {metric} {'unknown' if value is None else f'{value:.6g}'}")


def _print_results(plan: SweepPlan, folder: Path, wanted: _Wanted) -> bool:
    """Returns whether a run failed."""
    known = read_results(folder)
    results = sweep_results(plan, known, wanted.metric)
    if wanted.out is not None:
        with writing(wanted.out):
            wanted.out.write_text(to_csv(plan, results), encoding="utf-8")
        print_notice(f"Written to {wanted.out}.")
    if wanted.json:
        print_json(results_json(plan, results))
    else:
        print_result(results_table(plan, results))
    return any(result.problem for result in known.values())


def _pool(plan: SweepPlan, data: Dataset, jobs: int | None, scheduler: str | None) -> Pool:
    from aestudio.sweeps.cluster import workers_at
    from aestudio.sweeps.sweep_runner import Pool, usual_jobs

    if scheduler is not None:
        if jobs is not None:
            raise BadUsage("--jobs is of this machine, and --scheduler of another", advice="Leave one out.")
        return Pool(max(1, workers_at(scheduler)), scheduler=scheduler)
    if jobs is None:
        return Pool(usual_jobs(plan, data.shape))
    if not 1 <= jobs <= _MOST_JOBS:
        raise BadChoice("--jobs", jobs, f"a whole number from 1 to {_MOST_JOBS}")
    return Pool(jobs)


def _list(json: bool) -> None:
    sweeps: list[tuple[SweepPlan, int]] = []
    for name in sweep_names():
        try:
            plan, folder = find_sweep(name)
            sweeps.append((plan, sum(not result.stopped for result in read_results(folder).values())))
        except StudioError as problem:
            print_warning(problem)
    if json:
        print_json([{"sweep": plan.name, "runs": len(plan.trials), "done": done} for plan, done in sweeps])
    elif sweeps:
        print_result(list_of_sweeps(sweeps))
    else:
        print_notice("No sweep was started yet. For example: aestudio sweep vae --vary latent_size=2,8,32")

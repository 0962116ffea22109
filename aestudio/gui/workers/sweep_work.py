"""What is done about sweeps on a task's thread: estimate, carry out, read. No Qt.

Imports what needs torch when it is called.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.state.sweep_state import ListedSweep, RunningSweep, ShownSweep, SweepEstimate

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.sweep_state import SweepDraft
    from aestudio.gui.workers.tasks import TaskReport
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.sweep_folder import TrialResult


def plan_of(draft: SweepDraft, dataset: Dataset) -> SweepPlan:
    """The plan of a draft; raises BadChoice, StudioError for what cannot be carried out."""
    from aestudio.sweeps.new_plan import new_plan
    from aestudio.sweeps.variation import parse_variation

    variations = [parse_variation(f"{name}={values}", draft.recipe) for name, values in draft.vary]
    how: dict[str, Any] = {"folds": draft.folds, "repeats": draft.repeats}
    metric = draft.metric or None
    return new_plan(draft.recipe, variations, count=draft.count, metric=metric, **how).on(dataset)


def estimate(draft: SweepDraft, dataset: Dataset, report: TaskReport) -> SweepEstimate:
    """What a draft takes; the number of runs is shown before the minutes are measured."""
    from aestudio.sweeps.cost import sweep_cost
    from aestudio.sweeps.sweep_runner import usual_jobs

    try:
        plan = plan_of(draft, dataset)
        jobs = draft.jobs or usual_jobs(plan, dataset.shape)
        known = SweepEstimate(draft, len(plan.trials), jobs)
        report.show(known)
        return SweepEstimate(draft, known.runs, jobs, sweep_cost(plan, dataset, jobs, report.check))
    except StudioError as problem:
        return SweepEstimate(draft, problem=_sentence(problem))


def _sentence(problem: StudioError) -> str:
    """Without the flag of the command line, which the dialog does not have."""
    if isinstance(problem, BadChoice) and problem.subject.startswith("--"):
        return f"{problem.subject.removeprefix('--').capitalize()}: {problem.allowed}."
    return str(problem)


def begin(draft: SweepDraft, dataset: Dataset, data_dir: Path | None, report: TaskReport) -> RunningSweep:
    """Keep a new sweep and carry it out; returns how far it came."""
    from aestudio.sweeps.sweep_folder import keep_plan
    from aestudio.sweeps.sweep_runner import usual_jobs

    plan = plan_of(draft, dataset)
    jobs = draft.jobs or usual_jobs(plan, dataset.shape)
    return _carry_out(plan, keep_plan(plan), jobs, data_dir, report)


def go_on(name: str, data_dir: Path | None, report: TaskReport) -> RunningSweep:
    """Carry out what is left of a kept sweep; returns how far it came."""
    from aestudio.datasets.catalogue import load_dataset
    from aestudio.sweeps.sweep_folder import find_sweep
    from aestudio.sweeps.sweep_runner import usual_jobs

    plan, folder = find_sweep(name)
    dataset = load_dataset(plan.origin, data_dir=data_dir)
    plan.check_data(dataset)
    return _carry_out(plan, folder, usual_jobs(plan, dataset.shape), data_dir, report)


def _carry_out(
    plan: SweepPlan, folder: Path, jobs: int, data_dir: Path | None, report: TaskReport
) -> RunningSweep:
    from aestudio.sweeps.sweep_folder import read_results
    from aestudio.sweeps.sweep_runner import Pool, run_sweep

    known = read_results(folder)
    total, began = len(plan.trials), time.monotonic()
    before = done = _ended(known)
    failed = sum(bool(result.problem) for result in known.values())
    report.show(RunningSweep(plan.name, total, done, failed))
    pool = Pool(jobs, report.check, gentle=True)
    with closing(run_sweep(plan, folder, pool, data_dir)) as results:
        for result in results:
            done += not result.stopped
            failed += bool(result.problem)
            pace = (time.monotonic() - began) / max(1, done - before)
            report.show(RunningSweep(plan.name, total, done, failed, pace * (total - done)))
    return RunningSweep(plan.name, total, done, failed)


def _ended(known: dict[int, TrialResult]) -> int:
    return sum(not result.stopped for result in known.values())


Read = tuple[tuple[ListedSweep, ...], ShownSweep | None]


def read(chosen: str, metric: str, report: TaskReport, *, first: bool) -> Read:
    """Every kept sweep, the newest first, and what is known of the chosen one ("" for none).

    first: whether it is shown before the importance of its settings is known, which may take seconds
    """
    from aestudio.sweeps.importance import importances
    from aestudio.sweeps.sweep_folder import find_sweep, read_results, sweep_names, sweeps_folder
    from aestudio.sweeps.sweep_results import metric_names, sweep_results
    from aestudio.sweeps.sweep_summary import summary_of

    listed: list[tuple[float, ListedSweep]] = []
    looked_at = None
    for name in sweep_names():
        try:
            plan, folder = find_sweep(name)
            known = read_results(folder)
        except StudioError as problem:
            listed.append((0.0, ListedSweep(name, problem=str(problem))))
            continue
        changed = (sweeps_folder() / name / "sweep.json").stat().st_mtime
        listed.append((changed, ListedSweep(name, plan.recipe.title, len(plan.trials), _ended(known))))
        if name == chosen:
            looked_at = plan, known
    newest_first = tuple(one for _, one in sorted(listed, key=lambda pair: -pair[0]))
    if looked_at is None:
        return newest_first, None
    plan, known = looked_at
    names = metric_names(known)
    wanted = metric if metric in names else plan.metric
    results = sweep_results(plan, known, names[0] if names and wanted not in names else wanted)
    quick = ShownSweep(plan, summary_of(plan, results, importance=False), names)
    if first:
        report.show((newest_first, quick))
    whole = replace(quick.summary, importances=importances(plan, results))
    return newest_first, replace(quick, summary=whole)


def write_csv(shown: ShownSweep, path: Path) -> None:
    """Write the candidates with every score; raises StudioError."""
    from aestudio.storage.atomic_file import new_file
    from aestudio.sweeps.sweep_results import to_csv

    content = to_csv(shown.plan, shown.summary.results)
    with new_file(path) as file:
        file.write(content.encode("utf-8"))

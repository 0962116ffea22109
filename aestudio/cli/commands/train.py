"""`aestudio train`: trains one recipe, or several one after the other, and keeps each run."""

from __future__ import annotations

from functools import partial
from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aestudio.cli.follow_training import follow
from aestudio.cli.loading import load, load_for
from aestudio.cli.options import (
    AxesOption,
    BrokenOption,
    CutOption,
    DataDir,
    DeviceOption,
    FramesOption,
    GreyOption,
    InvertOption,
    Json,
    LabelsOption,
    ResumeOption,
    SabotageOption,
    TensorBoardOption,
    ValuesOption,
    chosen_reading,
)
from aestudio.cli.output import (
    PROBLEM,
    STOPPED,
    BadUsage,
    Stopped,
    error_table,
    metrics_table,
    print_error,
    print_json,
    print_notice,
    print_result,
    print_warning,
)
from aestudio.cli.recipes_to_train import recipes_to_train
from aestudio.cli.resuming import run_to_resume
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.datasets.reading import PLAIN
from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.setting import parse
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_metrics import gaps, latent_metrics_of, metrics_of
from aestudio.runs.run_record import FILE, change_record
from aestudio.runs.start import resume_run, start_run
from aestudio.sabotage.sabotage_list import check_sabotage
from aestudio.storage.os_errors import is_there
from aestudio.training.commands import Commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.cli.follow_training import Outcome
    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.recipes.recipe import Recipe

DIVERGED = 1


def command(
    recipes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RECIPE",
            show_default=False,
            help="What to train, one after the other: see `aestudio recipes`. Settings of one of them follow "
            "it: vae:beta=4:latent_size=2. With --resume: a run's name, title or folder.",
        ),
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(show_default="auto", help="A name (see `aestudio datasets`) or a path.")
    ] = None,
    epochs: Annotated[
        str | None, typer.Option(metavar="N", show_default="the recipe's", help="Number of epochs.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", show_default="the recipe's", help="Seed of all randomness.")
    ] = None,
    device: DeviceOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", show_default="among the kept runs", help="Folder for the run.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="name=value", help="Change a setting (`aestudio recipes RECIPE`)."),
    ] = None,
    axes: AxesOption = "auto",
    invert: InvertOption = "auto",
    values: ValuesOption = "auto",
    labels: LabelsOption = "auto",
    frames: FramesOption = "all",
    cut: CutOption = "auto",
    broken: BrokenOption = "few",
    grey: GreyOption = False,
    data_dir: DataDir = None,
    resume: ResumeOption = False,
    sabotage: SabotageOption = None,
    tensorboard: TensorBoardOption = None,
    json: Json = False,
) -> None:
    """Train recipes, keep each run, and measure it on the test set.

    With --json the last line on stdout is one JSON object; it has "error" if the training did not finish.
    Several recipes print a line each; one that fails does not keep the next from beginning. Ctrl+C stops
    after the current step and keeps the run. `aestudio datasets show` says what --axes to --grey do.
    """
    titles = recipes or []
    how = chosen_reading(axes, invert, values, labels, frames, cut, broken, grey)
    if resume:
        if len(titles) > 1:
            raise BadUsage("--resume goes on with one run", advice="Name one run, or none.")
        if sabotage is not None:
            raise BadUsage("A run that is resumed goes on as it was", advice="Leave --sabotage out.")
        _refuse_changes(settings, seed, how)
        kept = run_to_resume(titles[0] if titles else None, out)
        code = _resume(kept, load_for(kept, dataset, data_dir), epochs, device, tensorboard, json)
    else:
        chosen = _chosen(titles, [*(settings or []), *_flags(epochs=epochs, seed=seed)], out)
        _check_device(device)
        folder = _new_folder(out)
        data = load(dataset or "auto", data_dir, how)
        for recipe in chosen if sabotage is not None else ():
            check_sabotage(sabotage or "", Architecture(recipe, data.shape))
        train = partial(_train, device=device or "auto", sabotage=sabotage, tensorboard=tensorboard)
        code = _train_all(chosen, titles, partial(train, data=data, folder=folder, json=json), json)
    if code:
        raise typer.Exit(code)


def _chosen(names: list[str], flags: list[str], out: Path | None) -> list[Recipe]:
    """The recipes of these names with their settings; raises BadUsage, BadChoice."""
    if not names:
        raise BadUsage("Missing argument 'RECIPE'", advice="Allowed: see `aestudio recipes`.")
    chosen = recipes_to_train(names, flags)
    if len(chosen) > 1 and out is not None:
        raise BadUsage("--out names the folder of one run", advice="Leave it out for several recipes.")
    return chosen


def _resume(
    kept: KeptRun,
    data: Dataset,
    epochs: str | None,
    device: str | None,
    tensorboard: Path | None,
    json: bool,
) -> int:
    """Go on with a kept run; returns the exit code."""
    commands = Commands()
    last = None if epochs is None else parse(kept.recipe.info("epochs"), epochs)
    events = resume_run(kept, data, commands, epochs=last, device=device, on_problem=print_warning)
    outcome = follow(events, commands, kept.recipe, resumed=True, tensorboard=tensorboard)
    return _finish(KeptRun.at(events.folder), data, outcome, json)


def _flags(**named: str | None) -> list[str]:
    """Options that are settings, as --set has them."""
    return [f"{name}={text}" for name, text in named.items() if text is not None]


def _train_all(recipes: list[Recipe], names: list[str], train: Callable[[Recipe], int], json: bool) -> int:
    """One after the other; returns the first exit code that is not 0.

    names: as the command has them; train: trains one, and returns its exit code
    """
    codes: list[int] = []
    for number, recipe in enumerate(recipes, 1):
        if len(recipes) > 1:
            own = f" ({names[number - 1]})" if ":" in names[number - 1] else ""
            print_notice(f"Training {number} of {len(recipes)}: {recipe.title}{own}")
        try:
            codes.append(train(recipe))
        except Stopped:
            raise
        except StudioError as problem:
            if len(recipes) == 1:
                raise
            codes.append(print_error(problem, PROBLEM, ("--json",) if json else ()))
        if codes[-1] == STOPPED:
            break
    return next(filter(None, codes), 0)


def _train(
    recipe: Recipe,
    data: Dataset,
    folder: Path | None,
    device: str,
    sabotage: str | None,
    tensorboard: Path | None,
    json: bool,
) -> int:
    commands = Commands()
    if sabotage is not None:
        commands.sabotage(sabotage)
    events = start_run(recipe, data, commands, folder=folder, device=device, on_problem=print_warning)
    outcome = follow(events, commands, recipe, tensorboard=tensorboard)
    return _finish(KeptRun.at(events.folder), data, outcome, json)


def _refuse_changes(settings: list[str] | None, seed: str | None, how: Reading) -> None:
    """Raises BadUsage for what a run that is resumed keeps as it is."""
    _refuse_settings(settings, seed)
    _refuse_reading(how)


def _refuse_settings(settings: list[str] | None, seed: str | None) -> None:
    """Raises BadChoice for what a resumed run keeps."""
    if settings or seed is not None:
        raise BadChoice(
            "--set" if settings else "--seed",
            settings[0] if settings else seed,
            "nothing, where a run is resumed: it keeps its own",
        )


def _refuse_reading(reading: Reading) -> None:
    """Raises BadUsage for switches where a run is resumed."""
    if reading != PLAIN:
        raise BadUsage("A run that is resumed reads its images as it did before", advice="Leave them out.")


def _check_device(device: str | None) -> None:
    """Refuse a device that is not there before data are fetched; "auto" needs no check."""
    if device not in (None, "auto", "cpu"):
        from aestudio.training.device import choose_device

        choose_device(device)


def _new_folder(out: Path | None) -> Path | None:
    if out is None:
        return None
    folder = out.expanduser().resolve()
    if is_there(folder / FILE):
        raise StudioError(
            "This folder already holds a run",
            where=str(folder),
            advice="Add --resume to resume it, or choose another folder with --out.",
        )
    return folder


def _finish(run: KeptRun, data: Dataset, outcome: Outcome, json: bool) -> int:
    """Measure the run and print its results; returns the exit code."""
    ended = outcome.ended
    if ended.reason == "stopped":
        print_notice(
            f"Stopped after {ended.epoch:.3g} epochs; the run is kept in {run.folder}. Resume it with: "
            f'aestudio train --resume "{run.folder}"'
        )
        if json:
            print_json(_facts(run, outcome) | _failure(run, outcome))
        return STOPPED
    try:
        with TerminalProgress() as progress:
            metrics = metrics_of(run, data, progress)
            latent = latent_metrics_of(run.snapshot(), data, progress)
    except (KeyboardInterrupt, Cancelled):
        raise Stopped(
            "Stopped while the run was measured; its training is over and kept",
            where=str(run.folder),
            advice=f'Measure it with: aestudio evaluate "{run.folder}"',
        ) from None
    change_record(run.folder, evaluation=metrics, latent=latent)
    metrics |= gaps(latent)
    if json:
        print_json(_facts(run, outcome) | metrics | _failure(run, outcome))
    else:
        print_result(metrics_table(metrics))
        print_result(f"{outcome.images_per_second:,.0f} images/s; kept in {run.folder}")
    if ended.reason == "early_stopping":
        print_notice(
            f"Stopped early at step {ended.last_step:,}: the validation loss no longer improved. "
            f"The best weights were kept; all results are of these, of step {ended.step:,}."
        )
    if ended.reason == "diverged":
        print_notice(ended.advice)
        return DIVERGED
    return 0


def _facts(run: KeptRun, outcome: Outcome) -> dict[str, Any]:
    """Facts about the training for JSON; all but "last_step" belong to the kept weights."""
    record = run.require_record()
    return {
        "run": run.name,
        "folder": str(run.folder),
        "recipe": run.recipe.name,
        "sabotage": run.sabotage or None,
        "dataset": record.dataset,
        "seed": record.seed,
        "device": record.device,
        "reason": outcome.ended.reason,
        "epochs": outcome.ended.epoch,
        "steps": outcome.ended.step,
        "last_step": outcome.ended.last_step,
        "seconds": round(outcome.seconds, 3),
        "images_per_second": round(outcome.images_per_second, 1),
        "parameters": record.architecture.parameter_count,
        "validation": record.last.get("validation"),
        "versions": record.versions,
    }


def _failure(run: KeptRun, outcome: Outcome) -> dict[str, Any]:
    """The error entry of a training that did not finish; {} if it did."""
    ended, folder = outcome.ended, str(run.folder)
    if ended.reason == "stopped":
        advice = "The run is kept. Resume it with --resume."
        return error_table(StudioError("The training was stopped", where=folder, advice=advice), STOPPED)
    if ended.reason == "diverged":
        return error_table(StudioError("The training diverged", where=folder, advice=ended.advice), DIVERGED)
    return {}

"""`aestudio train`: the run is kept, the same seed gives the same metrics, Ctrl+C keeps the run."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs.branch import branch_run
from aestudio.runs.index import find_run, kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import MetricsFile
from aestudio.runs.run_record import change_record
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS
from aestudio.signals import ending_signals
from aestudio.training.events import MetricPoint
from aestudio.training.loop import TrainingLoop
from tests.cli.conftest import QUICK, SMALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.runs.metrics_file import Point
    from tests.cli.conftest import Answer

CHANGING = ("run", "folder", "seconds", "images_per_second")


def without_timings(metrics: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metrics.items() if name not in CHANGING}


def train(aestudio: Callable[..., Answer], *arguments: object) -> Answer:
    return aestudio("train", "vae", "--dataset", "builtin", *SMALL, *arguments)


def test_json_of_a_run(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    answer = train(aestudio, "--seed", 3, "--json", "--out", tmp_path / "run")
    assert answer.code == 0, answer.err
    metrics = answer.json
    assert metrics["recipe"] == "vae"
    assert metrics["dataset"] == "builtin"
    assert (metrics["epochs"], metrics["seed"], metrics["device"]) == (2.0, 3, "cpu")
    assert (metrics["run"], metrics["folder"]) == ("run", str(tmp_path / "run"))
    assert (metrics["reason"], metrics["steps"], metrics["images"]) == ("finished", 18, 60)
    assert metrics["images_per_second"] > 0
    assert metrics["test_negative_elbo"] == metrics["terms"]["negative_elbo"]
    assert metrics["test_mse_per_pixel"] * 784 == pytest.approx(metrics["squared_error_per_image"])
    assert "A few digits." in answer.err
    run = KeptRun.at(tmp_path / "run")
    assert run.status == "finished"
    assert run.recipe.training.seed == 3
    assert run.recipe.value("hidden") == (24,)
    assert run.require_record().evaluation is not None
    assert run.require_record().evaluation["test_loss"] == metrics["test_loss"]


@pytest.mark.parametrize("name", ["vae", "deep-ae", "digit-classifier"])
def test_the_same_seed_gives_the_same_json(
    name: str, aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    call = ("train", name, "--dataset", "builtin", *SMALL, "--json", "--seed", 1, "--out")
    first, second = (aestudio(*call, tmp_path / part) for part in ("one", "two"))
    assert first.code == second.code == 0
    assert without_timings(first.json) == without_timings(second.json)
    if name == "digit-classifier":
        assert 0 <= first.json["test_accuracy"] <= 1
        assert first.json["mse_per_pixel"] is None
    other = aestudio(*call[:-2], 2, "--out", tmp_path / "three")
    assert other.json["test_loss"] != first.json["test_loss"]


@pytest.mark.parametrize(
    ("name", "draws", "window"),
    [
        ("vae", 1, "Gaussian 11x11, sigma 1.5"),
        ("deep-ae", None, "Gaussian 11x11, sigma 1.5"),
        ("digit-classifier", None, None),
    ],
)
def test_the_metrics_record_how_they_were_measured(
    name: str, draws: int | None, window: str | None, aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    call = ("train", name, "--dataset", "builtin", *SMALL, "--out", tmp_path / "run", "--json")
    assert aestudio(*call).code == 0
    metrics = aestudio("evaluate", tmp_path / "run", "--json").json
    assert (metrics["elbo_draws"], metrics["ssim_window"]) == (draws, window)
    lines = aestudio("evaluate", tmp_path / "run").out.splitlines()
    shown = {" ".join(line.split()) for line in lines}
    assert ("elbo draws 1" in shown) == (draws is not None)
    assert (f"ssim window {window}" in shown) == (window is not None)


def test_evaluate_gives_the_same_metrics(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    trained = train(aestudio, "--json", "--out", tmp_path / "run").json
    evaluated = aestudio("evaluate", tmp_path / "run", "--json").json
    assert {name: trained[name] for name in evaluated} == evaluated
    (tmp_path / "run" / "weights.safetensors").write_bytes(b"damaged")
    again = aestudio("evaluate", tmp_path / "run", "--json")
    assert again.json == evaluated
    assert "in its checkpoint are used" in again.line


def test_runs_are_kept_in_the_users_folder(aestudio: Callable[..., Answer]) -> None:
    answer = train(aestudio)
    assert answer.code == 0
    (run,) = kept_runs()
    assert run.folder.parent == runs_folder()
    assert str(run.folder) in answer.out
    assert run.name in aestudio("runs").out
    assert aestudio("evaluate", run.name).code == 0


def stop_at(monkeypatch: pytest.MonkeyPatch, step: int, number: int = signal.SIGINT) -> None:
    """Send the signal during this step, as Ctrl+C does."""
    real = TrainingLoop.advance

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        real(loop, most, phase)
        if loop.step == step:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(TrainingLoop, "advance", advance)


@pytest.mark.parametrize("number", ending_signals())
def test_control_c_keeps_the_run_and_resume_continues_it(
    number: int, aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(number)
    with monkeypatch.context() as context:
        stop_at(context, 5, number)
        stopped = train(aestudio, "--out", tmp_path / "run", "--json")
    assert stopped.code == 130
    assert stopped.json["error"]["exit_code"] == 130
    assert stopped.json["error"]["where"] == str(tmp_path / "run")
    assert (stopped.json["reason"], stopped.json["steps"]) == ("stopped", 5)
    assert f'aestudio train --resume "{tmp_path / "run"}"' in stopped.line
    assert signal.getsignal(number) == before
    assert KeptRun.at(tmp_path / "run").require_record().step == 5
    resumed = aestudio("train", "vae", "--resume", "--out", tmp_path / "run", "--json")
    assert resumed.code == 0, resumed.err
    straight = train(aestudio, "--out", tmp_path / "straight", "--json")
    assert without_timings(resumed.json) == without_timings(straight.json)
    assert KeptRun.at(tmp_path / "run").points() == KeptRun.at(tmp_path / "straight").points()


def test_signals_that_were_ignored_at_the_start_stay_ignored(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As below `nohup`: the terminal may go, the training stays."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        stop_at(monkeypatch, 5, signal.SIGTERM)
        assert train(aestudio, "--out", tmp_path / "run").code == 0
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_second_signal_ends_at_once_and_keeps_the_newest_state(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = TrainingLoop.advance

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        real(loop, most, phase)
        if loop.step == 5:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            pytest.fail("the step went on after the second signal")

    with monkeypatch.context() as context:
        context.setattr(TrainingLoop, "advance", advance)
        stopped = train(aestudio, "--out", tmp_path / "run")
    assert stopped.code == 130
    run = KeptRun.at(tmp_path / "run")
    assert stopped.line == (
        f"aestudio: Stopped at once; the run is kept as of its newest complete state: {run.folder}. "
        f'Resume it with: aestudio train --resume "{run.folder}"'
    )
    assert (run.status, run.newest_state().step) == ("interrupted", 4)
    assert aestudio("train", "--resume", run.folder).code == 0


def test_ctrl_c_while_a_run_is_measured_says_that_it_is_kept(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aestudio.cli.commands.train.metrics_of", interrupt)
    stopped = train(aestudio, "--out", tmp_path / "run")
    folder = tmp_path / "run"
    assert stopped.code == 130
    assert stopped.line == (
        f"aestudio: Stopped while the run was measured; its training is over and kept: {folder}. "
        f'Measure it with: aestudio evaluate "{folder}"'
    )
    assert KeptRun.at(folder).status == "finished"


def interrupted(aestudio: Callable[..., Answer], context: pytest.MonkeyPatch, *arguments: object) -> None:
    """A run as after a kill: it can be resumed only from the checkpoints of its history."""
    stop_at(context, 5)
    assert train(aestudio, *arguments).code == 130
    for run in kept_runs():
        if run.status == "stopped":
            change_record(run.folder, status="running")
            (run.folder / CHECKPOINT).unlink()
            (run.folder / WEIGHTS).unlink()


@pytest.mark.parametrize("part", ["name", "title", "folder"])
def test_resume_needs_a_run_and_no_recipe(
    part: str, aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        interrupted(aestudio, context)
    (run,) = kept_runs()
    assert run.status == "interrupted"
    run = run.rename("My first one")
    answer = aestudio("train", "--resume", getattr(run, part), "--json")
    assert answer.code == 0, answer.err
    assert "Resuming at step 5 of 18" in answer.err
    straight = train(aestudio, "--out", tmp_path / "straight", "--json")
    assert without_timings(answer.json) == without_timings(straight.json)
    assert KeptRun.at(run.folder).points() == KeptRun.at(tmp_path / "straight").points()


def test_resuming_an_unknown_or_ambiguous_run_is_refused(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no unfinished run" in aestudio("train", "--resume").line
    unknown = aestudio("train", "--resume", "Grandmother")
    assert unknown.code == 2
    assert "run cannot be 'Grandmother'" in unknown.line
    with monkeypatch.context() as context:
        stop_at(context, 5)
        train(aestudio)
        monkeypatch.chdir(tmp_path)
        train(aestudio, "--out", "vae")
    both = aestudio("train", "--resume", "vae")
    assert both.code == 2
    assert str(tmp_path / "vae") in both.line
    assert [run.require_record().step for run in kept_runs()] == [5]
    assert aestudio("train", "--resume", "./vae").code == 0
    assert KeptRun.at(tmp_path / "vae").status == "finished"
    assert [run.require_record().step for run in kept_runs()] == [5]
    assert aestudio("train", "vae", "--resume", "--out", tmp_path / "vae", "--epochs", 3).code == 0


def test_a_damaged_state_is_skipped_reported_and_kept(
    aestudio: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        interrupted(aestudio, context)
    (run,) = kept_runs()
    newest = run.folder / "moments" / "000000005.safetensors"
    newest.write_bytes(newest.read_bytes()[:1000])
    answer = aestudio("train", "--resume", run.name)
    assert answer.code == 0, answer.err
    assert "damaged or cut off); the newest that can be used is of step 4" in answer.err
    assert "Resuming at step 4 of 18" in answer.err
    assert (run.folder / "aside" / newest.name).stat().st_size == 1000


def test_resume_takes_the_newest_unfinished_run(
    aestudio: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = aestudio("train", "vae", "--resume")
    assert nothing.code == 1
    assert "no unfinished run" in nothing.line
    with monkeypatch.context() as context:
        stop_at(context, 5)
        assert train(aestudio).code == 130
    longer = aestudio("train", "vae", "--resume", "--epochs", 3, "--json")
    assert longer.code == 0, longer.err
    assert longer.json["epochs"] == 3.0
    assert [run.status for run in kept_runs()] == ["finished"]


def test_existing_runs_are_not_overwritten(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    train(aestudio, "--out", tmp_path / "run")
    points = KeptRun.at(tmp_path / "run").points()
    again = train(aestudio, "--out", tmp_path / "run")
    assert again.code == 1
    assert "--resume" in again.line
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("irreplaceable")
    assert "other files" in train(aestudio, "--out", tmp_path / "other").line
    assert KeptRun.at(tmp_path / "run").points() == points


def test_an_early_stop_reports_metrics_of_one_step(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    folder = tmp_path / "run"
    settings = ("hidden=256", "latent_size=32", "learning_rate=0.02", "epochs=200", "patience=2")
    options = [part for setting in settings for part in ("--set", setting)]
    call = ("train", "deep-ae", "--dataset", "builtin", "--device", "cpu", "--set", "batch_size=32")
    answer = aestudio(*call, *options, "--json", "--out", folder)
    assert answer.code == 0, answer.err
    metrics = answer.json
    assert metrics["reason"] == "early_stopping"
    assert metrics["step"] == metrics["steps"] < metrics["last_step"]
    assert f"Stopped early at step {metrics['last_step']}:" in answer.err
    assert f"of step {metrics['steps']}." in answer.err
    points = [point for point in KeptRun.at(folder).points() if isinstance(point, MetricPoint)]
    losses = {point.step: point.terms["loss"] for point in points if point.split == "validation"}
    assert metrics["validation"]["loss"] == losses[metrics["steps"]] == min(losses.values())
    assert metrics["epochs"] == metrics["steps"] / KeptRun.at(folder).require_record().steps_per_epoch
    assert aestudio("evaluate", folder, "--json").json["step"] == metrics["steps"]


def test_divergence_gives_advice(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    answer = train(
        aestudio, "--set", "optimiser=sgd", "--set", "learning_rate=10", "--json", "--out", tmp_path / "run"
    )
    assert answer.code == 1
    assert "Try a learning rate of 1e+00" in answer.line
    assert answer.json["reason"] == "diverged"
    assert answer.json["error"]["what"] == "The training diverged"
    assert "Try a learning rate" in answer.json["error"]["advice"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("train", "vaee"), "recipe cannot be 'vaee'. Allowed: conv-vae-2d, "),
        (("train", "vae", "--set", "latent=3"), "cannot be 'latent'. Allowed: activation, "),
        (("train", "vae", "--set", "beta"), "--set cannot be 'beta'. Allowed: name=value"),
        (("train", "vae", "--set", "latent_size=0"), "latent_size cannot be 0. Allowed: whole number from 1"),
        (("train", "vae", "--set", "optimiser=magic"), "optimiser cannot be 'magic'. Allowed: adam, "),
        (("train", "vae", "--epochs", "many"), "epochs cannot be 'many'. Allowed: whole number from 1"),
        (("train", "vae", "--epochs", "-1"), "epochs cannot be -1. Allowed: whole number from 1"),
        (("train", "vae", "--seed", "1.5"), "seed cannot be '1.5'. Allowed: whole number from 0"),
        (("train", "vae", "--device", "abacus"), "device cannot be 'abacus'. Allowed: auto, "),
        (("train", "vae", "--dataset", "nothing"), "dataset cannot be 'nothing'. Allowed: auto, mnist, "),
        (("train", "vae", "--resume", "--seed", "1"), "--seed cannot be '1'"),
        (("train", "vae", "--resume", "--set", "beta=1"), "--set cannot be 'beta=1'"),
        (("train", "vae", "--epoch", "3"), "No such option: --epoch. Allowed: --dataset, --epochs, "),
        (("train",), "Missing argument 'RECIPE'"),
    ],
)
def test_bad_choices_are_refused(
    arguments: tuple[str, ...], message: str, aestudio: Callable[..., Answer]
) -> None:
    answer = aestudio(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert message in answer.err
    assert kept_runs() == ()


def test_another_dataset_or_recipe_cannot_resume_a_run(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        stop_at(context, 5)
        train(aestudio, "--out", tmp_path / "run")
    other = aestudio("train", "deep-ae", "--resume", "--out", tmp_path / "run")
    assert other.code == 2
    assert "Allowed: vae" in other.line
    data = aestudio("train", "vae", "--resume", "--out", tmp_path / "run", "--dataset", "sklearn-digits")
    assert data.code == 1
    assert "trained on Built-in digits" in data.line
    missing = aestudio("train", "vae", "--resume", "--out", tmp_path / "nothing")
    assert missing.code == 1
    assert "holds no run" in missing.line


def test_convolutional_recipes_train_too(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    answer = aestudio(
        "train",
        "denoising-conv-ae",
        "--dataset",
        "builtin",
        *QUICK,
        "--set",
        "channels=4",
        "--json",
        "--out",
        tmp_path / "run",
    )
    assert answer.code == 0, answer.err
    assert answer.json["denoised"]["mse_per_pixel"] > 0


def delete(folder: Path) -> None:
    """Delete the folder, also while another thread writes a checkpoint into it."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def test_a_run_whose_folder_is_deleted_is_kept_elsewhere_with_an_exit_code(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, queue = tmp_path / "runs" / "mine", MetricsFile.queue

    def queue_and_lose(self: MetricsFile, point: Point) -> None:
        queue(self, point)
        if point.step == 5 and folder.exists():
            self.flush()
            delete(folder)

    monkeypatch.setattr(MetricsFile, "queue", queue_and_lose)
    answer = train(aestudio, "--out", folder)
    rescued = tmp_path / "runs" / "mine (rescued)"
    assert answer.code == 1
    assert "moved or deleted" in answer.line
    assert str(rescued) in answer.line
    assert "kept in" not in answer.out
    assert not folder.exists()
    run = KeptRun.at(rescued)
    assert (run.status, run.snapshot().step) == ("finished", 18)
    points = [point.step for point in run.points() if isinstance(point, MetricPoint)]
    assert sorted(set(points)) == list(range(1, 19))


def test_runs_with_unknown_losses_are_listed_as_json(aestudio: Callable[..., Answer]) -> None:
    assert aestudio("train", "hidden-256", "--dataset", "builtin", *SMALL).code == 0
    (run,) = kept_runs()
    branch = branch_run(run, run.history_checkpoints()[3].step, {"weight_penalty": 0.01})
    assert math.isnan(branch.require_record().last["training"]["penalty"])
    listed = {one["run"]: one for one in aestudio("runs", "--json").json}
    assert listed[branch.name]["last"]["training"]["penalty"] is None
    assert listed[run.name]["last"]["training"]["loss"] > 0


# ---- several recipes -----------------------------------------------------------------------------


def test_several_recipes_are_trained_one_after_the_other(aestudio: Callable[..., Answer]) -> None:
    """Each has its own run and its line of JSON; the settings are those of all."""
    answer = aestudio("train", "vae", "deep-ae", "--dataset", "builtin", *SMALL, "--seed", 4, "--json")
    assert answer.code == 0, answer.err
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [(line["recipe"], line["seed"], line["reason"]) for line in lines] == [
        ("vae", 4, "finished"),
        ("deep-ae", 4, "finished"),
    ]
    assert len({line["folder"] for line in lines}) == 2
    assert [name in answer.err for name in ("Training 1 of 2: VAE", "Training 2 of 2: ")] == [True, True]
    kept = [run.recipe.name for run in kept_runs() if not run.shipped]
    assert sorted(kept) == ["deep-ae", "vae"]
    assert kept_runs()[0].require_record().evaluation is not None


def test_recipes_have_settings_of_their_own(aestudio: Callable[..., Answer]) -> None:
    """Behind their name; they go before those of all. The same recipe may be there twice."""
    words = ("vae:beta=4", "vae:beta=0.5:hidden=48,24:epochs=2", "deep-ae")
    answer = aestudio("train", *words, "--dataset", "builtin", *SMALL, "--epochs", 1, "--json")
    assert answer.code == 0, answer.err
    recipes = [find_run(json.loads(line)["run"]).recipe for line in answer.out.splitlines()]
    assert [getattr(recipe.objective, "beta", None) for recipe in recipes] == [4.0, 0.5, None]
    assert [recipe.training.epochs for recipe in recipes] == [1, 2, 1]
    assert getattr(recipes[1].network, "hidden", None) == (48, 24)
    assert "Training 2 of 3: VAE (vae:beta=0.5:hidden=48,24:epochs=2)" in answer.err


def test_a_recipe_that_fails_does_not_keep_the_next_from_beginning(
    aestudio: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.cli.commands import train as command

    start = command.start_run

    def refusing(recipe: Any, *arguments: Any, **named: Any) -> Any:
        if recipe.name == "vae":
            raise StudioError("The disk is full", advice="Free some space.")
        return start(recipe, *arguments, **named)

    monkeypatch.setattr(command, "start_run", refusing)
    answer = aestudio("train", "vae", "deep-ae", "--dataset", "builtin", *SMALL, "--json")
    assert answer.code == 1
    first, second = (json.loads(line) for line in answer.out.splitlines())
    assert first["error"]["what"] == "The disk is full"
    assert second["recipe"] == "deep-ae"


def test_nothing_begins_before_every_recipe_is_known_to_take_the_settings(
    aestudio: Callable[..., Answer],
) -> None:
    for arguments, sentence in (
        (
            ("vae", "deep-ae", "--set", "beta=4"),
            "deep-ae cannot take the setting 'beta', which is given to all. "
            "Give it to those that have it: vae:beta=...",
        ),
        (("vae:beta=4", "deep-ae:beta=4"), "cannot be 'beta'"),
        (("vae:beta=-4", "deep-ae"), "beta cannot be -4"),
        (("vae", "deep-ae", "--set", "no_such=4"), "cannot be 'no_such'"),
        (("vae", "no-such-recipe"), "no-such-recipe"),
        (("vae", "deep-ae", "--out", "folder"), "--out names the folder of one run"),
        (("vae", "deep-ae", "--resume"), "--resume goes on with one run"),
    ):
        answer = aestudio("train", *arguments, "--dataset", "builtin")
        assert answer.code == 2, answer.err
        assert sentence in answer.err
    assert [run for run in kept_runs() if not run.shipped] == []

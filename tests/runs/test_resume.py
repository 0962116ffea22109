"""Stopping, reopening and resuming changes nothing: the same metrics and weights, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.start import resume_run
from aestudio.training.commands import Commands
from aestudio.training.events import Paused, Started
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


CASES: list[tuple[str, dict[str, Any]]] = [
    ("vae", {}),
    ("vae", {"optimiser": "adamw", "weight_decay": 0.01, "schedule": "one_cycle", "warmup_epochs": 1.0}),
    ("deep-ae", {"optimiser": "sgd", "momentum": 0.9, "learning_rate": 1e-3}),
    ("deep-ae", {"optimiser": "sgd", "momentum": 0.0, "learning_rate": 1e-3, "schedule": "cosine"}),
    ("deep-ae", {"optimiser": "rmsprop", "momentum": 0.5, "gradient_clip": 1.0}),
    ("digit-classifier", {"dropout": 0.3}),
    ("denoising-conv-ae", {"channels": (4,), "dense_units": 16}),
    ("sparse-ae", {"patience": 5}),
    ("wae-mmd", {}),
    ("gan", {"channels": (4, 8), "critic_steps": 2}),
    ("wgan-gp", {"channels": (4, 8)}),
    ("aae", {"critic_units": 16}),
    ("rae", {}),
    ("grey-level-vae", {}),
    ("capacity-vae", {"capacity_epochs": 1.0}),
    ("importance-weighted-ae", {}),
    ("mixture-vae", {"warmup_epochs": 1.0, "hidden": (16,)}),
    ("semi-supervised-vae", {"hidden_labels": 0.8, "labelled_batch": 8}),
    ("wake-sleep", {}),
    ("winner-take-all-ae", {}),
    ("k-sparse-ae", {"all_units_epochs": 1.0}),
    ("contractive-ae", {}),
    ("masked-ae", {"normalisation": "batch", "dropout": 0.2, "decoder_weights": "tied"}),
    ("masked-transformer-ae", {"width": 8, "heads": 2, "blocks": 1, "dropout": 0.1, "patch_side": 14}),
    ("vae-gan", {"channels": (4, 8), "critic_channels": 4}),
    ("made", {"hidden": (20,)}),
    ("info-gan", {"channels": (4, 8), "critic_steps": 2}),
    ("codec", {"width": 6, "blocks": 0, "detail_channels": 5, "prior_units": 4}),
]


@pytest.mark.parametrize(
    ("name", "settings"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_stopped_and_resumed_is_the_same_as_straight(
    name: str,
    settings: dict[str, Any],
    tmp_path: Path,
    keep: Callable[..., KeptRun],
    few_digits: Dataset,
) -> None:
    """Stopped twice: within an epoch, and where one ends."""
    recipe = quick_recipe(name, **settings)
    straight = keep(tmp_path / "straight", recipe)
    halted = keep(tmp_path / "halted", recipe, stop_at=5)
    assert halted.status == "stopped"
    assert halted.require_record().step == 5

    commands = Commands()
    commands.advance(4)
    for event in resume_run(KeptRun.at(halted.folder), few_digits, commands):
        if isinstance(event, Started):
            assert event.step == 5
        if isinstance(event, Paused):
            commands.stop()
    halted = KeptRun.at(halted.folder)
    assert halted.status == "stopped"
    assert halted.require_record().step == 9

    first, *_ = resume_run(halted, few_digits)
    assert isinstance(first, Started)
    assert first.step == 9
    resumed = KeptRun.at(halted.folder)

    assert resumed.status == straight.status == "finished"
    assert resumed.points() == straight.points()
    assert same_weights(resumed.snapshot(), straight.snapshot())
    one, other = resumed.checkpoint(), straight.checkpoint()
    assert one is not None
    assert other is not None
    assert one.counters == other.counters
    assert np.array_equal(one.noise, other.noise)
    assert one.optimiser.keys() == other.optimiser.keys()
    assert all(np.array_equal(one.optimiser[key], other.optimiser[key]) for key in one.optimiser)


def test_stopping_at_any_step_gives_the_same_end(
    tmp_path: Path, keep: Callable[..., KeptRun], few_digits: Dataset
) -> None:
    recipe = quick_recipe()
    straight = keep(tmp_path / "straight", recipe)
    run = keep(tmp_path / "often", recipe, stop_at=0)
    while run.require_record().step < 18:
        commands = Commands()
        commands.advance(5)
        for event in resume_run(run, few_digits, commands):
            if isinstance(event, Paused):
                commands.stop()
        run = KeptRun.at(run.folder)
    assert run.points() == straight.points()
    assert same_weights(run.snapshot(), straight.snapshot())


def test_a_finished_run_can_be_trained_for_more_epochs(
    kept: KeptRun, keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset
) -> None:
    for _ in resume_run(kept, few_digits, epochs=3):
        pass
    longer = KeptRun.at(kept.folder)
    straight = keep(tmp_path / "straight", quick_recipe(epochs=3))
    assert longer.recipe.training.epochs == 3
    assert longer.require_record().epoch == 3.0
    assert same_weights(longer.snapshot(), straight.snapshot())
    assert longer.points() == straight.points()


def test_refusals_give_their_reason(kept: KeptRun, few_digits: Dataset) -> None:
    other = replace(few_digits, train=few_digits.test, title="MNIST")
    with pytest.raises(StudioError, match="trained on Built-in digits"):
        list(resume_run(kept, other))
    with pytest.raises(StudioError, match="shipped model cannot be"):
        list(resume_run(replace(kept, shipped=True), few_digits))
    with pytest.raises(BadChoice, match="epochs"):
        list(resume_run(kept, few_digits, epochs=0))
    with pytest.raises(BadChoice, match="device"):
        list(resume_run(kept, few_digits, device="abacus"))
    assert KeptRun.at(kept.folder).status == "finished"


def test_a_missing_device_is_replaced(kept: KeptRun, few_digits: Dataset) -> None:
    from aestudio.runs.run_record import change_record

    change_record(kept.folder, device="cuda:7")
    events = list(resume_run(KeptRun.at(kept.folder), few_digits, epochs=3))
    assert isinstance(events[0], Started)
    assert "7" not in events[0].device


def test_fewer_epochs_than_were_done_are_refused(kept: KeptRun, few_digits: Dataset) -> None:
    with pytest.raises(BadChoice, match="from 2"):
        list(resume_run(kept, few_digits, epochs=1))
    assert KeptRun.at(kept.folder).status == "finished"


def test_the_record_goes_back_to_the_checkpoint(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting that was changed after the last complete state is reset: the process died."""
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", "0")
    from contextlib import closing

    from aestudio.runs.record import record
    from aestudio.training.commands import Commands
    from aestudio.training.events import MetricPoint
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    commands = Commands()
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    with closing(record(train(spec, few_digits, commands), spec, tmp_path / "run")) as events:  # type: ignore[type-var]
        for event in events:
            if isinstance(event, MetricPoint) and event.split == "training":
                if event.step == 12:
                    commands.change("beta", 4.0)
                elif event.step == 15:
                    break
    interrupted = KeptRun.at(tmp_path / "run")
    assert interrupted.require_record().live == {"beta": 4.0}
    events = resume_run(interrupted, few_digits)
    assert isinstance(next(events), Started)
    again = KeptRun.at(tmp_path / "run")
    assert again.require_record().live == {}
    assert again.require_record().step == 9
    assert (
        again.require_record().last["training"]
        == [
            point for point in again.points() if isinstance(point, MetricPoint) and point.split == "training"
        ][-1].terms
    )
    for _ in events:
        pass
    assert KeptRun.at(tmp_path / "run").require_record().live == {}

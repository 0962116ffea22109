"""The metrics of the latent space of a run: measured, saved, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_metrics import gaps, latent_metrics_of
from aestudio.runs.run_record import change_record
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.fixture
def run(keep: Callable[..., KeptRun], tmp_path: Path) -> KeptRun:
    """A small VAE after nine steps."""
    return keep(tmp_path / "little", quick_recipe(epochs=1))


def test_metrics_are_saved_with_the_run_and_read_again(run: KeptRun, few_digits: Dataset) -> None:
    step = run.require_record().step
    assert run.latent_metrics(step, "builtin") is None
    assert "MIG" not in run.describe()
    table = latent_metrics_of(run.snapshot(), few_digits)
    assert table is not None
    assert (table["dataset"], table["step"], table["images"]) == ("builtin", step, 60)
    assert 0 <= table["mig_measured"] <= 1
    assert gaps(table) == {"mig_measured": table["mig_measured"], "mig_true": table["mig_true"]}
    run.with_latent(table)
    again = KeptRun.at(run.folder)
    assert again.latent_metrics(step, "builtin") == table
    assert again.latent_metrics(step + 1, "builtin") is None
    assert again.latent_metrics(step, "mnist") is None
    expected = f"MIG {table['mig_measured']:.2f} (measured factors), {table['mig_true']:.2f} (true factors)"
    assert expected in again.describe()
    # A resumed run has other weights: the saved metrics are not theirs.
    change_record(run.folder, step=step + 1)
    assert "MIG" not in KeptRun.at(run.folder).describe()


def test_repeated_measurements_agree(run: KeptRun, few_digits: Dataset) -> None:
    assert latent_metrics_of(run.snapshot(), few_digits) == latent_metrics_of(run.snapshot(), few_digits)
    assert gaps(None) == {"mig_measured": None, "mig_true": None}

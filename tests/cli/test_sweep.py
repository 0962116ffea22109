"""`aestudio sweep`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.paths import runs_folder
from aestudio.sweeps.sweep_folder import TrialResult, add_result, find_sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.cli.conftest import Answer

SMALL = ("--epochs", "1", "--set", "hidden=16", "--set", "batch_size=64", "--device", "cpu", "--name", "mine")


@pytest.fixture
def digits(few_digits: Dataset, tmp_path: Path) -> Path:
    path = tmp_path / "digits.npz"
    train, test = few_digits.train, few_digits.test
    assert train.labels is not None
    assert test.labels is not None
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)
    return path


@pytest.mark.thorough
def test_a_sweep_from_the_first_line_to_the_table(
    digits: Path, tmp_path: Path, aestudio: Callable[..., Answer]
) -> None:
    table = tmp_path / "table.csv"
    command = ("sweep", "compress-ae", "--vary", "latent_size=2,4", "--folds", "2", *SMALL)
    answer = aestudio(*command, "--dataset", digits, "--jobs", "2", "--out", table, "--json")
    assert answer.code == 0, answer.err
    assert "4 runs, about" in answer.err
    assert "4 of 4: latent" in answer.err
    found = answer.json
    assert (found["sweep"], found["metric"]) == ("mine", "squared_error")
    assert [one["settings"] for one in found["candidates"]] == [{"latent_size": 2}, {"latent_size": 4}]
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["squared_error"]) for row in rows] == [one["mean"] for one in found["candidates"]]
    best = min(found["candidates"], key=lambda one: one["mean"])
    assert found["best"] == best["settings"]
    assert sorted(path.name for path in runs_folder().iterdir()) == ["mine 1", "mine 2", "mine 3", "mine 4"]
    again = aestudio("sweep", "--resume", "mine", "--metric", "ssim")
    assert again.code == 0, again.err
    assert "SSIM" in again.out
    assert "aestudio train compress-ae --set latent_size=" in again.out
    assert aestudio("sweep").out.splitlines()[1].startswith("mine   4 of 4")
    assert "accuracy" in aestudio("sweep", "--resume", "mine", "--metric", "accuracy").err
    with np.load(digits) as arrays:
        others = {name: arrays[name][::-1] for name in arrays}
    np.savez(digits, **others)
    refused = aestudio("sweep", "--resume", "mine")
    assert refused.code == 1
    assert "not the images that the sweep began with" in refused.err


def test_what_it_would_take(digits: Path, aestudio: Callable[..., Answer]) -> None:
    command = (
        "sweep",
        "compress-ae",
        "--vary",
        "latent_size=2,4,8",
        "--folds",
        "5",
        "--repeats",
        "2",
        *SMALL,
    )
    answer = aestudio(*command, "--dataset", digits, "--jobs", "2", "--cost")
    assert answer.code == 0, answer.err
    assert "30 runs, about" in answer.err
    assert "with 2 at a time, at most" in answer.err
    assert not runs_folder().exists()
    assert aestudio("sweep").err.startswith("No sweep was started yet")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("compress-ae",), "Missing option '--vary'"),
        (("compress-ae", "--vary", "latent=2"), "latent_size"),
        (("compress-ae", "--vary", "latent_size=2,x"), "whole number"),
        (("compress-ae", "--vary", "latent_size=2,4", "--folds", "1"), "from 2 on"),
        (("compress-ae", "--vary", "latent_size=2,4", "--name", "a/b"), "such as 'a-b'"),
        (
            ("compress-ae", "--vary", "latent_size=2,4", "--jobs", "0", "--dataset", "builtin"),
            "from 1 to 256",
        ),
        (("compress-ea", "--vary", "latent_size=2,4"), "compress-ae"),
        (("--resume", "nothing"), "there is none yet"),
        (("vae", "--resume", "nothing"), "goes on with a sweep as it was"),
    ],
)
def test_what_it_refuses(arguments: tuple[str, ...], sentence: str, aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("sweep", *arguments)
    assert answer.code == 2
    assert sentence in answer.err
    assert not runs_folder().exists()


@pytest.mark.thorough
def test_a_failed_run_is_named_and_the_others_count(digits: Path, aestudio: Callable[..., Answer]) -> None:
    command = (
        "sweep",
        "compress-ae",
        "--vary",
        "latent_size=2,4",
        *SMALL,
        "--dataset",
        digits,
        "--jobs",
        "1",
    )
    assert aestudio(*command).code == 0
    _, folder = find_sweep("mine")
    add_result(folder, TrialResult(2, "mine 2", problem="The training diverged."))
    answer = aestudio("sweep", "--resume", "mine")
    assert answer.code == 1
    assert "failed: The training diverged." in answer.out
    assert answer.out.splitlines()[1].startswith("latent 2")

"""`aestudio train --sabotage`: every answer and every exported format says that the run is no real one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.cli.conftest import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture
def run(aestudio: Callable[..., Answer]) -> str:
    """The name of a small sabotaged run."""
    answer = aestudio("train", "vae", "--dataset", "builtin", *SMALL, "--sabotage", "kl_twice", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["sabotage"] == "kl_twice"
    assert "sabotaged on purpose (KL counted twice)" in answer.err
    return str(answer.json["run"])


def test_answers_and_exports_are_marked(run: str, aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    assert "SABOTAGED (KL counted twice)" in aestudio("runs").out
    (listed,) = [row for row in aestudio("runs", "--json").json if row["run"] == run]
    assert listed["sabotage"] == "kl_twice"
    assert "sabotaged on purpose" in aestudio("evaluate", run, "--dataset", "builtin").out
    measured = aestudio("evaluate", run, "--dataset", "builtin", "--json").json
    assert measured["sabotage"] == "kl_twice"
    for name, out in (
        ("metrics", "curves.csv"),
        ("features", "codes.npz"),
        ("python", "model"),
        ("web", "page.html"),
        ("tensorboard", "board"),
        ("figure", "figures"),
    ):
        extra = ("--set", "plots=curves", "--set", "formats=svg") if name == "figure" else ()
        answer = aestudio("export", run, "--to", name, "--out", tmp_path / out, *extra)
        assert answer.code == 0, answer.err
    curves = (tmp_path / "curves.csv").read_text("utf-8")
    assert re.search("^[0-9]+,,sabotage,kl_twice,1.0", curves, re.MULTILINE)
    with np.load(tmp_path / "codes.npz") as codes:
        assert "sabotaged on purpose" in str(codes["sabotage"])
    assert "SABOTAGED (KL counted twice)" in (tmp_path / "model" / "model.py").read_text("utf-8")
    assert "SABOTAGED (KL counted twice)" in (tmp_path / "page.html").read_text("utf-8")
    (events, *_) = (tmp_path / "board").rglob("events*")
    assert b"SABOTAGED (KL counted twice)/loss" in events.read_bytes()
    for figure in (tmp_path / "figures").iterdir():
        assert 'aria-label="SABOTAGED (KL counted twice)"' in figure.read_text("utf-8")


def test_what_does_not_fit_is_refused_before_anything_is_trained(aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("train", "conv-ae", "--dataset", "builtin", "--sabotage", "kl_sign")
    assert answer.code == 2
    assert "This loss has no KL" in answer.err
    assert "noisy_target" in answer.err
    assert aestudio("runs", "--json").json == [
        row for row in aestudio("runs", "--json").json if row["shipped"]
    ]


def test_a_run_that_is_resumed_goes_on_as_it_was(run: str, aestudio: Callable[..., Answer]) -> None:
    refused = aestudio("train", "--resume", run, "--sabotage", "kl_sign")
    assert refused.code == 2
    resumed = aestudio("train", "--resume", run, "--epochs", 3, "--json")
    assert resumed.json["sabotage"] == "kl_twice"

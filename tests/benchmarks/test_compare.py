"""Rows from the outcomes of candidates."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.interleaved_runs import Outcome
from benchmarks.settings import Settings
from benchmarks.training import compare
from benchmarks.training.compare import Claim, measure_claims, on_cpu

OURS = Outcome("ours", (20.0, 50.0, 30.0), 7, cores=(1.0, 1.0, 0.5))
THEIRS = Outcome("theirs", (10.0, 10.0, 10.0), 7, cores=(1.0, 0.5, 1.0))
FAILED = Outcome("failed", (10.0,), 7, "failed ended with exit code 1", (1.0,))
SETTINGS = Settings(Path("data"), 3, 1.0)


@pytest.fixture(autouse=True)
def _outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "run_interleaved", lambda *_: [OURS, THEIRS, FAILED])


def test_the_median_of_the_rounds_ratios() -> None:
    claim = Claim("ours", "theirs", "of theirs", "what it means", 2.5)
    ratio, per_cpu, ours, theirs, failed = measure_claims("section", "subject", [], [claim], SETTINGS)
    assert (ratio.value, ratio.rounds, ratio.unit, ratio.met) == (3.0, (2.0, 5.0, 3.0), "x", True)
    assert (per_cpu.value, per_cpu.rounds, per_cpu.target) == (2.5, (2.0, 2.5, 6.0), None)
    assert (ours.value, theirs.value, ours.rounds) == (30.0, 10.0, OURS.rates)
    assert failed.broke


def test_a_claim_about_a_failed_candidate_fails() -> None:
    claim = Claim("ours", "failed", "of the failed one", "never known", 2.0)
    ratio, *rest = measure_claims("section", "subject", [], [claim], SETTINGS)
    assert ratio.broke
    assert ratio.reason == FAILED.failure
    assert len(rest) == 3


def test_one_thread_and_no_gpu() -> None:
    entry = on_cpu("name", "module", "vae", 128, SETTINGS, BENCHMARK_VIEW="latent")
    assert entry.environment == {
        "CUDA_VISIBLE_DEVICES": "",
        "AESTUDIO_THREADS": "1",
        "AESTUDIO_PRECISION": "float32",
        "OMP_NUM_THREADS": "1",
        "BENCHMARK_VIEW": "latent",
    }
    assert entry.arguments[:4] == ("--model", "vae", "--batch", "128")

"""Makes rows of the table from the speeds of the candidates."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.interleaved_runs import Candidate, run_interleaved
from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.interleaved_runs import Outcome
    from benchmarks.settings import Settings

ONE_THREAD = {
    "CUDA_VISIBLE_DEVICES": "",
    "AESTUDIO_THREADS": "1",
    "AESTUDIO_PRECISION": "float32",
    # Also of NumPy: the threads of its products wait for the next one on a core of their own.
    "OMP_NUM_THREADS": "1",
}
IMAGES_PER_SECOND = "images trained per second, the median of the rounds"


@dataclass(frozen=True)
class Claim:
    """A ratio of two candidates' images per second.

    target: the lower bound of the ratio; None if it is only shown
    per_cpu: whether the ratio of images per CPU second is shown too
    """

    candidate: str
    baseline: str
    figure: str
    note: str
    target: float | None = None
    per_cpu: bool = True


PER_CPU = ", per second of CPU"
PER_CPU_NOTE = (
    "the same ratio with CPU seconds instead of the clock's, which other programs on the machine change "
    "less; only for candidates without a window"
)


def on_cpu(
    name: str, module: str, model: str, batch: int, settings: Settings, python: str | None = None, **more: str
) -> Candidate:
    """A candidate that trains on one thread of the CPU. more: variables of its environment"""
    given = ("--model", model, "--batch", str(batch), "--threads", "1", "--data", str(settings.data))
    return Candidate(name, module, python or sys.executable, given, ONE_THREAD | more)


def measure_claims(
    section: str, subject: str, candidates: Sequence[Candidate], claims: Sequence[Claim], settings: Settings
) -> list[Row]:
    """The rows of one comparison: the ratios of the claims, then the speed of every candidate."""
    show_progress(f"{section}, {subject}")
    outcomes = {
        outcome.name: outcome
        for outcome in run_interleaved(candidates, ROOT, settings.rounds, settings.seconds)
    }
    ratios = [_ratio(section, subject, claim, outcomes) for claim in claims]
    ratios += [
        _ratio_per_cpu(section, subject, claim, outcomes)
        for claim in claims
        if claim.per_cpu and not outcomes[claim.candidate].failure + outcomes[claim.baseline].failure
    ]
    return ratios + [_rate(section, subject, outcome) for outcome in outcomes.values()]


def _ratio(section: str, subject: str, claim: Claim, outcomes: dict[str, Outcome]) -> Row:
    """The median of the ratios of the rounds; both sides of a ratio ran in the same round."""
    one, other = outcomes[claim.candidate], outcomes[claim.baseline]
    failure = one.failure or other.failure
    if failure:
        return Row.broken(section, subject, claim.figure, failure, claim.target)
    ratios = tuple(ours / theirs for ours, theirs in zip(one.rates, other.rates, strict=True))
    value = statistics.median(ratios)
    return Row(section, subject, claim.figure, value, "x", claim.target, note=claim.note, rounds=ratios)


def _ratio_per_cpu(section: str, subject: str, claim: Claim, outcomes: dict[str, Outcome]) -> Row:
    """As `_ratio`, of images per CPU second."""
    one, other = (
        [rate / cores for rate, cores in zip(outcome.rates, outcome.cores, strict=True)]
        for outcome in (outcomes[claim.candidate], outcomes[claim.baseline])
    )
    ratios = tuple(ours / theirs for ours, theirs in zip(one, other, strict=True))
    figure = claim.figure + PER_CPU
    return Row(section, subject, figure, statistics.median(ratios), "x", note=PER_CPU_NOTE, rounds=ratios)


def _rate(section: str, subject: str, outcome: Outcome) -> Row:
    figure = f"{outcome.name} trains"
    if outcome.failure:
        return Row.broken(section, subject, figure, outcome.failure)
    return Row(section, subject, figure, outcome.median, "images/s", rounds=outcome.rates)

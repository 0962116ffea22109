"""From what contestants trained per second to the rows of the table."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.arena import Entry, compete
from benchmarks.progress import say
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.arena import Outcome
    from benchmarks.settings import Settings

ONE_THREAD = {"CUDA_VISIBLE_DEVICES": "", "AESTUDIO_THREADS": "1"}
IMAGES_PER_SECOND = "images trained per second, the median of the rounds"


@dataclass(frozen=True)
class Claim:
    """That one contestant trains so many times as many images per second as another.

    target: the least ratio that was to be reached; None where the ratio is shown for information
    per_cpu: whether the ratio of images per second of CPU is shown too
    """

    contestant: str
    baseline: str
    figure: str
    note: str
    target: float | None = None
    per_cpu: bool = True


PER_CPU = ", per second of CPU"
PER_CPU_NOTE = (
    "the same ratio with seconds of CPU instead of the clock's, which other programs on the machine change "
    "less; only for those that train without a window"
)


def on_cpu(
    name: str, module: str, model: str, batch: int, settings: Settings, python: str | None = None, **more: str
) -> Entry:
    """A contestant that trains on one thread of the CPU; `more` are variables of its environment."""
    given = ("--model", model, "--batch", str(batch), "--threads", "1", "--data", str(settings.data))
    return Entry(name, module, python or sys.executable, given, ONE_THREAD | more)


def measure_claims(
    section: str, subject: str, entries: Sequence[Entry], claims: Sequence[Claim], settings: Settings
) -> list[Row]:
    """One comparison: the claims' ratios, then what every contestant trained."""
    say(f"{section}, {subject}")
    outcomes = {
        outcome.name: outcome for outcome in compete(entries, ROOT, settings.rounds, settings.seconds)
    }
    ratios = [_ratio(section, subject, claim, outcomes) for claim in claims]
    ratios += [
        _ratio_per_cpu(section, subject, claim, outcomes)
        for claim in claims
        if claim.per_cpu and not outcomes[claim.contestant].failure + outcomes[claim.baseline].failure
    ]
    return ratios + [_rate(section, subject, outcome) for outcome in outcomes.values()]


def _ratio(section: str, subject: str, claim: Claim, outcomes: dict[str, Outcome]) -> Row:
    """The median of the rounds' ratios: both sides of each were run within the same round."""
    one, other = outcomes[claim.contestant], outcomes[claim.baseline]
    failure = one.failure or other.failure
    if failure:
        return Row.broken(section, subject, claim.figure, failure, claim.target)
    ratios = tuple(ours / theirs for ours, theirs in zip(one.rates, other.rates, strict=True))
    value = statistics.median(ratios)
    return Row(section, subject, claim.figure, value, "x", claim.target, note=claim.note, rounds=ratios)


def _ratio_per_cpu(section: str, subject: str, claim: Claim, outcomes: dict[str, Outcome]) -> Row:
    """As `_ratio`, of images per second of CPU."""
    one, other = (
        [rate / cores for rate, cores in zip(outcome.rates, outcome.cores, strict=True)]
        for outcome in (outcomes[claim.contestant], outcomes[claim.baseline])
    )
    ratios = tuple(ours / theirs for ours, theirs in zip(one, other, strict=True))
    figure = claim.figure + PER_CPU
    return Row(section, subject, figure, statistics.median(ratios), "x", note=PER_CPU_NOTE, rounds=ratios)


def _rate(section: str, subject: str, outcome: Outcome) -> Row:
    figure = f"{outcome.name} trains"
    if outcome.failure:
        return Row.broken(section, subject, figure, outcome.failure)
    return Row(section, subject, figure, outcome.median, "images/s", rounds=outcome.rates)

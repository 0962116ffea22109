"""A run that is recorded while its trainer takes turns with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.runs import recorder
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.training.events import Ended, Yielded
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from aestudio.datasets.dataset import Dataset


def test_the_others_turns_are_not_its_time(
    few_digits: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(recorder.time, "monotonic", lambda: now)
    spec = RunSpec("turns", quick_recipe(), few_digits.origin, "cpu", title="VAE: β 4")
    turns = 0
    for event in record(train(spec, few_digits, yield_every=3), spec, tmp_path / "turns"):
        if isinstance(event, Yielded):
            turns += 1
            now += 100.0
        elif isinstance(event, Ended):
            assert event.seconds < 100.0
    kept = KeptRun.at(tmp_path / "turns")
    assert turns == 6
    assert kept.require_record().seconds < 100.0
    assert kept.title == "VAE: β 4"
    assert kept.status == "finished"

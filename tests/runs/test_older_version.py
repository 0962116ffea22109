"""A run that version 3c7b584 kept, before the folders moved, opens, evaluates and resumes as it did there.

The run and the results of that version are in fixtures/run_of_3c7b584; its README says how they were created.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import aestudio
from aestudio.runs.history_files import read_history_weights
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_metrics import metrics_of
from aestudio.runs.start import resume_run
from aestudio.runs.weights_file import WEIGHTS, read_snapshot

if TYPE_CHECKING:
    from aestudio.types import Weights

FIXTURE = Path(__file__).parent / "fixtures" / "run_of_3c7b584"
EXPECTED: dict[str, Any] = json.loads((FIXTURE / "expected.json").read_text(encoding="utf-8"))
# Another version of torch, or another kind of processor, adds floats in another order.
NEARLY = 1e-4


@pytest.fixture
def old_run(tmp_path: Path) -> KeptRun:
    """A copy of the run, which a test may change."""
    return KeptRun.at(shutil.copytree(FIXTURE / "stopped", tmp_path / "stopped"))


def digest(weights: Weights) -> str:
    """SHA-256 of names and values, the names in alphabetical order."""
    values = (name.encode() + weights[name].astype("<f4").tobytes() for name in sorted(weights))
    return hashlib.sha256(b"".join(values)).hexdigest()


def same_arithmetic() -> bool:
    """Whether torch computes the same bits as on the machine of the fixture."""
    import torch

    here = (torch.__version__, platform.machine(), torch.backends.cpu.get_cpu_capability())
    return here == (EXPECTED["torch"], EXPECTED["machine"], EXPECTED["cpu"])


def assert_same_metrics(metrics: dict[str, Any], expected: dict[str, Any]) -> None:
    """Every earlier metric is present and equal to six digits; a run's name follows its folder."""
    assert metrics.keys() >= expected.keys()
    for name, value in expected.items():
        if name == "run":
            continue
        if isinstance(value, dict):
            assert_same_metrics(metrics[name], value)
        else:
            assert metrics[name] == (pytest.approx(value, rel=1e-6) if isinstance(value, float) else value)


def test_the_old_run_opens(old_run: KeptRun) -> None:
    assert old_run.problem is None
    assert old_run.status == EXPECTED["stopped"]["status"]
    assert old_run.require_record().step == EXPECTED["stopped"]["step"]
    assert len(old_run.points()) == EXPECTED["stopped"]["points"]
    assert digest(old_run.snapshot().weights) == EXPECTED["stopped"]["digest"]
    dataset = old_run.dataset()
    assert (len(dataset.train), len(dataset.test)) == (20, 8)
    assert old_run.difference(dataset) == ""
    assert [checkpoint.step for checkpoint in old_run.history_checkpoints()] == [4]
    assert (
        read_history_weights(old_run.folder, 4, old_run.name, old_run.require_record().architecture).step == 4
    )


def test_the_old_run_evaluates_to_the_same_metrics(old_run: KeptRun) -> None:
    assert_same_metrics(metrics_of(old_run, old_run.dataset()), EXPECTED["stopped"]["metrics"])


def test_the_python_api_opens_it(old_run: KeptRun) -> None:
    run = aestudio.open_run(old_run.folder)
    assert_same_metrics(run.evaluate(), EXPECTED["stopped"]["metrics"])
    codes = run.encode(run.dataset.test.images)
    assert codes.shape == (8, 2)
    assert run.decode(codes).shape == (8, 1, 28, 28)


def test_the_old_run_resumes_to_the_same_weights(old_run: KeptRun) -> None:
    dataset = old_run.dataset()
    for _ in resume_run(old_run, dataset):
        pass
    resumed = KeptRun.at(old_run.folder)
    assert resumed.status == EXPECTED["resumed"]["status"]
    assert resumed.require_record().step == EXPECTED["resumed"]["step"]
    assert len(resumed.points()) == EXPECTED["resumed"]["points"]
    weights = resumed.snapshot().weights
    if same_arithmetic():
        assert digest(weights) == EXPECTED["resumed"]["digest"]
        assert_same_metrics(metrics_of(resumed, dataset), EXPECTED["resumed"]["metrics"])
    expected = expected_weights(old_run)
    assert weights.keys() == expected.keys()
    for name, values in weights.items():
        np.testing.assert_allclose(values, expected[name], atol=NEARLY, err_msg=name)


def expected_weights(run: KeptRun) -> Weights:
    """The weights at the end of the training, as that version computed them."""
    folder = run.folder.parent / "expected"
    folder.mkdir()
    shutil.copy(FIXTURE / "resumed.safetensors", folder / WEIGHTS)
    return read_snapshot(folder, run.name, run.require_record().architecture).weights

"""A run on own pictures, of a version that made 28x28 in grey of every picture and recorded no shape.

The pictures, the run and the results of that version are in fixtures/run_on_own_pictures; the README beside
it says how they were created. Today the same file gives colour images, 30 wide and 40 high.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_metrics import metrics_of
from aestudio.runs.start import resume_run
from aestudio.runs.weights_file import WEIGHTS, read_snapshot
from tests.runs.test_older_version import NEARLY, assert_same_metrics, digest, same_arithmetic

if TYPE_CHECKING:
    from aestudio.types import Weights

FIXTURE = Path(__file__).parent / "fixtures" / "run_on_own_pictures"
EXPECTED: dict[str, Any] = json.loads((FIXTURE / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def old_run(tmp_path: Path) -> KeptRun:
    """A copy of the run, which names a copy of the pictures."""
    pictures = tmp_path / "pictures.npz"
    shutil.copy(FIXTURE / "pictures.npz", pictures)
    folder = shutil.copytree(FIXTURE / "stopped", tmp_path / "stopped")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["dataset"] = str(pictures)
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return KeptRun.at(folder)


def test_its_pictures_are_prepared_as_they_were(old_run: KeptRun) -> None:
    assert load_dataset(old_run.origin).shape.image == ImageShape(3, 40, 30), "a new run keeps their colours"
    dataset = old_run.dataset()
    assert dataset.shape.image == old_run.require_record().shape.image == MNIST.image
    assert hashlib.sha256(dataset.train.images.tobytes()).hexdigest() == EXPECTED["images"]


def test_it_opens_with_the_same_weights_and_metrics(old_run: KeptRun) -> None:
    assert old_run.status == EXPECTED["stopped"]["status"]
    snapshot = old_run.snapshot()
    assert snapshot.data.image == MNIST.image
    assert digest(snapshot.weights) == EXPECTED["stopped"]["digest"]
    assert_same_metrics(metrics_of(old_run, old_run.dataset()), EXPECTED["stopped"]["metrics"])


def test_it_resumes_to_the_same_weights(old_run: KeptRun) -> None:
    for _ in resume_run(old_run, old_run.dataset()):
        pass
    resumed = KeptRun.at(old_run.folder)
    assert resumed.status == EXPECTED["resumed"]["status"]
    assert resumed.require_record().step == EXPECTED["resumed"]["step"]
    assert resumed.require_record().shape.image == MNIST.image
    weights = resumed.snapshot().weights
    if same_arithmetic():
        assert digest(weights) == EXPECTED["resumed"]["digest"]
    for name, values in expected_weights(old_run).items():
        np.testing.assert_allclose(weights[name], values, atol=NEARLY, err_msg=name)
    again = KeptRun.at(old_run.folder)
    assert again.dataset().shape.image == MNIST.image, "the resumed run records the shape"


def expected_weights(run: KeptRun) -> Weights:
    """The weights at the end of the training, as that version computed them."""
    folder = run.folder.parent / "expected"
    folder.mkdir()
    shutil.copy(FIXTURE / "resumed.safetensors", folder / WEIGHTS)
    return read_snapshot(folder, run.name, run.require_record().architecture).weights

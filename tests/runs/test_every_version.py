"""Runs of every version of the run's folder open, are listed and go on as they did in their own version.

How they were made is in fixtures/README.md. A change of the format adds one; none is ever written again.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs.bookmarks_file import read_bookmarks
from aestudio.runs.drawings_file import read_drawings
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_rows import run_rows
from aestudio.runs.start import resume_run
from aestudio.storage.safetensors import open_tensors
from aestudio.training.events import MetricPoint

VERSIONS = Path(__file__).parent / "fixtures" / "versions"
# In the order of their dates. What each was the first to keep:
KEPT = {
    "e5502fbd": "record, curves, weights and the state to resume from",
    "311bea38": "a history, and branches",
    "095044c4": "digests of files and images",
    "df3d080d": "name, note and tags, which the user writes",
    "3fdacd53": "each file that it was trained on, and how it was read",
    "be2a69a8": "how far the code is used, with each validation",
    "bf17fd93": "bookmarks and drawings beside all of these",
}
# They knew scikit-learn's digits by a digest, and enlarged them by other sums.
OTHER_PIXELS = ("df3d080d", "be2a69a8")
# Another version of torch, or another kind of processor, adds floats in another order.
NEARLY = 1e-4


@pytest.fixture(params=KEPT)
def version(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def run(version: str) -> KeptRun:
    """A copy of the run among the user's."""
    return KeptRun.at(shutil.copytree(VERSIONS / version / "run", runs_folder() / version))


def test_every_fixture_is_tested() -> None:
    assert {path.name for path in VERSIONS.iterdir() if path.is_dir()} == KEPT.keys()


def test_it_opens(version: str, run: KeptRun) -> None:
    has_history = version != "e5502fbd"
    assert run.problem is None
    assert (run.status, run.require_record().step) == ("finished", 7)
    assert run.recipe.value("hidden") == (1,)
    points = [point for point in run.points() if isinstance(point, MetricPoint)]
    assert [(one.split, one.step) for one in points if one.split == "validation"][-1] == ("validation", 7)
    assert run.last_loss == points[-1].terms["loss" if "loss" in points[-1].terms else "negative_elbo"]
    assert run.snapshot().step == run.newest_state().step == 7
    assert run.newest_state().problems == ()
    assert [one.step for one in run.history_checkpoints()] == ([4] if has_history else [])
    if has_history:
        state = run.history_checkpoint(4)
        weights = run.history_weights(4).weights
        assert all(np.array_equal(weights[name], state.snapshot.weights[name]) for name in weights)


def test_it_is_listed_with_what_the_user_wrote(version: str, run: KeptRun) -> None:
    (listed,) = kept_runs()
    (row,) = run_rows([listed])
    assert (row.status, row.epochs, row.planned, row.seed) == ("finished", 1.0, 1, 3)
    assert row.best.value is not None
    if (run.folder / "labels.json").exists():
        assert (row.name, row.tags) == (f"A run of {version}", ("old", "kept"))
        assert row.note == "Two lines,\nof a note"


def test_bookmarks_and_drawings_come_back() -> None:
    folder = VERSIONS / "bf17fd93" / "run"
    (bookmark,) = read_bookmarks(folder / "bookmarks.npz")
    (drawing,) = read_drawings(folder / "pins.npz")
    assert (bookmark.name, bookmark.code.tolist(), bookmark.step) == ("a place", [0.5, -1.0], 7)
    assert (drawing.name, drawing.image.shape, int(drawing.image.sum())) == ("a digit", (1, 28, 28), 784 * 7)


@pytest.mark.parametrize("version", OTHER_PIXELS)
def test_of_other_pixels_it_says_so(run: KeptRun) -> None:
    """The enlarged images depended on the kind of processor then; 69 of 1.4 million pixels are others now."""
    with pytest.raises(StudioError, match="not the images that the run was trained on") as caught:
        run.dataset()
    assert "Another version of the program, or another data folder, had other images" in caught.value.advice
    assert "start a new run of its recipe" in caught.value.advice


@pytest.mark.parametrize("version", [name for name in KEPT if name not in OTHER_PIXELS])
def test_it_goes_on_as_in_its_own_version(version: str, run: KeptRun) -> None:
    for _ in resume_run(run, run.dataset(), epochs=2):
        pass
    resumed = KeptRun.at(run.folder)
    assert (resumed.status, resumed.require_record().step) == ("finished", 14)
    with open_tensors(VERSIONS / version / "resumed.safetensors") as file:
        expected = file.read(file.header.arrays)
    weights = resumed.snapshot().weights
    assert weights.keys() == expected.keys()
    for name, values in weights.items():
        np.testing.assert_allclose(values, expected[name], atol=NEARLY, err_msg=name)
    lines = (VERSIONS / version / "resumed.jsonl").read_text().splitlines()
    then = [(table["split"], table["step"]) for table in map(json.loads, lines) if "split" in table]
    assert [(one.split, one.step) for one in resumed.points() if isinstance(one, MetricPoint)] == then

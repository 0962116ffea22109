"""The model of a compressed file is found by itself: in it, among the kept runs or the shipped models."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.codec.carried_model import model_digest
from aestudio.codec.container import Container
from aestudio.codec.rounded_codes import compress_codes
from aestudio.errors import StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.paths import runs_folder
from aestudio.runs.index import find_run
from aestudio.runs.model_of_file import model_of
from tests.small_models import SMALL, untrained

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


def file_of(digest: bytes, like: Container) -> Container:
    return Container("codes", digest, like.shape, 1, like.tables, like.coded, 0)


@pytest.fixture(scope="module")
def carried(few_digits: Dataset) -> Container:
    """A file with the model of no run in it."""
    model = FrozenModel(untrained("vae", **SMALL))
    images = few_digits.test.images[:2]
    return compress_codes(model, images, model.encode(images), with_model=True)


def test_a_shipped_model_is_found(carried: Container, tmp_path: Path) -> None:
    shipped = find_run("conv-vae").snapshot()
    found = model_of(file_of(model_digest(shipped), carried), tmp_path / "a.aec")
    assert found.run_key == shipped.run_key
    assert all(np.array_equal(found.weights[name], shipped.weights[name]) for name in shipped.weights)


def test_a_kept_run_is_found_and_a_damaged_one_is_not_taken(carried: Container, tmp_path: Path) -> None:
    shipped = find_run("conv-vae-2d")
    wanted = file_of(model_digest(shipped.snapshot()), carried)
    runs_folder().mkdir(parents=True)
    kept = runs_folder() / "mine"
    shutil.copytree(shipped.folder, kept)
    assert model_of(wanted, tmp_path / "a.aec").run == "mine"
    (kept / "weights.safetensors").write_bytes(b"damaged")
    assert model_of(wanted, tmp_path / "a.aec").run == "conv-vae-2d"


def test_the_model_inside_comes_first(carried: Container, tmp_path: Path) -> None:
    assert model_digest(model_of(carried, tmp_path / "a.aec")) == carried.digest


def test_a_model_that_is_nowhere(carried: Container, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="is not among the runs here") as caught:
        model_of(file_of(b"nowhere!", carried), tmp_path / "a.aec")
    assert "a.aec" in str(caught.value)

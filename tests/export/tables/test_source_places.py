"""Exported codes say which file, page or row each image was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

import aestudio
from aestudio.datasets.catalogue import load_dataset
from aestudio.export.tables.features import export_features
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from pathlib import Path

SMALL: dict[str, Any] = {"hidden": (8,), "latent_size": 2, "batch_size": 32, "device": "cpu", "epochs": 1}


def test_files_of_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for number, image in enumerate(numbers(24, 28, 28)):
        part = folder / "ab"[number % 2]
        part.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(part / f"{number}.png")
    dataset = load_dataset(str(folder))
    snapshot = aestudio.train("compress-ae", dataset, **SMALL).kept.snapshot()
    assert export_features(snapshot, dataset, tmp_path / "f.npz", split="all", provenance=dataset.provenance)
    with np.load(tmp_path / "f.npz") as file:
        parts = {"test": dataset.test, "train": dataset.train}
        for name, part, index in zip(file["source_file"], file["part"], file["indices"], strict=True):
            np.testing.assert_array_equal(np.asarray(Image.open(folder / name)), parts[part].images[index, 0])


@pytest.mark.parametrize("split", ["test", "train"])
def test_rows_of_arrays(tmp_path: Path, split: str) -> None:
    images = numbers(40, 28, 28)
    np.savez(tmp_path / "mine.npz", images=images)
    dataset = load_dataset(str(tmp_path / "mine.npz"))
    snapshot = aestudio.train("compress-ae", dataset, **SMALL).kept.snapshot()
    part: Any = split
    chosen = getattr(dataset, split)
    export_features(snapshot, chosen, tmp_path / "f.npz", split=part, provenance=dataset.provenance)
    with np.load(tmp_path / "f.npz") as file:
        assert "source_file" not in file
        np.testing.assert_array_equal(images[file["source_row"]], chosen.images[:, 0])

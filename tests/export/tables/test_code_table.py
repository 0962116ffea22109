"""Codes as a table: every row has its file, its part, its class and the numbers of the arrays."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.export.tables.features import export_features
from aestudio.export.tables.selection import export_selection
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot
from aestudio.training.initial import weights_of
from aestudio.training.model import build_model
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

CLASSES = ("Ä, b", "two\nlines")


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    folder = tmp_path / "own"
    folder.mkdir()
    lines = [f'{number}.png,"{CLASSES[number % 2]}"' for number in range(12)]
    lines[1] = lines[1].replace("\n", " ")
    for number, image in enumerate(numbers(12, 28, 28)):
        Image.fromarray(image).save(folder / f"{number}.png")
    (folder / "labels.csv").write_text(
        "file,label\n" + "\n".join(line.replace("\n", " ") for line in lines), encoding="utf-8"
    )
    return load_dataset(str(folder))


def snapshot_of(recipe: str, dataset: Dataset, **settings: object) -> Snapshot:
    chosen = find_recipe(recipe).with_settings(settings)
    model = build_model(Architecture(chosen, dataset.shape))
    return Snapshot("tiny", chosen, 7, 0.0, weights_of(model), data=dataset.shape)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_features(tmp_path: Path, dataset: Dataset) -> None:
    snapshot = snapshot_of("vae", dataset, hidden=(8,), latent_size=3)
    found = dataset.provenance
    assert found is not None
    for suffix in ("npz", "csv"):
        assert (
            export_features(snapshot, dataset, tmp_path / f"a.{suffix}", split="all", provenance=found) == 12
        )
    rows = rows_of(tmp_path / "a.csv")
    with np.load(tmp_path / "a.npz") as file:
        for number, row in enumerate(rows):
            assert list(row) == [
                "part", "index", "source_file", "source_row", "label", "class",
                "code 1", "code 2", "code 3", "deviation 1", "deviation 2", "deviation 3",
            ]  # fmt: skip
            assert row["part"] == file["part"][number]
            assert int(row["index"]) == file["indices"][number]
            assert row["source_file"] == file["source_file"][number]
            assert row["class"] == file["class_names"][int(row["label"])]
            own = int(row["source_file"].removesuffix(".png"))
            assert row["class"] == CLASSES[own % 2].replace("\n", " ")
            codes = [np.float32(row[f"code {place}"]) for place in (1, 2, 3)]
            np.testing.assert_array_equal(codes, file["codes"][number])
            deviation = [np.float32(row[f"deviation {place}"]) for place in (1, 2, 3)]
            np.testing.assert_array_equal(deviation, file["deviation"][number])


@pytest.mark.parametrize("suffix", ["npz", "csv"])
def test_a_selection_names_its_files(tmp_path: Path, dataset: Dataset, suffix: str) -> None:
    snapshot = snapshot_of("vae", dataset, hidden=(8,), latent_size=3)
    parts = dataset.test, dataset.train
    chosen = np.array([len(dataset.test) + 2, 0])
    path = tmp_path / f"some.{suffix}"
    assert export_selection(snapshot, parts, chosen, path, provenance=dataset.provenance) == 2
    found = dataset.provenance
    assert found is not None
    assert found.file_of is not None
    expected = [found.files[found.file_of[number]].name for number in (found.train[2], found.test[0])]
    if suffix == "csv":
        rows = rows_of(path)
        assert [row["source_file"] for row in rows] == expected
        assert [row["split"] for row in rows] == ["train", "test"]
        assert [row["index"] for row in rows] == ["2", "0"]
    else:
        with np.load(path) as file:
            assert file["source_file"].tolist() == expected
    assert path.with_suffix(".png").is_file()


def test_discrete_codes_have_their_entries(tmp_path: Path, dataset: Dataset) -> None:
    snapshot = snapshot_of("categorical-vae", dataset, hidden=(8,))
    export_features(snapshot, dataset.test, tmp_path / "a.csv")
    export_features(snapshot, dataset.test, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as file:
        entries = file["entries"]
    first = rows_of(tmp_path / "a.csv")[0]
    assert [int(first[f"entry {place + 1}"]) for place in range(entries.shape[1])] == entries[0].tolist()
    assert "source_file" not in first

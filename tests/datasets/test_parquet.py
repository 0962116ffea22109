"""Parquet files as Hugging Face has them, and of numbers: pixels and labels against what was written."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from tests.datasets.test_array_names import (
    CLASSES,
    COUNT,
    IMAGES,
    TEST_CLASSES,
    TESTED,
    assert_all_read,
    names_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

NAMES = [f"Zählung {number}" for number in range(11)]


@pytest.fixture(scope="module")
def arrow() -> Any:
    pytest.importorskip("pyarrow.parquet")
    return sys.modules["pyarrow"]


def png(image: NDArray[np.uint8]) -> bytes:
    file = BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def published(
    arrow: Any, path: Path, images: NDArray[Any], labels: Sequence[int], names: Sequence[str] | None = NAMES
) -> str:
    """A file as `datasets` of Hugging Face writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])
    pictures = arrow.array([{"bytes": png(image), "path": None} for image in images], kind)
    table = arrow.table({"image": pictures, "label": arrow.array(labels, arrow.int64())})
    feature = {"_type": "Image"}
    label = {"names": list(names), "_type": "ClassLabel"} if names else {"dtype": "int64", "_type": "Value"}
    info = {"info": {"features": {"image": feature, "label": label}}}
    table = table.replace_schema_metadata({"huggingface": json.dumps(info)})
    sys.modules["pyarrow.parquet"].write_table(table, path, row_group_size=7)
    return str(path)


@pytest.mark.parametrize("names", [NAMES, None])
def test_one_file(arrow: Any, tmp_path: Path, names: list[str] | None) -> None:
    dataset = load_dataset(published(arrow, tmp_path / "own.parquet", IMAGES, CLASSES.tolist(), names))
    assert_all_read(dataset, CLASSES if names is None else [names[label] for label in CLASSES])
    assert dataset.train.class_names == tuple(map(str, range(11)) if names is None else names)
    found = dataset.provenance
    assert found is not None
    assert [file.name for file in found.files] == ["own.parquet"]
    for part, numbers in ((dataset.train, found.train), (dataset.test, found.test)):
        np.testing.assert_array_equal(part.images[:, 0], IMAGES[found.row_of[numbers]])
    assert_all_read(
        load_dataset(dataset.origin, reading=dataset.reading),
        CLASSES if names is None else [names[label] for label in CLASSES],
    )


@pytest.mark.parametrize("named", ["folder", "data", "first file"])
def test_a_repository_with_shards_and_parts(arrow: Any, tmp_path: Path, named: str) -> None:
    data = tmp_path / "mnist" / "data"
    for shard, rows in enumerate((slice(0, 15), slice(15, None))):
        path = data / f"train-{shard:05}-of-00002.parquet"
        published(arrow, path, IMAGES[rows], CLASSES[rows].tolist())
    published(arrow, data / "test-00000-of-00001.parquet", TESTED, TEST_CLASSES.tolist())
    path = {"folder": data.parent, "data": data, "first file": data / "train-00000-of-00002.parquet"}[named]
    dataset = load_dataset(str(path))
    np.testing.assert_array_equal(dataset.train.images[:, 0], IMAGES)
    np.testing.assert_array_equal(dataset.test.images[:, 0], TESTED)
    assert names_of(dataset.train) == [NAMES[label] for label in CLASSES]
    assert names_of(dataset.test) == [NAMES[label] for label in TEST_CLASSES]
    assert dataset.provenance is not None
    assert dataset.provenance.file_of is not None
    assert dataset.provenance.file_of.tolist() == [0] * 15 + [1] * (COUNT - 15) + [2] * 9


def tables(arrow: Any) -> dict[str, Any]:
    flat = IMAGES.reshape(COUNT, -1)
    return {
        "bytes alone": {"img": [png(image) for image in IMAGES], "fine_label": CLASSES},
        "a list": {"pixels": flat.tolist(), "label": CLASSES},
        "a list of lists": {"image": IMAGES.tolist(), "label": CLASSES},
        "a list of a fixed length": {
            "image": arrow.FixedSizeListArray.from_arrays(arrow.array(flat.reshape(-1)), 144),
            "label": CLASSES,
        },
        "a column a pixel": {"label": CLASSES, **{f"pixel{at}": flat[:, at] for at in range(144)}},
        "texts": {"image": [png(image) for image in IMAGES], "label": [str(label) for label in CLASSES]},
    }


@pytest.mark.parametrize(
    "form",
    ["bytes alone", "a list", "a list of lists", "a list of a fixed length", "a column a pixel", "texts"],
)
def test_other_layouts(arrow: Any, tmp_path: Path, form: str) -> None:
    path = tmp_path / "own.parquet"
    sys.modules["pyarrow.parquet"].write_table(arrow.table(tables(arrow)[form]), path)
    assert_all_read(load_dataset(str(path)))


def test_broken_pictures_in_it_are_left_out(arrow: Any, tmp_path: Path) -> None:
    content = [png(image) for image in IMAGES]
    content[5], content[9] = b"", content[9][:40]
    path = tmp_path / "own.parquet"
    sys.modules["pyarrow.parquet"].write_table(arrow.table({"image": content, "label": CLASSES}), path)
    dataset = load_dataset(str(path))
    assert len(dataset.train) + len(dataset.test) == COUNT - 2
    assert dataset.provenance is not None
    assert [file.name.rpartition("/")[2] for file in dataset.provenance.left_out] == ["row 5", "row 9"]


@pytest.mark.parametrize("content", [b"", b"PAR1" + bytes(100) + b"PAR1", b"x" * 1000])
def test_damaged_files(arrow: Any, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.parquet"
    path.write_bytes(content)
    with pytest.raises(StudioError, match="Parquet file cannot be read") as caught:
        load_dataset(str(path))
    assert caught.value.where == str(path)


def test_a_table_without_images(arrow: Any, tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    sys.modules["pyarrow.parquet"].write_table(arrow.table({"text": ["a", "b"], "label": [1, 2]}), path)
    with pytest.raises(StudioError, match="No column of this table holds images"):
        load_dataset(str(path))


def test_without_the_library_the_command_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (tmp_path / "own.parquet").write_bytes(b"PAR1")
    with pytest.raises(StudioError, match="need the library pyarrow, which is not installed") as caught:
        load_dataset(str(tmp_path / "own.parquet"))
    assert caught.value.advice.endswith("-m pip install pyarrow")

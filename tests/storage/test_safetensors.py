"""A header that does not match its file is refused before any number is read."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from aestudio.errors import StudioError
from aestudio.storage.safetensors import open_tensors

if TYPE_CHECKING:
    from pathlib import Path

VALID: dict[str, Any] = {
    "b": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a": np.array(7.5, np.float32),
    "empty": np.zeros((0, 4), np.float32),
    "noise": np.arange(5, dtype=np.uint8),
    "wide": np.arange(3, dtype=np.float64),
}


def written(path: Path, header: Any, body: bytes = b"", length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + body)
    return path


def entry(dtype: Any = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def test_a_file_of_the_safetensors_library_is_read(tmp_path: Path) -> None:
    path = tmp_path / "it.safetensors"
    path.write_bytes(save(VALID, metadata={"key": "value"}))
    with open_tensors(path) as file:
        assert file.header.metadata == {"key": "value"}
        assert file.header.bytes == sum(array.nbytes for array in VALID.values())
        found = file.read(["noise", "b", "a", "empty", "wide"])
    assert list(found) == ["noise", "b", "a", "empty", "wide"]
    for name, array in found.items():
        assert (array.dtype, array.shape) == (VALID[name].dtype, VALID[name].shape)
        np.testing.assert_array_equal(array, VALID[name])
        with pytest.raises(ValueError, match="read-only"):
            array.fill(1)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"a": entry("BF16", (4,))}, id="type"),
        pytest.param({"a": entry([], (2,))}, id="type that is a list"),
        pytest.param({"a": entry(shape=(-2,))}, id="negative length"),
        pytest.param({"a": entry(shape=(2.0,))}, id="length with a point"),
        pytest.param({"a": entry(shape=(10**30,))}, id="endless length"),
        pytest.param({"a": entry(shape=(3,))}, id="longer than its bytes"),
        pytest.param({"a": entry(offsets=(8, 0))}, id="ends before it begins"),
        pytest.param({"a": entry(offsets=(4, 12))}, id="gap"),
        pytest.param({"a": entry(offsets=(0, 8, 8))}, id="three offsets"),
        pytest.param({"a": entry(shape=(1,), offsets=(0, 4))}, id="shorter than the file"),
        pytest.param({"a": entry(), "b": entry()}, id="one over the other"),
        pytest.param({"a": 5}, id="no entry"),
        pytest.param([], id="no table"),
        pytest.param({"__metadata__": 5, "a": entry()}, id="metadata"),
        pytest.param(b'{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]', id="cut off"),
        pytest.param(b"[" * 100_000, id="nested"),
    ],
)
def test_an_impossible_header_is_refused(tmp_path: Path, header: Any) -> None:
    path = written(tmp_path / "it", header, bytes(8))
    with pytest.raises(StudioError, match="damaged or cut off") as problem, open_tensors(path):
        pass
    assert problem.value.where == str(path)


@pytest.mark.parametrize("length", [0, 1, 10_000, 2**63, 2**64 - 1])
def test_an_impossible_length_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(StudioError), open_tensors(written(tmp_path / "it", {"a": entry()}, bytes(8), length)):
        pass


def test_a_missing_name_is_reported(tmp_path: Path) -> None:
    path = written(tmp_path / "it", {"a": entry()}, bytes(8))
    with pytest.raises(StudioError, match="damaged"), open_tensors(path) as file:
        file.read(["b"])


@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(save(VALID))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.safetensors"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        with open_tensors(path) as file:
            file.read(file.header.arrays)
    except StudioError:
        pass


def test_a_header_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    header = b'{"a":[' + b"[]," * 1_500_000 + b"[]]}"
    path = tmp_path / "lists.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    with pytest.raises(StudioError) as caught, open_tensors(path):
        pass
    assert "header's length is impossible" in str(caught.value.__cause__)

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.datasets.importers.idx import is_whole, is_whole_if_gzipped, read_idx
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Writer = Callable[[np.ndarray[Any, Any]], bytes]

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
ARRAYS = st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"]).flatmap(
    lambda dtype: hnp.arrays(
        dtype,
        hnp.array_shapes(min_dims=1, max_dims=4, max_side=5),
        elements={"allow_nan": False} if "f" in dtype else None,
    )
)


@given(array=ARRAYS, packed=st.booleans())
def test_reads_what_was_written(
    array: np.ndarray[Any, Any], packed: bool, idx_bytes: Writer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "round-trip"
    content = idx_bytes(array)
    path.write_bytes(gzip.compress(content) if packed else content)
    result = read_idx(path)
    assert result.dtype == array.dtype
    np.testing.assert_array_equal(result, array)
    assert is_whole(path) is not packed
    assert is_whole_if_gzipped(path)


def damaged(content: bytes) -> dict[str, tuple[bytes, str]]:
    packed = gzip.compress(content, mtime=0)
    flipped = bytearray(packed)
    flipped[-6] ^= 0xFF  # the CRC
    return {
        "empty": (b"", "wrong magic number"),
        "text": (b"P5 28 28", "wrong magic number"),
        "page": (b"<!DOCTYPE html><html>", "web page"),
        "unknown type": (b"\0\0\x0a\x01\0\0\0\x01a", "wrong magic number"),
        "header": (content[:10], "within its header"),
        "short": (content[:-1], "the file has 23"),
        "long": (content + b"x", "has more"),
        "gz cut": (packed[:-12], "ends too early"),
        "gz cut in its end": (packed[:-3], "ends too early"),
        "gz flipped": (bytes(flipped), "damaged"),
        "gz of a page": (gzip.compress(b"<html>"), "web page"),
    }


@pytest.mark.parametrize("case", damaged(b"").keys())
def test_damage_is_named(case: str, idx_bytes: Writer, tmp_path: Path) -> None:
    content, sentence = damaged(idx_bytes(IMAGES))[case]
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(StudioError) as caught:
        read_idx(path)
    assert sentence in caught.value.what
    assert caught.value.where == str(path)
    assert caught.value.advice
    assert not is_whole(path)


def test_a_huge_announcement_needs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    path.write_bytes(b"\0\0\x0e\x04" + b"\xff\xff\xff\x7f" * 4 + b"little")
    with pytest.raises(StudioError, match="announces"):
        read_idx(path)


def test_missing_and_forbidden_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudioError, match="does not exist"):
        read_idx(tmp_path / "nothing")

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("aestudio.storage.regular_file.os.open", refuse)
    with pytest.raises(StudioError, match="No permission to read"):
        read_idx(tmp_path / "locked")

"""Archives that are damaged, lie about their sizes or want to run code end in one sentence, and quickly."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from aestudio.errors import StudioError
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.damage import Damage
from aestudio.storage.npz import open_npz, read_npz

if TYPE_CHECKING:
    from pathlib import Path

RULES = {
    "names": ArrayRule("text", ("n",)),
    "codes": ArrayRule("float32", ("n", "length"), finite=True),
    "images": ArrayRule("uint8", ("n", 28, 28)),
    "shown": ArrayRule("bool", ("n",)),
}
VALID: dict[str, Any] = {
    "names": np.array(["Sieben", "größer"]),
    "codes": np.arange(6, dtype=np.float32).reshape(2, 3),
    "images": np.arange(2 * 784, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28),
    "shown": np.array([True, False]),
}
DESCRIPTION = Damage("The places cannot be read", "Remove the file.")
MOST = 1_000_000
TYPES = st.sampled_from([np.float32, np.uint8, np.int64, ">i2", np.bool_, "<U3"])


def archive(tmp_path: Path, packed: bool = True, **changed: Any) -> Path:
    path = tmp_path / "file.npz"
    with path.open("wb") as file:
        (np.savez_compressed if packed else np.savez)(file, **VALID | changed)
    return path


def with_member(tmp_path: Path, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A valid archive except for the bytes of the codes."""
    path = tmp_path / "file.npz"
    with zipfile.ZipFile(path, "w", method) as zip_file:
        for key, array in VALID.items():
            zip_file.writestr(f"{key}.npy", content if key == "codes" else npy(array))
    return path


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def header(text: str, body: bytes = b"") -> bytes:
    """The bytes of a NumPy array with this text as its header."""
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text.encode("latin1") + body


def damage_of(path: Path) -> str:
    with pytest.raises(StudioError) as problem:
        read_npz(path, RULES, MOST, DESCRIPTION)
    assert problem.value.where == str(path)
    assert problem.value.advice == "Remove the file."
    assert problem.value.what.startswith("The places cannot be read (")
    return str(problem.value)


@pytest.mark.parametrize("packed", [True, False])
def test_a_valid_archive_is_read_exactly(tmp_path: Path, packed: bool) -> None:
    found = read_npz(archive(tmp_path, packed, extra=np.zeros(3)), RULES, MOST)
    assert found.keys() == RULES.keys()
    for name, array in VALID.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@given(
    array=arrays(TYPES, array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)), turned=st.booleans()
)
def test_every_array_is_restored(tmp_path_factory: pytest.TempPathFactory, array: Any, turned: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "any.npz"
    array = np.asfortranarray(array) if turned else array
    np.savez_compressed(path, it=array)
    with open_npz(path) as file:
        assert file.arrays["it"].shape == array.shape
        assert file.arrays["it"].bytes == array.nbytes
        found = file.read("it", MOST)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_an_empty_array_has_the_dimensions_of_its_rule(tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    np.savez(path, names=np.array([], np.str_), images=np.array([], np.uint8))
    found = read_npz(path, {name: RULES[name] for name in ("names", "images")}, MOST)
    assert found["images"].shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"codes": np.zeros((3, 3), np.float32)}, "length 3 where 2"),
        ({"codes": np.zeros((2, 3))}, "float64"),
        ({"codes": np.zeros(2, np.float32)}, "1 dimensions"),
        ({"codes": np.array([[1, np.nan, 0], [0, 0, 0]], np.float32)}, "not finite"),
        ({"images": np.zeros((2, 28, 27), np.uint8)}, "length 27 where 28"),
        ({"names": np.array([1, 2])}, "names is int64"),
        ({"names": np.array(5)}, "names is int64 with 0 dimensions"),
        ({"names": np.array([{}, {}], object)}, "neither plain numbers nor texts"),
        ({"names": np.array(["2026-01-01", "2026-01-02"], "M8[D]")}, "neither plain numbers nor texts"),
        ({"names": np.array([0x110000, 65], np.uint32).view("<U1")}, "not text"),
        ({"names": np.array([0xD800, 65], np.uint32).view("<U1")}, "not text"),
        ({"shown": np.array([2, 0], np.uint8).view(bool)}, "true and false"),
    ],
)
def test_an_array_that_breaks_its_rule_is_refused(
    tmp_path: Path, changed: dict[str, Any], reason: str
) -> None:
    assert reason in damage_of(archive(tmp_path, **changed))


@pytest.mark.parametrize(
    "text",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (True, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 4000 + ")" * 4000 + "}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + "-" * 9000 + "3}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3",
        "{'descr': '<f4', 'fortran_order': None, 'shape': (2, 3), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<M8[D]', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<f3', 'fortran_order': False, 'shape': (2, 3), }",
        "{'shape': (2, 3)}",
        "__import__('os').abort()",
        "",
    ],
)
def test_an_impossible_header_is_refused(tmp_path: Path, text: str) -> None:
    damage_of(with_member(tmp_path, header(text, bytes(24))))


def test_old_headers_of_python_2_are_read(tmp_path: Path) -> None:
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }"
    found = read_npz(with_member(tmp_path, header(text, bytes(24))), RULES, MOST)
    assert found["codes"].shape == (2, 3)


@pytest.mark.parametrize("content", [b"", b"nonsense", npy(VALID["codes"])[:90], npy(VALID["codes"]) + b"\0"])
def test_an_array_of_another_length_is_refused(tmp_path: Path, content: bytes) -> None:
    damage_of(with_member(tmp_path, content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_methods_are_refused(tmp_path: Path, method: int) -> None:
    assert "compressed" in damage_of(with_member(tmp_path, npy(VALID["codes"]), method))


def directory_field(data: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite a field of the first entry of the directory."""
    at = data.index(b"PK\x01\x02") + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        pytest.param(8, b"\x01\x00", id="encrypted"),
        pytest.param(10, b"\x0e\x00", id="LZMA"),
        pytest.param(10, b"\x63\x00", id="unknown method"),
        pytest.param(16, b"\0\0\0\0", id="check sum"),
        pytest.param(20, b"\xff\xff\xff\x7f", id="packed size"),
        pytest.param(24, b"\xff\xff\xff\x7f", id="size"),
        pytest.param(42, b"\xff\xff\xff\x7f", id="offset"),
        pytest.param(6, b"\xff\xff", id="version"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_a_false_directory_is_refused(tmp_path: Path, packed: bool, offset: int, value: bytes) -> None:
    path = archive(tmp_path, packed)
    path.write_bytes(directory_field(path.read_bytes(), offset, value))
    damage_of(path)


def test_two_arrays_of_one_name_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as zip_file:
        zip_file.writestr("codes.npy", npy(VALID["codes"]))
    assert "two arrays" in damage_of(path)


@pytest.mark.parametrize("cut", [0, 1, 10, 200, 400, -1, -20])
def test_a_truncated_file_is_refused(tmp_path: Path, cut: int) -> None:
    path = archive(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    damage_of(path)


def test_a_damaged_stream_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path)
    data = bytearray(path.read_bytes())
    at = data.index(b"images.npy") + 60
    data[at : at + 30] = b"\xff" * 30
    path.write_bytes(data)
    damage_of(path)


def test_an_archive_bomb_is_refused_before_memory_is_allocated(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, images=np.zeros((60_000, 784), np.uint8))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    try:
        with (
            open_npz(path) as file,
            pytest.raises(StudioError, match=r"takes 47 MB of memory, more than 1 MB"),
        ):
            file.read("images", MOST)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    with pytest.raises(StudioError, match="it holds 47 MB, more than 1 MB"):
        read_npz(path, {"images": ArrayRule("uint8", ("n", 784))}, MOST)


def test_an_impossible_compression_ratio_is_refused(tmp_path: Path) -> None:
    """A header of a petabyte in a directory that agrees with it."""
    text = "{'descr': '|u1', 'fortran_order': False, 'shape': (4000000000,), }"
    path = with_member(tmp_path, header(text), zipfile.ZIP_DEFLATED)
    size = len(header(text)) + 4_000_000_000
    data = path.read_bytes()
    at = data.index(b"codes.npy", data.index(b"PK\x01\x02")) - 46
    path.write_bytes(data[: at + 24] + struct.pack("<I", size) + data[at + 28 :])
    assert "more than it can hold" in damage_of(path)


def test_an_array_of_objects_is_refused_only_if_it_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path, meta=np.array([{}], object))
    with open_npz(path) as file:
        assert "meta" in file.names
        assert "meta" not in file.arrays
        assert file.read("codes", MOST).shape == (2, 3)
        with pytest.raises(StudioError, match="meta does not hold plain numbers or texts"):
            file.read("meta", MOST)


def test_a_missing_array_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    np.savez(path, names=VALID["names"])
    assert "codes is missing" in damage_of(path)


def test_errors_of_the_system_are_passed_on(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"file\.npz"):
        read_npz(tmp_path / "file.npz", RULES, MOST)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    path.mkdir()
    with pytest.raises(StudioError, match="This is a folder, not a file"):
        read_npz(path, RULES, MOST)

"""Archives of several files: what is not in order is refused before any part is read, in one sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.storage.archive import open_archive

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, parts: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return path


def read_all(path: Path) -> None:
    with open_archive(path) as archive:
        for name in archive.sizes:
            archive.read(name, 10**9)


def refused(path: Path) -> str:
    with pytest.raises(StudioError) as caught:
        read_all(path)
    assert str(path) in str(caught.value)
    return caught.value.what


def test_parts_are_read_whole_and_in_pieces(tmp_path: Path) -> None:
    large = bytes(range(256)) * 10_000
    path = write(tmp_path / "a", {"run.json": b"{}", "moments/000000004.safetensors": large, "empty": b""})
    with open_archive(path) as archive:
        assert dict(archive.sizes) == {
            "run.json": 2,
            "moments/000000004.safetensors": len(large),
            "empty": 0,
        }
        assert archive.read("moments/000000004.safetensors", len(large)) == large
        assert b"".join(archive.pieces("moments/000000004.safetensors")) == large
        assert list(archive.pieces("empty")) == []
        with pytest.raises(StudioError, match=r"run\.json takes"):
            archive.read("run.json", 1)
        with pytest.raises(StudioError, match="missing"):
            list(archive.pieces("other"))


@pytest.mark.parametrize(
    "name",
    [
        "../run.json",
        "/etc/passwd",
        "a/../../b",
        "C:/x",
        "a\\b",
        "..",
        ".hidden",
        "a//b",
        "a/",
        "a/b/c/d",
        "é",
        "a b",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    entry = zipfile.ZipInfo("x")
    entry.filename = name  # the constructor would change some of them
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, b"1")
    assert "leads out of it or is no plain name" in refused(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write(tmp_path / "a", {"metrics.jsonl": bytes(200_000_000)}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 300_000
    assert "metrics.jsonl would unpack to" in refused(path)


def test_parts_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """Each is within the file, all of them together are much larger."""
    path = write(tmp_path / "a", {"a": bytes(5_000), "b": b"1"})
    data = bytearray(path.read_bytes())
    directory = struct.unpack("<L", data[-6:-2])[0]
    first = data[directory : directory + 47]  # the entry of "a"
    second = bytearray(first)
    second[46:47] = b"b"
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert archive.namelist() == ["a", "b"]
    data[directory : len(data) - 22] = first + second
    data[-22 + 12 : -22 + 16] = struct.pack("<L", 94)
    path.write_bytes(data)
    assert refused(path)


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("run.json", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("run.json", b"2")
    assert "two parts named run.json" in refused(tmp_path / "a")


def test_an_encrypted_part_and_another_packing_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a", {"x": b"12345678" * 100}, zipfile.ZIP_LZMA)
    assert "compressed in a way" in refused(path)
    path = write(tmp_path / "b", {"x": b"1"})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path)


def test_every_cut_and_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path / "a", {"x": bytes(range(200)), "y": b"abc"})
    whole = path.read_bytes()
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        assert refused(path)
    for at in (0, 35, 60, 262):  # the first header, and the content of a part
        changed = bytearray(whole)
        changed[at] ^= 0x40
        path.write_bytes(changed)
        assert refused(path)

"""A zip directory that is too long is refused before it is read."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.storage import zip_directory
from aestudio.storage.npz import open_npz

if TYPE_CHECKING:
    from pathlib import Path


def archive(entries: int, comment: bytes = b"", wide: bool = False) -> bytes:
    """An archive of `entries` empty entries; wide: with the zip64 record for lengths of 64 bits."""
    buffer = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        if wide:
            patch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 0)
        with zipfile.ZipFile(buffer, "w") as zip_file:
            zip_file.comment = comment
            for number in range(entries):
                zip_file.writestr(f"{number}.npy", b"")
    return buffer.getvalue()


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("comment", [b"", b"a comment"])
def test_a_long_directory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, comment: bytes, wide: bool
) -> None:
    path = tmp_path / "many.npz"
    path.write_bytes(archive(400, comment, wide))
    monkeypatch.setattr(zip_directory, "MOST_BYTES", 10_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(StudioError, match="directory takes"), open_npz(path):
        pass


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("comment", [b"", b"a comment"])
def test_other_archives_are_left_to_the_reader(tmp_path: Path, comment: bytes, wide: bool) -> None:
    path = tmp_path / "few.npz"
    path.write_bytes(archive(3, comment, wide))
    with open_npz(path) as file:
        assert file.names == ("0", "1", "2")


def test_a_record_in_the_numbers_means_nothing(tmp_path: Path) -> None:
    """The stored bytes of an array may look like the record of a long directory."""
    record = b"PK\x05\x06" + bytes(8) + struct.pack("<I", 2**31) + bytes(6)
    path = tmp_path / "numbers.npz"
    np.savez(path, images=np.frombuffer(record * 20, np.uint8))
    with open_npz(path) as file:
        assert file.read("images", 1000).tobytes() == record * 20

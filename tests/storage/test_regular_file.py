"""A pipe or device instead of a file is reported without waiting for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.storage.regular_file import open_file, read_file

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"12345\r\n")
    assert read_file(path, 7) == b"12345\r\n"
    with pytest.raises(StudioError, match=r"larger than 6 bytes.*it"):
        read_file(path, 6)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(StudioError, match="pipe or a device"):
        open_file(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there are no devices with names")
def test_a_device_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "zeros"
    path.symlink_to("/dev/zero")
    with pytest.raises(StudioError, match="pipe or a device"):
        read_file(path, 10)


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses to open a folder")
def test_a_folder_is_reported_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="This is a folder, not a file") as caught:
        open_file(tmp_path)
    assert caught.value.where == str(tmp_path)


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_file(tmp_path / "nothing")

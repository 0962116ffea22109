from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from aestudio.data.new_file import new_file, scratch_file
from aestudio.errors import Cancelled, StudioError

if TYPE_CHECKING:
    from pathlib import Path


def test_appears_at_the_end_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    with new_file(path) as file:
        file.write(b"half")
        assert not path.exists()
        file.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [Cancelled(), KeyboardInterrupt(), ValueError()])
def test_nothing_is_left_and_the_old_stays(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def break_off() -> None:
        with new_file(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(type(error)):
        break_off()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "No permission to write"),
        (errno.EROFS, "No permission to write"),
        (errno.EIO, "Cannot be written"),
    ],
)
def test_the_system_s_refusals(tmp_path: Path, number: int, sentence: str) -> None:
    path = tmp_path / "file"
    with pytest.raises(StudioError, match=sentence) as caught, new_file(path):
        raise OSError(number, os.strerror(number))
    assert str(path) in caught.value.where
    assert not list(tmp_path.iterdir())


def test_scratch_files_go(tmp_path: Path) -> None:
    with scratch_file(tmp_path / "file") as file:
        file.write(b"something")
        assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.iterdir())


def test_sweeps_what_a_power_cut_left_but_nobody_else_s(tmp_path: Path) -> None:
    old, young, other = tmp_path / ".a.gz.1.part", tmp_path / ".b.gz.2.part", tmp_path / "mine.part"
    for path in (old, young, other):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    with new_file(tmp_path / "file"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.gz.2.part", "file", "mine.part"]

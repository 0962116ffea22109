from __future__ import annotations

import errno
import os
import re
import stat
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.errors import Cancelled, StudioError
from aestudio.storage.atomic_file import new_file, scratch_file


def test_the_file_appears_only_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    with new_file(path) as file:
        file.write(b"half")
        assert not path.exists()
        file.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [Cancelled(), KeyboardInterrupt(), ValueError()])
def test_a_failed_write_leaves_nothing_and_the_old_file_stays(tmp_path: Path, error: BaseException) -> None:
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
def test_refusals_of_the_system_are_reported(tmp_path: Path, number: int, sentence: str) -> None:
    path = tmp_path / "file"
    with pytest.raises(StudioError, match=sentence) as caught, new_file(path):
        raise OSError(number, os.strerror(number))
    assert str(path) in caught.value.where
    assert not list(tmp_path.iterdir())


def test_scratch_files_are_removed(tmp_path: Path) -> None:
    with scratch_file(tmp_path / "file") as file:
        file.write(b"something")
        assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.iterdir())


def write_aged(path: Path, days: float) -> Path:
    """Write a file as a killed process leaves it, `days` days old."""
    path.write_bytes(b"half")
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    return path


def test_remains_of_a_killed_write_are_removed_after_a_day(tmp_path: Path) -> None:
    with new_file(tmp_path / "file") as file:
        name = Path(file.name).name
    with new_file(tmp_path / "other") as file:
        others = Path(file.name).name
    write_aged(tmp_path / name, days=2)
    young = write_aged(tmp_path / name.replace("aestudio-", "aestudio-1"), days=0.9)
    kept = write_aged(tmp_path / others, days=2)
    with new_file(tmp_path / "file"):
        pass
    assert set(tmp_path.iterdir()) == {tmp_path / "file", tmp_path / "other", young, kept}


def test_a_folder_with_a_temporary_name_does_not_prevent_a_write(tmp_path: Path) -> None:
    with new_file(tmp_path / "file") as file:
        mine = Path(file.name)
    for folder in (mine, tmp_path / ".movie.mkv.part"):
        folder.mkdir()
        os.utime(folder, (0, 0))
    with new_file(tmp_path / "file") as file:
        file.write(b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert mine.is_dir()


def test_two_writes_of_one_file_use_different_temporary_files(tmp_path: Path) -> None:
    with new_file(tmp_path / "file") as one:
        one.write(b"one")
        with new_file(tmp_path / "file") as other:
            other.write(b"other")
        assert (tmp_path / "file").read_bytes() == b"other"
    assert (tmp_path / "file").read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.skipif(sys.platform == "win32", reason="paths are short there")
@pytest.mark.parametrize("name", ["n" * 255, "\u00e4" * 127])
def test_the_longest_names_of_a_file_system_can_be_written(tmp_path: Path, name: str) -> None:
    with new_file(tmp_path / name) as file:
        file.write(b"x")
        left = Path(file.name)
    write_aged(left, days=2)
    with new_file(tmp_path / name):
        pass
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_a_missing_folder_is_not_created_again_unless_requested(tmp_path: Path) -> None:
    with (
        pytest.raises(StudioError, match="Cannot be written"),
        new_file(tmp_path / "run" / "file", make_folder=False),
    ):
        pass
    assert not list(tmp_path.iterdir())


def file_names(target: str) -> st.SearchStrategy[str]:
    """Names of files in users' folders, many of them similar to the program's temporary names."""
    name = st.one_of(
        st.sampled_from([target, "movie.mkv", f"{target}.1", "checkpoint.safetensors"]),
        st.text("ab.-_0 ", min_size=1, max_size=6),
    )
    middle = st.one_of(
        st.just(""),
        st.sampled_from([".1", ".4711"]),
        st.builds(".aestudio-{}-{}".format, st.integers(0, 99_999), st.text("0af", min_size=15, max_size=17)),
    )
    return st.builds(
        "{}{}{}{}".format, st.sampled_from(["", "."]), name, middle, st.sampled_from(["", ".part"])
    )


@given(data=st.data(), fails=st.booleans())
def test_only_the_target_and_its_own_remains_are_changed(data: st.DataObject, fails: bool) -> None:
    """For files, folders and links of any name and age in the folder."""
    target = data.draw(st.sampled_from(["f.npz", "movie.mkv", ".hidden", "a.part"]))
    names = data.draw(st.lists(file_names(target), max_size=8, unique=True))
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        for name in {name for name in names if name not in (".", "..", target)}:
            path, kind = folder / name, data.draw(st.sampled_from(["file", "folder", "link"]))
            if kind == "folder":
                path.mkdir()
            elif kind == "link" and sys.platform != "win32":
                path.symlink_to(data.draw(st.sampled_from(["nowhere", "a"])))
            else:
                path.write_bytes(name.encode())
            old = data.draw(st.sampled_from([0.0, time.time()]))
            os.utime(path, (old, old), follow_symlinks=sys.platform == "win32")
        before = {path.name: path.lstat() for path in folder.iterdir()}
        own = re.compile(rf"\.{re.escape(target)}\.aestudio-\d+-[0-9a-f]{{16}}\.part")
        with suppress(Cancelled), new_file(folder / target) as file:
            file.write(b"new")
            if fails:
                raise Cancelled
        after = {path.name: path.lstat() for path in folder.iterdir()}
        if not fails:
            assert (folder / target).read_bytes() == b"new"
        assert set(after) - set(before) == (set() if fails else {target})
        for name, was in before.items():
            mine = own.fullmatch(name) and stat.S_ISREG(was.st_mode) and was.st_mtime == 0
            assert (name in after) is not bool(mine), name
            if not mine:
                now = after[name]
                assert (now.st_ino, now.st_size, now.st_mtime) == (was.st_ino, was.st_size, was.st_mtime)

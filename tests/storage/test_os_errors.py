"""What is said when the system refuses to write: it fits files of the user as well as the program's own."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.storage.os_errors import is_full, writing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.ENOSPC, "The disk is full; nothing half-written was left behind"),
        (errno.EROFS, "No permission to write"),
        (errno.ENOTDIR, f"Cannot be written ({os.strerror(errno.ENOTDIR)})"),
    ],
)
def test_another_folder_is_advised_where_one_cannot_be_written(
    tmp_path: Path, number: int, what: str
) -> None:
    path = tmp_path / "curves.csv"
    with pytest.raises(StudioError) as caught, writing(path):
        raise OSError(number, os.strerror(number))
    problem = caught.value
    assert (problem.what, problem.where) == (what, str(path))
    assert "or choose another folder (AESTUDIO_HOME " in problem.advice
    assert "data" not in problem.advice  # an exported file is no data set
    assert is_full(problem) == (number == errno.ENOSPC)

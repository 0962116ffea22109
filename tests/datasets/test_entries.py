"""The files of a folder: what cannot be read is named, what goes meanwhile is left out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.entries import files_below
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("top", [True, False])
def test_a_folder_that_cannot_be_read_is_named_and_one_that_went_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, top: bool
) -> None:
    """As in a folder of a system, in which others write meanwhile."""
    for name in ("gone", "locked", "z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.png").touch()
    look = Path.iterdir
    errors: dict[Path, OSError] = {tmp_path if top else tmp_path / "gone": FileNotFoundError()}

    def inside(path: Path) -> Iterator[Path]:
        if path in errors:
            raise errors[path]
        return look(path)

    monkeypatch.setattr(Path, "iterdir", inside)
    if top:
        with pytest.raises(StudioError, match="does not exist"):
            files_below(tmp_path, silent)
        return
    assert [entry.parts[0] for entry in files_below(tmp_path, silent)] == ["locked", "z"]
    errors[tmp_path / "locked"] = PermissionError(13, "Permission denied")
    with pytest.raises(StudioError, match="No permission to read") as caught:
        files_below(tmp_path, silent)
    assert caught.value.where == str(tmp_path / "locked")

"""What was set up in a run is kept bit for bit; a damaged file costs the view and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.shared_run_export import share_run
from aestudio.runs.shared_run_import import import_run
from aestudio.runs.view_file import FILE, KeptDirection, KeptView, read_view, write_view

if TYPE_CHECKING:
    from pathlib import Path

CODE = np.random.default_rng(0).standard_normal(3).astype(np.float32)
VIEW = KeptView(
    selected=17,
    code=tuple(CODE.tolist()),
    condition=(0.0, 1.0),
    basis="components",
    muted=(0,),
    locked=(1, 2),
    plane=("components", 0, 2, None),
    directions=(
        KeptDirection(name="slant ü", vector=(0.1, -1e-30, 3.0), error=(0.5, None, 0.0), amount=-2.5),
    ),
)


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_view(tmp_path) is None
    assert write_view(tmp_path, VIEW)
    found = read_view(tmp_path)
    assert found == VIEW
    assert found is not None
    assert found.code is not None
    assert np.array_equal(np.array(found.code, np.float32), CODE), "bit for bit"


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    assert not write_view(tmp_path, KeptView()), "nothing was set up"
    assert not (tmp_path / FILE).exists()
    write_view(tmp_path, VIEW)
    before = (tmp_path / FILE).stat().st_mtime_ns
    assert not write_view(tmp_path, VIEW)
    assert (tmp_path / FILE).stat().st_mtime_ns == before
    assert write_view(tmp_path, KeptView()), "it was set up, and is no more"
    assert read_view(tmp_path) == KeptView()


def test_a_folder_that_is_gone_does_not_come_back(tmp_path: Path) -> None:
    with pytest.raises(StudioError):
        write_view(tmp_path / "gone", VIEW)
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 1, "code": "abc"}',
        '{"format": 1, "code": [1, null]}',
        '{"format": 1, "muted": [-1]}',
        '{"format": 1, "basis": "waves"}',
        '{"format": 1, "plane": ["umap", 0, 1, null]}',
        '{"format": 1, "note": "' + "x" * 1_000_001 + '"}',
    ],
)
def test_a_damaged_file_is_no_view(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_view(tmp_path) is None
    write_view(tmp_path, VIEW)
    assert read_view(tmp_path) == VIEW


def test_one_of_a_newer_version_is_not_overwritten(tmp_path: Path) -> None:
    newer = '{"format": 2, "code": "in another form"}'
    (tmp_path / FILE).write_text(newer)
    assert read_view(tmp_path) is None
    assert not write_view(tmp_path, VIEW)
    assert (tmp_path / FILE).read_text() == newer


def test_it_travels_with_the_run(kept: KeptRun, tmp_path: Path) -> None:
    write_view(kept.folder, VIEW)
    share_run(KeptRun.at(kept.folder), tmp_path / "a.aestudio")
    assert read_view(import_run(tmp_path / "a.aestudio").folder) == VIEW

"""Drawings kept with a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.runs.drawings_file import FILE, Drawing, read_drawings, write_drawings

if TYPE_CHECKING:
    from pathlib import Path


def test_drawings_are_restored_exactly(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    drawings = [
        Drawing(name, random.integers(0, 256, (1, 28, 28), dtype=np.uint8)) for name in ("A", "my seven · 7")
    ]
    write_drawings(tmp_path / FILE, drawings)
    back = read_drawings(tmp_path / FILE)
    assert [drawing.name for drawing in back] == ["A", "my seven · 7"]
    for before, after in zip(drawings, back, strict=True):
        np.testing.assert_array_equal(before.image, after.image)
    write_drawings(tmp_path / FILE, [])
    assert read_drawings(tmp_path / FILE) == ()


def test_a_missing_file_has_no_drawings_and_a_damaged_one_is_reported(tmp_path: Path) -> None:
    assert read_drawings(tmp_path / FILE) == ()
    write_drawings(tmp_path / FILE, [Drawing("A", np.zeros((1, 28, 28), np.uint8))])
    whole = (tmp_path / FILE).read_bytes()
    for data in (whole[: len(whole) // 2], b"", b"something else"):
        (tmp_path / FILE).write_bytes(data)
        with pytest.raises(StudioError) as problem:
            read_drawings(tmp_path / FILE)
        assert FILE in str(problem.value)


def test_images_of_another_size_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / FILE, names=np.array(["A"]), images=np.zeros((1, 8, 8), np.uint8))
    with pytest.raises(StudioError):
        read_drawings(tmp_path / FILE)

"""A path that leads nowhere is answered with the names that are spelled nearly so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.cli import main
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.nearest_names import nearest_names
from aestudio.errors import NoSuchPath

if TYPE_CHECKING:
    from pathlib import Path


def test_names_beside_it(tmp_path: Path) -> None:
    for name in ("Letters.zip", "digits.csv", "other"):
        (tmp_path / name).touch()
    assert nearest_names(str(tmp_path / "letters.zp")) == (str(tmp_path / "Letters.zip"),)
    assert nearest_names(str(tmp_path / "unlike")) == ()
    (tmp_path / "pictures").mkdir()
    assert nearest_names(str(tmp_path / "pictuers" / "train" / "a")) == (str(tmp_path / "pictures"),)


@pytest.mark.parametrize("text", ["", "~nobody/x", "a" * 5000, "\0", "/nothing/there"])
def test_what_is_no_path_has_none(text: str) -> None:
    assert nearest_names(text) == ()


def test_the_command_ends_with_2_and_says_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.npz").touch()
    with pytest.raises(NoSuchPath, match=r"Is it .*mine\.npz"):
        load_dataset(str(tmp_path / "mien.npz"))
    assert main.run(["datasets", "show", str(tmp_path / "mien.npz")]) == 2
    assert "mine.npz?" in capsys.readouterr().err

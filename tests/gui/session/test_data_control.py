"""Choosing digits: what a folder is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.session.session import Session


def lay_out(folder: Path) -> None:
    """Files of the four names (their content is looked at when they are loaded)."""
    folder.mkdir(parents=True)
    for part in ("train", "t10k"):
        for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"):
            (folder / f"{part}-{kind}").write_bytes(b"")


@pytest.mark.parametrize(
    ("inside", "chosen", "expected"),
    [
        ("MNIST/raw", "", "mnist"),
        ("FashionMNIST/raw", "", "fashion-mnist"),
        ("KMNIST/raw", "", "kmnist"),
        ("MNIST/raw", "MNIST", "mnist"),
        ("FashionMNIST/raw", "FashionMNIST/raw", "fashion-mnist"),
    ],
)
def test_a_folder_that_holds_a_set_is_that_set(
    bare: Session, loader: Any, reach: Callable[[Callable[[], object]], None],
    tmp_path: Path, inside: str, chosen: str, expected: str,
) -> None:  # fmt: skip
    lay_out(tmp_path / inside)
    bare.data.choose_folder(tmp_path / chosen)
    reach(lambda: bare.state.data.phase == "ready")
    assert loader.asked == [expected]
    assert loader.folders == [tmp_path / chosen]


def test_mnist_goes_before_its_relatives(
    bare: Session, loader: Any, reach: Callable[[Callable[[], object]], None], tmp_path: Path
) -> None:
    for name in ("FashionMNIST", "MNIST"):
        lay_out(tmp_path / name / "raw")
    bare.data.choose_folder(tmp_path)
    reach(lambda: bare.state.data.phase == "ready")
    assert loader.asked == ["mnist"]


def test_another_folder_is_a_folder_of_pictures(
    bare: Session, loader: Any, reach: Callable[[Callable[[], object]], None], tmp_path: Path
) -> None:
    (tmp_path / "pictures" / "cats").mkdir(parents=True)
    bare.data.choose_folder(tmp_path / "pictures")
    reach(lambda: bare.state.data.phase == "ready")
    assert loader.asked == [str(tmp_path / "pictures")]
    assert loader.folders == [None]

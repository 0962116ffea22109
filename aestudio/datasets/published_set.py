"""A published data set as a declaration: its names, its files, and their paths in torchvision's layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aestudio.datasets.importers import idx

if TYPE_CHECKING:
    from pathlib import Path


_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_TORCHVISION = ("raw", "processed")


@dataclass(frozen=True)
class Published:
    """A published set of 28x28 images.

    class_names: one name per label
    torch_class: torchvision's class, whose name is also that of the folder
    files:       training images, training labels, test images, test labels; without ".gz"
    transposed:  whether the files hold each image with rows and columns exchanged
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    torch_class: Literal["MNIST", "FashionMNIST", "KMNIST", "EMNIST"]
    files: tuple[str, str, str, str] = _FILES
    transposed: bool = False


def raw_folder(published: Published, root: Path) -> Path:
    """Where torchvision keeps the files of this set below `root`."""
    return root / published.torch_class / "raw"


def holds_layout(root: Path) -> bool:
    """Whether a folder is meant as torchvision's, complete or not.

    Its MNIST has raw and processed at most: one with pictures, or folders of classes, is somebody's own.
    """
    folder = root / "MNIST"
    return folder.is_dir() and all(entry.name in _TORCHVISION for entry in folder.iterdir())


def missing(published: Published, folder: Path) -> tuple[str, ...]:
    """The files of this set that are not in the folder, or shorter or longer than their header announces."""
    return tuple(name for name in published.files if not idx.is_whole(folder / name))

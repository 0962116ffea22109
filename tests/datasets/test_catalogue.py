from __future__ import annotations

import gzip
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets import catalogue as library
from aestudio.datasets.catalogue import dataset_names, file_sources, list_datasets, load_dataset
from aestudio.errors import BadChoice, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = ("auto", "mnist", "builtin", "fashion-mnist", "kmnist", "emnist-digits", "sklearn-digits")


@pytest.fixture(autouse=True)
def _no_data_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AESTUDIO_DATA", raising=False)


LIGHT = """
import pathlib, sys
from aestudio.datasets.catalogue import file_sources, list_datasets, load_dataset

def heavy(*names):
    return sorted(set(names) & set(sys.modules))

list_datasets()
file_sources()
assert not heavy("torch", "torchvision", "sklearn", "scipy", "PIL", "PySide6"), heavy(*sys.modules)
load_dataset("auto", data_dir=pathlib.Path(sys.argv[1]))
assert not heavy("torch", "torchvision", "sklearn", "scipy"), heavy(*sys.modules)
"""


def test_importing_listing_and_loading_from_a_folder_are_light(
    write_set: Callable[[Path], Path], tmp_path: Path
) -> None:
    write_set(tmp_path / "MNIST" / "raw")
    subprocess.run([sys.executable, "-c", LIGHT, str(tmp_path)], check=True)


def test_the_names() -> None:
    assert dataset_names() == NAMES
    assert [source.name for source in file_sources()] == [
        "kept",
        "libsvm",
        "idx",
        "npz",
        "parquet",
        "hdf5",
        "npy",
        "arff",
        "csv",
        "mat",
        "archive",
        "pictures",
        "stack",
        "page",
    ]


def test_the_list_shows_what_is_on_this_machine(write_set: Callable[[Path], Path], tmp_path: Path) -> None:
    infos = {info.name: info for info in list_datasets(tmp_path)}
    assert tuple(infos) == NAMES[1:]
    assert not infos["mnist"].available
    assert infos["sklearn-digits"].available
    assert all(info.title and info.summary for info in infos.values())
    folder = write_set(tmp_path / "MNIST" / "raw")
    assert next(info for info in list_datasets(tmp_path) if info.name == "mnist").where == folder


@pytest.mark.parametrize("packed", [False, True])
def test_the_list_says_which_file_is_damaged(
    write_set: Callable[[Path], Path], tmp_path: Path, packed: bool
) -> None:
    def damaged() -> str:
        return next(info for info in list_datasets(tmp_path) if info.name == "mnist").damaged

    folder = write_set(tmp_path / "MNIST" / "raw")
    path = folder / "t10k-images-idx3-ubyte"
    if packed:
        content, path = gzip.compress(path.read_bytes()), path.with_name(f"{path.name}.gz")
        path.with_suffix("").unlink()
        path.write_bytes(content)
    assert damaged() == ""
    path.write_bytes(path.read_bytes()[:-5])
    assert damaged() == path.name


def test_the_environment_names_the_folder(
    write_set: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path / "data" / "MNIST" / "raw")
    monkeypatch.setenv("AESTUDIO_DATA", str(tmp_path / "data"))
    assert len(load_dataset("mnist").train) == 20
    assert str(tmp_path / "data") in load_dataset("auto").notes[0]


def test_the_cache_is_the_second_place(write_set: Callable[[Path], Path], tmp_path: Path) -> None:
    write_set(tmp_path / "home" / "cache" / "datasets" / "MNIST" / "raw")
    (tmp_path / "empty").mkdir()
    assert len(load_dataset("mnist", data_dir=tmp_path / "empty").train) == 20


@pytest.mark.parametrize("name", ["mnist", "auto", "kmnist"])
def test_a_data_folder_that_does_not_exist(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError, match="does not exist") as caught:
        load_dataset(name, data_dir=tmp_path / "nowhere")
    assert caught.value.where == str(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["minst", "", "a,b", "x" * 5000, "nul\0"])
def test_unknown_names_list_the_known(name: str) -> None:
    with pytest.raises(BadChoice) as caught:
        load_dataset(name)
    assert repr(name)[:90] in str(caught.value)
    assert len(str(caught.value)) < 500
    assert all(known in caught.value.allowed for known in NAMES)


def test_paths_find_their_form(tmp_path: Path) -> None:
    images = np.zeros((4, 28, 28), np.uint8)
    images[:, 9:19, 9:19] = 200
    np.savez(tmp_path / "set.npz", images=images)
    (tmp_path / "folder").mkdir()
    for index, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / "folder" / f"{index}.png")
    for path in (tmp_path / "set.npz", tmp_path / "folder"):
        dataset = load_dataset(str(path))
        assert len(dataset.train) + len(dataset.test) == 4
        assert dataset.origin == str(path)
        again = load_dataset(dataset.origin)
        np.testing.assert_array_equal(again.test.images, dataset.test.images)


def test_a_file_of_no_known_form(tmp_path: Path) -> None:
    path = tmp_path / "thesis.docx"
    path.write_bytes(b"PK")
    with pytest.raises(
        StudioError, match=r"cannot be read as a data set.*thesis\.docx.*NumPy file"
    ) as caught:
        load_dataset(str(path))
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    "text",
    [
        "nowhere/file.npz",
        "/nowhere/digits",
        "cifra10.npz",
        "t10k-images-idx3-ubyte",
        "seven.PNG",
        "~/x",
        "a\\b",
    ],
)
def test_a_path_that_leads_nowhere(text: str) -> None:
    with pytest.raises(StudioError, match="no such file or folder") as caught:
        load_dataset(text)
    assert not isinstance(caught.value, BadChoice)
    assert caught.value.where == text
    assert "mnist" in caught.value.advice


def test_a_path_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path, **_: Any) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.stat", forbidden)
    with pytest.raises(StudioError, match=r"No permission to read: /closed/set\.npz"):
        load_dataset("/closed/set.npz")


def test_names_come_before_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sklearn-digits").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_dataset("sklearn-digits").title == "scikit-learn's digits"


def test_the_callback_is_handed_on(tmp_path: Path) -> None:
    calls: list[Any] = []
    library.load_dataset("sklearn-digits", progress=lambda *call: calls.append(call))
    assert calls


def test_a_name_that_the_window_s_dialog_could_not_pass_on() -> None:
    with pytest.raises(StudioError, match="not valid UTF-8") as caught:
        load_dataset("/home/Ziffern_\N{REPLACEMENT CHARACTER}")
    assert "command line" in caught.value.advice

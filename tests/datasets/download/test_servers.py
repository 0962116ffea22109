from __future__ import annotations

import dataclasses
import json
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.download import servers
from aestudio.datasets.download.servers import RemoteFile, remote_files_of
from aestudio.datasets.sources.emnist_digits import EMNIST_DIGITS
from aestudio.datasets.sources.fashion_mnist import FASHION_MNIST
from aestudio.datasets.sources.kmnist import KMNIST
from aestudio.datasets.sources.mnist import MNIST
from aestudio.errors import StudioError
from aestudio.paths import cache_folder
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETS = (MNIST, FASHION_MNIST, KMNIST, EMNIST_DIGITS)
FILES = [[f"{name}.gz", f"{number:032x}"] for number, name in enumerate(MNIST.files)]
LISTED = {
    "MNIST": {"mirrors": ["http://a/", "http://b/"], "resources": FILES},
    "EMNIST": {"url": "http://c/gzip.zip", "md5": "0" * 32},
}


@pytest.fixture
def process_prints(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], list[str]]:
    """`process_prints(value)`: the process prints this as JSON; gives the list of its starts, which grows."""
    starts: list[str] = []

    def prepare(value: object) -> list[str]:
        def read(progress: Any, what: str) -> bytes:
            starts.append(what)
            return json.dumps(value).encode()

        monkeypatch.setattr(servers, "read_addresses", read)
        monkeypatch.setattr(servers, "addresses_in_source", lambda: None)
        return starts

    return prepare


def kept_lists() -> list[Path]:
    return list((cache_folder() / "datasets").glob("torchvision-*.json"))


def test_mirrors_and_an_archive(process_prints: Callable[[object], list[str]]) -> None:
    process_prints(LISTED)
    first = remote_files_of(MNIST, silent)[0]
    name = MNIST.files[0]
    assert first == RemoteFile((f"http://a/{name}.gz", f"http://b/{name}.gz"), "0" * 32, (name,))
    assert first.name == f"{name}.gz"
    assert remote_files_of(EMNIST_DIGITS, silent) == (
        RemoteFile(("http://c/gzip.zip",), "0" * 32, EMNIST_DIGITS.files),
    )


def test_one_process_for_all_sets_of_a_version(
    process_prints: Callable[[object], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = process_prints(LISTED)
    first = remote_files_of(MNIST, silent)
    assert remote_files_of(MNIST, silent) == first
    assert remote_files_of(EMNIST_DIGITS, silent)
    assert starts == ["Looking for MNIST: asking torchvision where it is"]
    monkeypatch.setattr(servers, "version", lambda _: "99.0")
    remote_files_of(MNIST, silent)
    assert len(starts) == 2
    assert len(kept_lists()) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"MNIST": {"mirrors": 3, "resources": [[1, 2]]}}'])
def test_a_damaged_list_is_made_again(process_prints: Callable[[object], list[str]], content: bytes) -> None:
    starts = process_prints(LISTED)
    first = remote_files_of(MNIST, silent)
    (kept,) = kept_lists()
    kept.write_bytes(content)
    assert remote_files_of(MNIST, silent) == first
    assert remote_files_of(MNIST, silent) == first
    assert len(starts) == 2


@pytest.mark.parametrize(
    "listed",
    [
        {},
        {"MNIST": {}},
        {"MNIST": {"mirrors": [], "resources": FILES}},
        {"MNIST": {"mirrors": ["http://a/"], "resources": FILES[:2]}},
        {"MNIST": {"mirrors": ["http://a/"], "resources": [["name", None]] * 4}},
        {"MNIST": {"mirrors": ["http://a/"], "resources": [[7, "0"]] * 4}},
    ],
    ids=str,
)
def test_a_torchvision_that_lists_something_else(
    process_prints: Callable[[object], list[str]], listed: object
) -> None:
    process_prints(listed)
    with pytest.raises(StudioError, match=r"torchvision.*cannot be used") as caught:
        remote_files_of(MNIST, silent)
    assert "built-in digits" in caught.value.advice
    assert not kept_lists()


def test_where_nothing_can_be_kept(
    process_prints: Callable[[object], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = process_prints(LISTED)
    (cache_folder()).parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("a file in the place of the folder")
    assert remote_files_of(MNIST, silent)

    def unknown(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(servers, "version", unknown)
    assert remote_files_of(MNIST, silent)
    assert len(starts) == 2


def test_the_installed_torchvision() -> None:
    """Its text is enough: no process is started, and so nothing is kept."""
    for published in SETS:
        remote_files = remote_files_of(published, silent)
        assert {name for remote in remote_files for name in remote.contents} == set(published.files)
        assert all(url.startswith("http") for remote in remote_files for url in remote.urls)
        assert all(len(remote.md5) == 32 for remote in remote_files)
    first = remote_files_of(MNIST, silent)[0]
    assert first.md5 == "f68b3c2dcbeaaa9fbdd348bbdeb94873"
    assert len({url.rpartition("/")[0] for url in first.urls}) == len(first.urls) >= 1
    assert [remote.name for remote in remote_files_of(MNIST, silent)] == [
        f"{name}.gz" for name in MNIST.files
    ]
    assert not kept_lists()


@pytest.mark.slow
def test_class_names_are_torchvisions() -> None:
    from torchvision import datasets

    assert datasets.EMNIST.classes_split_dict["digits"] == list(EMNIST_DIGITS.class_names)
    for published in SETS[:3]:
        assert len(getattr(datasets, published.torch_class).classes) == len(published.class_names)


def test_a_set_that_torchvision_does_not_have(process_prints: Callable[[object], list[str]]) -> None:
    process_prints(LISTED)
    other: Any = dataclasses.replace(MNIST, torch_class="QMNIST")
    with pytest.raises(StudioError, match="no files for MNIST"):
        remote_files_of(other, silent)

from __future__ import annotations

import importlib.metadata
import sys
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.download import servers
from aestudio.datasets.download.servers import remote_files_of
from aestudio.datasets.sources.emnist_digits import EMNIST_DIGITS
from aestudio.datasets.sources.fashion_mnist import FASHION_MNIST
from aestudio.datasets.sources.kmnist import KMNIST
from aestudio.datasets.sources.mnist import MNIST
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from aestudio.datasets.published_set import Published

SETS = (MNIST, FASHION_MNIST, KMNIST, EMNIST_DIGITS)


def test_mnist_is_where_torchvision_says() -> None:
    parcels = remote_files_of(MNIST)
    assert [parcel.name for parcel in parcels] == [f"{name}.gz" for name in MNIST.files]
    assert parcels[0].md5 == "f68b3c2dcbeaaa9fbdd348bbdeb94873"
    assert all(len(parcel.urls) == len(set(parcel.urls)) >= 1 for parcel in parcels)
    assert len({url.rpartition("/")[0] for url in parcels[0].urls}) == len(parcels[0].urls)


@pytest.mark.slow
@pytest.mark.parametrize("published", SETS, ids=lambda published: published.name)
def test_the_text_says_what_the_class_says(published: Published) -> None:
    from torchvision import datasets

    torch_class: Any = getattr(datasets, published.torch_class)
    parcels = remote_files_of(published)
    assert {name for parcel in parcels for name in parcel.contents} == set(published.files)
    if published is EMNIST_DIGITS:
        assert [(parcel.urls, parcel.md5) for parcel in parcels] == [((torch_class.url,), torch_class.md5)]
        assert torch_class.classes_split_dict["digits"] == list(published.class_names)
    else:
        assert [(parcel.name, parcel.md5) for parcel in parcels] == list(torch_class.resources)
        for parcel in parcels:
            assert parcel.urls == tuple(mirror + parcel.name for mirror in torch_class.mirrors)
        assert len(torch_class.classes) == len(published.class_names)


@pytest.mark.slow
def test_the_import_is_the_second_way(monkeypatch: pytest.MonkeyPatch) -> None:
    first = remote_files_of(MNIST)
    monkeypatch.setattr(servers, "find_spec", lambda _: None)
    assert remote_files_of(MNIST) == first


def test_without_torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "find_spec", lambda _: None)
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(StudioError, match="torchvision") as caught:
        remote_files_of(MNIST)
    assert "built-in digits" in caught.value.advice


@pytest.mark.parametrize("published", SETS, ids=lambda published: published.name)
def test_the_text_of_the_installed_version_is_understood(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """torchvision's source text is no public interface, so each of its versions is looked at once.

    The text is read because an import holds up a window that just opened (see servers.py). If this fails
    after an update: run the slow tests of this file, which compare text and classes, then raise the version.
    """
    monkeypatch.setattr(servers, "_by_import", lambda _: pytest.fail("the text was not understood"))
    assert remote_files_of(published)
    major, minor = map(int, importlib.metadata.version("torchvision").split(".")[:2])
    assert (0, 21) <= (major, minor) <= (0, 29)

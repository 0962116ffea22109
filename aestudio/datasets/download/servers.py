"""Addresses and checksums of the published data sets, as the installed torchvision lists them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from aestudio.datasets.download.addresses_process import read_addresses, unusable
from aestudio.datasets.download.torchvision_source import addresses_in_source
from aestudio.errors import StudioError
from aestudio.paths import cache_folder
from aestudio.storage.atomic_file import new_file
from aestudio.storage.files import read_bytes
from aestudio.storage.json_text import parse_json

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.published_set import Published
    from aestudio.progress import Progress

_MOST_BYTES = 1 << 20  # of JSON; it has 2 KB
_NO_ADDRESSES = (ValueError, KeyError, TypeError, AttributeError)  # what JSON of another form raises


@dataclass(frozen=True)
class RemoteFile:
    """One file on the servers.

    urls:     its addresses, best first
    md5:      its checksum
    contents: the files that it unpacks to: one for a .gz, several for a .zip of .gz
    """

    urls: tuple[str, ...]
    md5: str
    contents: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name on the servers: the last part of the address."""
        return self.urls[0].rpartition("/")[2]


def remote_files_of(published: Published, progress: Progress) -> tuple[RemoteFile, ...]:
    """The files to download for a data set.

    They are read from the text of the installed torchvision, in milliseconds. Only if it is written in
    another way is it imported, in another process, which takes seconds; what it lists is then kept in the
    cache folder until another version of torchvision is installed.
    Raises StudioError if torchvision cannot be used, and what the progress callback raises.
    """
    kept = _kept_list()
    if kept is not None:
        try:
            return _files(published, parse_json(read_bytes(kept, _MOST_BYTES)))
        except (StudioError, *_NO_ADDRESSES):
            pass  # not there yet, or damaged: torchvision knows
    written = addresses_in_source()
    if written is not None:
        try:
            return _files(published, written)
        except _NO_ADDRESSES:
            pass  # a torchvision that is written otherwise: it is imported
    output = read_addresses(progress, f"Looking for {published.title}: asking torchvision where it is")
    try:
        files = _files(published, parse_json(output))
    except _NO_ADDRESSES as error:
        raise unusable(f"it lists no files for {published.title}") from error
    if kept is not None:
        _keep(kept, output)
    return files


def _files(published: Published, addresses: Any) -> tuple[RemoteFile, ...]:
    """The files of one set; raises one of _NO_ADDRESSES if the JSON has another form."""
    listed: dict[str, Any] = addresses[published.torch_class]
    if "url" in listed:  # EMNIST: one archive of all its splits
        return (_remote_file((listed["url"],), listed["md5"], published.files),)
    if len(listed["resources"]) != len(published.files):
        raise ValueError("another number of files")
    return tuple(
        _remote_file(tuple(mirror + name for mirror in listed["mirrors"]), md5, (name.removesuffix(".gz"),))
        for name, md5 in listed["resources"]
    )


def _remote_file(urls: tuple[Any, ...], md5: Any, contents: tuple[Any, ...]) -> RemoteFile:
    if not urls or not all(isinstance(text, str) for text in (*urls, md5, *contents)):
        raise ValueError("an address or checksum is no text")
    return RemoteFile(urls, md5, contents)


def _kept_list() -> Path | None:
    """The file that keeps the list of the installed torchvision; None if its version is not known."""
    try:
        return cache_folder() / "datasets" / f"torchvision-{version('torchvision')}.json"
    except PackageNotFoundError:
        return None


def _keep(path: Path, content: bytes) -> None:
    try:
        with new_file(path) as file:
            file.write(content)
    except StudioError:
        pass  # a full or read-only disk: the download itself says so

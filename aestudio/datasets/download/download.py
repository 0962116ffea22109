"""Downloads the published sets from the servers that torchvision names, with its checksums."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from aestudio.datasets.download.servers import remote_files_of
from aestudio.datasets.download.transfer import fetch, reach
from aestudio.datasets.published_set import missing
from aestudio.errors import StudioError
from aestudio.storage.atomic_file import new_file, scratch_file

if TYPE_CHECKING:
    from io import BufferedRandom
    from pathlib import Path

    from aestudio.datasets.download.servers import RemoteFile
    from aestudio.datasets.published_set import Published
    from aestudio.progress import Progress

_CHUNK = 1 << 20
_AGAIN = "Try again later, or choose a folder that already holds the data, or use the built-in digits."


def download(published: Published, folder: Path, progress: Progress) -> None:
    """Download the missing files of a set into `folder`, unpacked; each appears whole or not at all.

    Progress is in bytes of the current file. A second call downloads what is still missing.
    Raises StudioError (no network, captive portal, bad checksum, full disk, ...) and Cancelled.
    """
    progress(0, None, f"Looking for {published.title}")
    remote_files = [
        remote_file
        for remote_file in remote_files_of(published, progress)
        if set(remote_file.contents) & set(missing(published, folder))
    ]
    for number, remote_file in enumerate(remote_files, start=1):
        what = f"Downloading {published.title}, {number} of {len(remote_files)}: {remote_file.name}"
        with scratch_file(folder / remote_file.name) as packed:
            fetch(remote_file.urls, remote_file.md5, packed, progress, what)
            packed.seek(0)
            _unpack(packed, remote_file, folder, progress)


def try_to_reach(published: Published, seconds: float, progress: Progress) -> None:
    """Return when a server of the set begins to send its smallest file.

    Raises StudioError if none did within `seconds`, and Cancelled.
    """
    what = f"Looking for {published.title}"
    progress(0, None, what)
    smallest = remote_files_of(published, progress)[-1]  # in every list the test labels are the last
    reach(smallest.urls, seconds, progress, what)


def _unpack(packed: BufferedRandom, remote_file: RemoteFile, folder: Path, progress: Progress) -> None:
    try:
        if not zipfile.is_zipfile(packed):
            packed.seek(0)
            _gunzip(packed, folder / remote_file.contents[0], progress)
            return
        with zipfile.ZipFile(packed) as archive:
            members = {name.rpartition("/")[2]: name for name in archive.namelist()}
            for name in remote_file.contents:
                with archive.open(members[f"{name}.gz"]) as member:
                    _gunzip(member, folder / name, progress)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, KeyError) as error:
        raise StudioError(
            f"The downloaded file cannot be unpacked ({error})", where=remote_file.urls[0], advice=_AGAIN
        ) from error


def _gunzip(packed: Any, target: Path, progress: Progress) -> None:
    with new_file(target) as file, gzip.GzipFile(fileobj=packed) as unpacked:
        while chunk := unpacked.read(_CHUNK):
            file.write(chunk)
            progress(file.tell(), None, f"Unpacking {target.name}")

"""Downloads one file: from several mirrors, checked, cancellable at any time.

A broken connection continues where it broke (HTTP ranges), as long as each try brings something.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from aestudio.datasets.download.background import Background
from aestudio.errors import StudioError
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedRandom

    from aestudio.progress import Progress

PATIENCE = 8.0  # seconds without a byte until a server is given up
_CHUNK = 1 << 16
_ELSEWHERE = "or choose a folder that already holds the data, or use the built-in digits."

Kind = Literal["network", "web page", "refused", "incomplete", "checksum"]


class _Failure(Exception):
    """Why one address gave no file."""

    def __init__(self, kind: Kind, reason: str, url: str) -> None:
        self.kind: Kind = kind
        self.reason = reason
        self.host = urlsplit(url).netloc
        super().__init__(reason)


@dataclass(frozen=True)
class _Response:
    """The header of a response: bytes in the whole file if known, and where this part begins."""

    total: int | None
    start: int


def fetch(urls: Sequence[str], md5: str, file: BufferedRandom, progress: Progress, what: str) -> None:
    """Write to the empty `file` what one of the URLs sends, and check it; the position is at its end.

    Progress is in bytes. Raises StudioError (no network, captive portal, checksum, ...), Cancelled from
    the progress callback, and OSError if the file cannot be written.
    """
    failures: list[_Failure] = []
    reached = -1
    while file.tell() > reached:  # another round as long as the last one brought something
        reached = file.tell()
        for url in urls:
            try:
                _fetch_from(url, file, progress, what)
                _check(file, md5, url)
            except _Failure as failure:
                failures.append(failure)
                if failure.kind == "checksum":
                    _empty(file)
            else:
                return
    raise _explain(failures, urls)


def reach(urls: Sequence[str], seconds: float, progress: Progress, what: str) -> None:
    """Return when one of the URLs starts to send a file; all are tried at once.

    Raises StudioError if none did within `seconds` altogether, and Cancelled.
    """
    started = time.monotonic()
    waiting = {url: Background(lambda url=url: _download(url, 0)).items(seconds) for url in urls}
    failures: list[_Failure] = []
    try:
        while waiting and time.monotonic() - started < seconds:
            progress(0, None, what)
            for url in list(waiting):
                try:
                    if _next(waiting[url], url) is not None:
                        return
                except _Failure as failure:
                    failures.append(failure)
                    del waiting[url]
        failures += [_Failure("network", f"no answer within {seconds:.0f} s", url) for url in waiting]
        raise _explain(failures, urls)
    finally:
        for items in waiting.values():
            items.close()


def _fetch_from(url: str, file: BufferedRandom, progress: Progress, what: str) -> None:
    items = Background(lambda: _download(url, file.tell())).items(PATIENCE)
    total: int | None = None
    message = f"{what} ({urlsplit(url).netloc})"
    try:
        while True:
            item = _next(items, url)
            if isinstance(item, _Response):
                total = item.total
                file.truncate(file.seek(item.start))
            elif item == b"":
                break
            elif item is not None:
                file.write(item)
            progress(file.tell(), total, message)
    finally:
        items.close()
    if total is not None and file.tell() < total:
        raise _Failure("incomplete", f"the connection broke after {file.tell():,} of {total:,} bytes", url)


def _next(items: Iterator[_Response | bytes | None], url: str) -> _Response | bytes | None:
    """The next item, b"" after the last; every error of the network becomes a _Failure."""
    try:
        return next(items, b"")
    except urllib.error.HTTPError as error:
        error.close()
        kind: Kind = (
            "web page" if error.code == http.HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED else "refused"
        )
        raise _Failure(kind, f"the server answered {error.code} {error.reason}", url) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise _Failure("web page", "the server's certificate is not accepted", url) from error
        raise _Failure("network", str(error.reason), url) from error
    except (OSError, http.client.HTTPException) as error:
        raise _Failure("network", str(error) or type(error).__name__, url) from error


def _download(url: str, offset: int) -> Iterator[_Response | bytes]:
    """The header of the response, then the file from there on; runs on its own thread."""
    headers = {"User-Agent": f"aestudio/{__version__}"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        start = offset if response.status == http.HTTPStatus.PARTIAL_CONTENT else 0
        length = response.headers.get("Content-Length", "")
        first = response.read(1) if start == 0 else b""
        if response.headers.get_content_type() == "text/html" or first == b"<":
            raise _Failure("web page", "a web page came instead of the file", url)
        yield _Response(start + int(length) if length.isdigit() else None, start)
        if first:
            yield first
        while chunk := response.read1(_CHUNK):
            yield chunk


def _check(file: BufferedRandom, md5: str, url: str) -> None:
    end = file.tell()
    file.seek(0)
    actual = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    file.seek(end)
    if actual != md5:
        raise _Failure("checksum", f"its checksum is {actual} instead of {md5}", url)


def _empty(file: BufferedRandom) -> None:
    file.truncate(file.seek(0))


def _explain(failures: Sequence[_Failure], urls: Sequence[str]) -> StudioError:
    """One message for all tries: the most specific kind, and each server's last error."""
    reasons = "; ".join({failure.host: f"{failure.host}: {failure.reason}" for failure in failures}.values())
    kinds = {failure.kind for failure in failures}
    where = f"{urls[0]} ({reasons})"
    if "checksum" in kinds:
        return StudioError(
            "The downloaded file is not the right one: its checksum is wrong",
            where=where,
            advice=f"Try again later, {_ELSEWHERE}",
        )
    if "web page" in kinds:
        return StudioError(
            "The network answers with something else than the file, as a hotel's log-in page does",
            where=where,
            advice="Open any page in a browser and log in, check the machine's clock and certificates, "
            f"then try again; {_ELSEWHERE}",
        )
    if "incomplete" in kinds:
        return StudioError("The download was interrupted", where=where, advice=f"Try again, {_ELSEWHERE}")
    if "refused" in kinds:
        return StudioError(
            "The server refuses to send the file", where=where, advice=f"Try again later, {_ELSEWHERE}"
        )
    return StudioError(
        "No connection to the server",
        where=where,
        advice=f"Check the network and try again, {_ELSEWHERE}",
    )

from __future__ import annotations

import hashlib
import socket
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.download import transfer
from aestudio.datasets.download.transfer import fetch, reach
from aestudio.errors import Cancelled, StudioError
from aestudio.progress import silent
from aestudio.storage.atomic_file import scratch_file

if TYPE_CHECKING:
    from pathlib import Path

BODY = bytes(range(1, 256)) * 2000  # 510,000 bytes, in which a part put in the wrong place is noticed
MD5 = hashlib.md5(BODY).hexdigest()


def get(urls: list[str], tmp_path: Path, progress: Any = silent, md5: str = MD5) -> bytes:
    with scratch_file(tmp_path / "file") as file:
        fetch(urls, md5, file, progress, "Downloading")
        file.seek(0)
        return file.read()


def dead_address() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/file"


def test_brings_the_file_and_reports_bytes(web: Any, route: Any, tmp_path: Path) -> None:
    web.routes["/file"] = route(BODY)
    seen: list[tuple[float, float | None, str]] = []
    assert get([f"{web.url}/file"], tmp_path, lambda *call: seen.append(call)) == BODY
    assert seen[-1][:2] == (len(BODY), len(BODY))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert "127.0.0.1" in seen[-1][2]


def test_takes_the_next_mirror(web: Any, route: Any, tmp_path: Path) -> None:
    web.routes |= {"/b": route(b"\x1fother"), "/c": route(BODY)}
    assert get([dead_address(), f"{web.url}/none", f"{web.url}/b", f"{web.url}/c"], tmp_path) == BODY


@pytest.mark.parametrize("ranges", [True, False])
def test_goes_on_where_it_broke(web: Any, route: Any, tmp_path: Path, ranges: bool) -> None:
    web.routes["/file"] = route(BODY, break_after=[200_000], ranges=ranges)
    assert get([f"{web.url}/file"], tmp_path) == BODY
    assert web.requests == [("/file", None), ("/file", "bytes=200000-")]


def test_gives_up_where_nothing_more_comes(web: Any, route: Any, tmp_path: Path) -> None:
    web.routes["/file"] = route(BODY, break_after=[1000, 0, 0, 0])
    with pytest.raises(StudioError, match="was interrupted"):
        get([f"{web.url}/file"], tmp_path)
    assert not list(tmp_path.glob(".*"))


def test_a_break_without_announced_length_is_seen_by_the_checksum(
    web: Any, route: Any, tmp_path: Path
) -> None:
    web.routes["/file"] = route(BODY, break_after=[1000], announced=False)
    with pytest.raises(StudioError, match="checksum"):
        get([f"{web.url}/file"], tmp_path)


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_captive_portal_is_recognised(web: Any, route: Any, tmp_path: Path, content_type: str) -> None:
    web.routes["/file"] = route(b"<html>Please log in</html>", content_type=content_type)
    with pytest.raises(StudioError, match="log-in page") as caught:
        get([f"{web.url}/file"], tmp_path)
    assert f"{web.url}/file" in caught.value.where
    assert "browser" in caught.value.advice


def test_a_portal_with_its_own_status_code(web: Any, route: Any, tmp_path: Path) -> None:
    web.routes["/file"] = route(b"log in", status=511)
    with pytest.raises(StudioError, match="log-in page"):
        get([f"{web.url}/file"], tmp_path)


def test_wrong_checksum(web: Any, route: Any, tmp_path: Path) -> None:
    web.routes["/file"] = route(BODY)
    with pytest.raises(StudioError, match="checksum is wrong") as caught:
        get([f"{web.url}/file"], tmp_path, md5="0" * 32)
    assert MD5 in caught.value.where
    assert len(web.requests) == 1


def test_no_server_and_no_file(web: Any, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="No connection"):
        get([dead_address()], tmp_path)
    with pytest.raises(StudioError, match="refuses to send the file") as caught:
        get([f"{web.url}/file"], tmp_path)
    assert "404" in caught.value.where


def test_a_silent_server_is_given_up(web: Any, route: Any, tmp_path: Path, clock: Any) -> None:
    clock.step = transfer.PATIENCE / 4
    web.routes["/file"] = route(BODY, stall_after=0)
    with pytest.raises(StudioError, match="No connection"):
        get([f"{web.url}/file"], tmp_path, clock.tick)
    assert clock.now < 2 * transfer.PATIENCE


def test_cancelling_while_the_server_is_silent(web: Any, route: Any, tmp_path: Path) -> None:
    web.routes["/file"] = route(BODY, stall_after=100_000)
    calls_at_the_stall = 0

    def cancel(done: float, total: float | None, what: str) -> None:
        nonlocal calls_at_the_stall
        calls_at_the_stall += done == 100_000
        if calls_at_the_stall == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        get([f"{web.url}/file"], tmp_path, cancel)
    assert not list(tmp_path.glob(".*"))


def test_reach_asks_all_at_once(web: Any, route: Any, clock: Any) -> None:
    web.routes |= {"/silent": route(BODY, stall_after=0), "/file": route(BODY)}
    # No time passes: whoever waited for the silent one first would wait for ever.
    reach([f"{web.url}/silent", f"{web.url}/file"], 3.0, silent, "Looking")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/silent", "No connection"), ("/page", "log-in page"), ("/none", "refuses to send")],
)
def test_reach_gives_up(web: Any, route: Any, clock: Any, path: str, sentence: str) -> None:
    web.routes |= {"/silent": route(BODY, stall_after=0), "/page": route(b"<p>", content_type="text/html")}
    passing = clock.tick if path == "/silent" else silent
    with pytest.raises(StudioError, match=sentence):
        reach([web.url + path], 3.0, passing, "Looking")
    assert clock.now <= 3.0 + clock.step


def test_reach_can_be_cancelled(web: Any, route: Any) -> None:
    web.routes["/silent"] = route(BODY, stall_after=0)

    def cancel(*_: Any) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        reach([f"{web.url}/silent"], 3.0, cancel, "Looking")

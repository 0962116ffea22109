"""A training of the queue is begun by one window only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.recipes.library import find_recipe
from aestudio.runs.queue_claims import QueueClaims
from aestudio.runs.queue_file import queued, write_queue

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = queued(find_recipe("vae"), "auto", None, "auto")
KEY = ENTRY.key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "queue.json"


def test_only_one_may_begin_it(path: Path) -> None:
    one, other = QueueClaims(path), QueueClaims(path)
    assert one.claim(KEY, ())
    assert one.claim(KEY, ()), "it has it already"
    assert not other.claim(KEY, ())
    assert other.claim("another", ())
    one.release(but=[KEY])
    assert not other.claim(KEY, ())
    one.release()
    assert other.claim(KEY, ())
    other.release()
    assert list(path.parent.glob(".queue-*")) == [], "no lock file stays"


def test_what_the_file_has_lost_was_begun_elsewhere(path: Path) -> None:
    claims = QueueClaims(path)
    path.parent.mkdir(parents=True)
    write_queue(path, (ENTRY,))
    assert claims.claim(KEY, {KEY})
    claims.release()
    write_queue(path, ())
    assert not claims.claim(KEY, {KEY})
    assert claims.claim(KEY, ()), "it is ours, and not written yet"
    claims.release()
    path.write_text("{")
    assert claims.claim(KEY, {KEY}), "a damaged file says nothing"
    claims.release()

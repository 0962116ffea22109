from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.download.background import Background

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_hands_over_everything_in_order() -> None:
    items = [item for item in Background(lambda: iter(range(100))).items(5) if item is not None]
    assert items == list(range(100))


def test_raises_what_was_raised() -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise LookupError("there")

    items = (item for item in Background(fail).items(5) if item is not None)
    assert next(items) == 1
    with pytest.raises(LookupError, match="there"):
        next(items)


def test_stays_awake_and_loses_patience(clock: Any) -> None:
    release = threading.Event()

    def hang() -> Iterator[int]:
        release.wait()
        yield 1

    items = Background(hang).items(0.5)
    try:
        assert [next(items), next(items)] == [None, None]
        clock.now += 0.6
        with pytest.raises(TimeoutError):
            next(items)
    finally:
        release.set()


def test_leaving_closes_the_iterator() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    items = Background(endless).items(5)
    next(items)
    items.close()
    assert closed.wait(5)

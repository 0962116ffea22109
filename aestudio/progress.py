"""How a slow function reports its progress and is cancelled.

A slow function takes a `Progress` and calls it now and then; the callback may raise
`aestudio.errors.Cancelled`, so that cancelling needs no code in the function itself
beyond leaving nothing half-written behind (use `finally`).
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called as `progress(done, total, what)`; total is None while it is not known. May raise Cancelled."""

    def __call__(self, done: float, total: float | None, what: str) -> None: ...


def silent(done: float, total: float | None, what: str) -> None:
    """A progress callback that does nothing."""


def go_on() -> None:
    """A check that never ends the work; others raise Cancelled."""

"""Switches Python's own collector off, for as long as anything needs that. No Qt."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_holders = [0]
_was_enabled = [True]


def switch_off() -> None:
    """Switch it off, until `switch_back` was called as often as this."""
    if not _holders[0]:
        _was_enabled[0] = gc.isenabled()
    _holders[0] += 1
    gc.disable()


def switch_back() -> None:
    """What needed it to be off has ended; after the last one it is as it was before the first."""
    _holders[0] -= 1
    if not _holders[0] and _was_enabled[0]:
        gc.enable()


@contextlib.contextmanager
def switched_off() -> Iterator[None]:
    """Inside this block it is off; afterwards, too, if a window is left that needs that."""
    switch_off()
    try:
        yield
    finally:
        switch_back()

"""Progress of slow work in the terminal: one bar per kind of work, on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import TracebackType

    from tqdm import tqdm


class TerminalProgress:
    """A `Progress` that draws bars with tqdm where stderr is a terminal, and is silent elsewhere."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None  # of no iterable
        self._what = ""

    def __call__(self, done: float, total: float | None, what: str) -> None:
        if not sys.stderr.isatty():
            return
        if what != self._what or self._bar is None:
            self.close()
            self._begin(total, what)
        assert self._bar is not None
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _begin(self, total: float | None, what: str) -> None:
        from tqdm import tqdm

        self._what = what
        self._bar = tqdm(
            total=total, desc=what, unit="", unit_scale=True, leave=False, file=sys.stderr, dynamic_ncols=True
        )

"""Progress on the standard error stream; only the table goes to standard output."""

from __future__ import annotations

import sys
import time

BEGAN = time.monotonic()


def show_progress(text: str) -> None:
    """Print one line with the seconds since the command began."""
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {text}", file=sys.stderr, flush=True)

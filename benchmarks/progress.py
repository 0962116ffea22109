"""What is being measured, said on the standard error stream; the table alone goes to standard output."""

from __future__ import annotations

import sys
import time

BEGAN = time.monotonic()


def say(text: str) -> None:
    """One line, with the seconds since the command began."""
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {text}", file=sys.stderr, flush=True)

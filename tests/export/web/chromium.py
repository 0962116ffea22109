"""Headless Chromium, for tests of pages: opens a file, and gives back what its scripts have written."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def written_by(page: Path, profile: Path, element: str) -> str:
    """Open the page and return the text of the element that its scripts have written."""
    command = [
        str(CHROMIUM),
        *QUIET,
        f"--user-data-dir={profile}",
        "--virtual-time-budget=60000",
        "--dump-dom",
    ]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=240, check=False)
    found = re.search(rf'<pre id="{element}">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None, done.stdout[-2000:] + done.stderr[-2000:]
    return found[1]

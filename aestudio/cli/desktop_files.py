"""The desktop entry, the MIME type and the icon by which a Linux desktop opens runs by a double click.

The files are those of `resources/desktop`, which packages of a distribution install below /usr/share as they
are; here they go into the user's own folder, with the command by which this program was started. Formats:
the Desktop Entry Specification and the Shared MIME-info Specification of freedesktop.org.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.resources import resources_folder
from aestudio.storage.files import replace_file
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACES = {
    "aestudio.desktop": "applications",
    "aestudio.xml": "mime/packages",
    "aestudio.svg": "icons/hicolor/scalable/apps",
}
"""Where each file belongs in a folder of shared data, by its name in `resources/desktop`."""
_REFRESH = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
_SECONDS = 30.0  # a desktop that does not answer sees the files at the next log-in


def shared_data_folder() -> Path:
    """The user's folder of shared data (XDG Base Directory Specification; a relative path does not count)."""
    given = os.environ.get("XDG_DATA_HOME", "")
    return Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"


def install(command: Sequence[str] = (sys.executable, "-m", "aestudio")) -> tuple[Path, ...]:
    """Write the files, replacing earlier ones, and tell the desktop; returns their paths.

    command: what starts the program, without a file
    Raises StudioError if a file cannot be written.
    """
    written: list[Path] = []
    for path, content in _files(command).items():
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)
        written.append(path)
    _refresh()
    return tuple(written)


def remove() -> tuple[Path, ...]:
    """Remove the files that `install` has written; returns those that were there. Raises StudioError."""
    removed: list[Path] = []
    for name, place in PLACES.items():
        path = shared_data_folder() / place / name
        with writing(path):
            if path.is_file():
                path.unlink()
                removed.append(path)
    _refresh()
    return tuple(removed)


def _files(command: Sequence[str]) -> dict[Path, bytes]:
    found: dict[Path, bytes] = {}
    for name, place in PLACES.items():
        content = (resources_folder() / "desktop" / name).read_text(encoding="utf-8")
        if name.endswith(".desktop"):
            words = " ".join(quoted(word) for word in command)
            content = content.replace("Exec=aestudio", f"Exec={words}")
        found[shared_data_folder() / place / name] = content.encode()
    return found


def quoted(word: str) -> str:
    """A word of an Exec line: in double quotes, escaped twice, as the value and as the quoted text."""
    if re.fullmatch(r"[A-Za-z0-9_./+:@-]+", word):
        return word
    escaped = re.sub(r'(["`$\\])', r"\\\1", word).replace("\\", "\\\\").replace("%", "%%")
    return f'"{escaped}"'


def _refresh() -> None:
    """Have the desktop read its lists again, where it has the programs for that."""
    for program, folder in _REFRESH:
        path, found = shared_data_folder() / folder, shutil.which(program)
        if found is not None and path.is_dir():
            with suppress(OSError, subprocess.SubprocessError):
                subprocess.run([found, str(path)], capture_output=True, timeout=_SECONDS, check=False)

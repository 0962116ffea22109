"""The sign of life of the process that trains a run, for other computers that share its folder.

The lock of the operating system (`lock.py`) is all that counts on one computer. Another one may not see it:
some network drives lock nothing, or each computer by itself, and folders that are synchronised are copies. So
the holder says in a file who it is, and writes it again every few seconds. A sign of another computer that is
a minute old is one of a process that ended without removing it: the run is free, and who takes it is told.
"""

from __future__ import annotations

import json
import os
import platform
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.printable import printable
from aestudio.storage.json_text import parse_json, table_of

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = ".writer.json"
EVERY_SECONDS = 5.0
GONE_SECONDS = 60.0  # after them the process of another computer counts as ended
_MOST_BYTES = 2_000
_LONGEST = 100  # characters of a computer's name
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class OtherWriter:
    """The process of another computer that trains a run, or did. seconds: since its last sign"""

    host: str
    seconds: float

    @property
    def alive(self) -> bool:
        """Whether its last sign is so new that it must be running."""
        return self.seconds < GONE_SECONDS

    def refusal(self, folder: Path) -> StudioError:
        """Why the run cannot be written here."""
        return StudioError(
            f"This run is being trained on another computer, {self.host}",
            where=str(folder),
            advice=f"Stop it there. If {self.host} was switched off, wait a minute: its last sign of life "
            f"is {max(self.seconds, 0):.0f} s old.",
        )


@cache
def this_computer() -> tuple[str, str]:
    """Its name for people, and what tells it from others of the same name."""
    number = ""
    with suppress(OSError, ValueError):
        number = Path("/etc/machine-id").read_text("ascii").strip()
    return printable(platform.node())[:_LONGEST] or "this computer", number


def other_writer(folder: Path, now: float | None = None) -> OtherWriter | None:
    """The process of another computer whose sign is in the folder, None without one.

    now: the time by the clock of the disk, in seconds; None for that of this computer
    """
    path = folder / FILE
    try:
        changed = path.stat().st_mtime
        signed = _signed(path.read_bytes()[:_MOST_BYTES])
    except (OSError, ValueError):
        return None
    if signed == this_computer():
        return None
    return OtherWriter(signed[0] or "unknown", (time.time() if now is None else now) - changed)


class WriterSign:
    """The sign of this process in a folder that it holds, renewed on a thread until `close`.

    opening, unlink: of a file of this name in the held folder, wherever that is now; they raise OSError
    """

    def __init__(self, opening: Callable[[str, int], int], unlink: Callable[[str], None]) -> None:
        self._opening, self._unlink = opening, unlink
        self._text = _sign()
        self._ours = True
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._renewed = time.time()
        with suppress(OSError):
            self._write()
        self._thread = threading.Thread(target=self._renew_often, name="writer's sign", daemon=True)
        self._thread.start()

    def is_ours(self) -> bool:
        """False once another computer has taken the run, because this one gave no sign for so long.

        A computer that slept looks first, whatever its thread has done since.
        """
        if abs(time.time() - self._renewed) > GONE_SECONDS / 2:
            self._renew()
        return self._ours

    def close(self) -> None:
        """Remove the sign; may be called twice."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._thread.join()
        with self._guard, suppress(OSError):
            if self._ours and self._read() == self._text:
                self._unlink(FILE)

    def _renew_often(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            self._renew()

    def _renew(self) -> None:
        with self._guard:
            with suppress(OSError):
                found = self._read()
                if found is not None and found != self._text:
                    # What is no sign may be half of one that another computer is writing: look again later.
                    self._ours = self._ours and not _foreign(found)
                elif self._ours:
                    self._write()
            self._renewed = time.time()

    def _read(self) -> bytes | None:
        try:
            descriptor = self._opening(FILE, os.O_RDONLY | _BINARY)
        except FileNotFoundError:
            return None
        try:
            return os.read(descriptor, _MOST_BYTES)
        finally:
            os.close(descriptor)

    def _write(self) -> None:
        descriptor = self._opening(FILE, os.O_WRONLY | os.O_CREAT | _BINARY)
        try:
            # The same bytes over themselves: nobody who reads meanwhile finds an empty file.
            os.write(descriptor, self._text)
            os.ftruncate(descriptor, len(self._text))
        finally:
            os.close(descriptor)


def _sign() -> bytes:
    host, machine = this_computer()
    table = {"host": host, "machine": machine, "process": os.getpid(), "began": time.time_ns()}
    return json.dumps(table).encode()


def _foreign(text: bytes) -> bool:
    with suppress(ValueError):
        return _signed(text) != this_computer()
    return False


def _signed(text: bytes) -> tuple[str, str]:
    """Name and number of the computer; raises ValueError."""
    table = table_of(parse_json(text))
    name, number = table.get("host"), table.get("machine")
    if not isinstance(name, str) or not isinstance(number, str):
        raise ValueError("no sign of a writer")
    return printable(name)[:_LONGEST], number

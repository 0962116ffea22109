"""How much memory is free on this machine, found without torch or another package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_GROUPS = Path("/proc/self/cgroup")
_GROUP_ROOT = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Bytes that a program can use now without making others swap; 0 if unknown.

    On Linux what the kernel counts as available, or what the container's limit leaves; on macOS the
    memory of the machine; on Windows the free physical memory.
    """
    if sys.platform == "win32":
        return _windows_memory()
    found = [bytes_ for bytes_ in (_meminfo(), _group_room()) if bytes_ is not None]
    return min(found) if found else physical_memory()


def in_words(bytes_: float) -> str:
    """A size for people: "12 GB", "1.9 GB", "640 MB"."""
    if bytes_ >= 1e10:
        return f"{bytes_ / 1e9:,.0f} GB"
    return f"{bytes_ / 1e9:.1f} GB" if bytes_ >= 1e9 else f"{bytes_ / 1e6:,.0f} MB"


def _meminfo() -> int | None:
    for line in _lines(_MEMINFO):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _group_room() -> int | None:
    """What the limits of the process's control groups (version 2) leave; files in the cache count as free."""
    names = [line.partition("::")[2] for line in _lines(_GROUPS) if line.startswith("0::")]
    rooms: list[int] = []
    for name in names:
        folder = _GROUP_ROOT / name.lstrip("/")
        for group in (folder, *folder.parents):
            if not group.is_relative_to(_GROUP_ROOT):
                break
            limit, used = _number(group / "memory.max"), _number(group / "memory.current")
            if limit is not None and used is not None:
                rooms.append(max(0, limit - used + _cached(group / "memory.stat")))
    return min(rooms) if rooms else None


def _cached(path: Path) -> int:
    """Bytes of files that the kernel keeps in the group's memory and can drop at once."""
    for line in _lines(path):
        if line.startswith("inactive_file "):
            return int(line.split()[1])
    return 0


def _number(path: Path) -> int | None:
    lines = _lines(path)
    return int(lines[0]) if lines and lines[0].isdecimal() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []


def physical_memory() -> int:
    """Bytes of memory of this machine; 0 if unknown."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _windows_memory() -> int:
    import ctypes

    class Status(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = [
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("physical", ctypes.c_uint64),
            ("free", ctypes.c_uint64),
            ("paging", ctypes.c_uint64),
            ("free_paging", ctypes.c_uint64),
            ("virtual", ctypes.c_uint64),
            ("free_virtual", ctypes.c_uint64),
            ("extended", ctypes.c_uint64),
        ]

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there on Windows
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else 0

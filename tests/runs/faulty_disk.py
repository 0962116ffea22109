"""The disk as a recorder sees it, with a fault at one call: the call fails, or the process dies in it.

`watch(hook)` passes every call that changes the disk to `hook(call)` before it is made. A call has a kind
("create", "write", "sync", "replace", "unlink", "mkdir", "truncate", "reserve") and its paths. For tests of
one process only: it changes `os` and `io`, and nothing puts them back.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Call:
    """One call. path: of the file; target: of the new name; half: does half of a write"""

    kind: str
    path: str
    target: str = ""
    half: Callable[[], object] = lambda: None


class _File:
    """A file whose writes are watched."""

    def __init__(self, file: Any, path: str, hook: Callable[[Call], None]) -> None:
        self._file, self._path, self._hook = file, path, hook

    def write(self, data: bytes) -> int:
        def half() -> None:
            self._file.write(data[: len(data) // 2])
            self._file.flush()

        self._hook(Call("write", self._path, half=half))
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *reason: object) -> None:
        self._file.close()


def watch(hook: Callable[[Call], None]) -> None:
    """From now on, calls of this process that change the disk are passed to the hook first."""
    real = {name: getattr(os, name) for name in ("open", "write", "fsync", "replace", "unlink", "mkdir")}
    opened: dict[int, str] = {}
    real_io = io.open

    def open_file(path: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        file = real_io(path, mode, *more, **named)
        if "w" not in mode:
            return file
        opened[file.fileno()] = os.fspath(path)
        return _File(file, os.fspath(path), hook)

    def open_descriptor(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_CREAT:
            hook(Call("create", os.fspath(path)))
        descriptor = real["open"](path, flags, *more, **named)
        opened[descriptor] = os.fspath(path)
        return descriptor

    def write(descriptor: int, data: bytes) -> int:
        def half() -> None:
            real["write"](descriptor, data[: len(data) // 2])

        hook(Call("write", opened.get(descriptor, ""), half=half))
        return real["write"](descriptor, data)

    def simple(kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *more: Any, **named: Any) -> Any:
            name = opened.get(path, "") if isinstance(path, int) else os.fspath(path)
            target = os.fspath(more[0]) if kind == "replace" else ""
            hook(Call(kind, name, target))
            return function(path, *more, **named)

        return call

    os.open, os.write = open_descriptor, write  # type: ignore[assignment]
    os.fsync = simple("sync", real["fsync"])
    os.replace = simple("replace", real["replace"])
    os.unlink = simple("unlink", real["unlink"])
    os.mkdir = simple("mkdir", real["mkdir"])
    os.ftruncate = simple("truncate", os.ftruncate)
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate = simple("reserve", os.posix_fallocate)
    io.open = open_file


class PowerCuts:
    """What a disk without power holds after each call: the names of then, and of each file what was synced.

    File systems with a journal keep the order of names (creating, renaming, removing); what was written into
    a file and not synced may be missing altogether.
    """

    def __init__(self, folder: str) -> None:
        """folder: of files that are named without a path"""
        self._folder = folder
        self.steps: list[tuple[str, str, str, bytes]] = []

    def take(self, call: Call) -> None:
        """Before the call; contents are those that were written until now."""
        content = b""
        if call.kind == "sync":
            content = Path(self._folder, call.path).read_bytes()
        self.steps.append((call.kind, call.path, call.target, content))


def after_power_cut(
    steps: Sequence[tuple[str, str, str, bytes]], source: str, folder: Path, before: Path | None
) -> None:
    """Make the folder as a power cut after these steps leaves it.

    source: the folder that they were made in; before: what it held at the beginning, all of it synced
    """
    folder.mkdir(parents=True)
    if before is not None:
        for path in before.rglob("*"):
            copy = folder / path.relative_to(before)
            copy.mkdir() if path.is_dir() else copy.write_bytes(path.read_bytes())

    for kind, path, target, content in steps:
        file, new = _copied(path, source, folder), _copied(target, source, folder)
        if file is not None:
            _redo(kind, file, new, content)


def _copied(path: str, source: str, folder: Path) -> Path | None:
    """The same file in the other folder; None for a path elsewhere. Names alone are of the folder itself."""
    whole = os.path.join(source, path)
    return folder / os.path.relpath(whole, source) if path and whole.startswith(source + os.sep) else None


def _redo(kind: str, file: Path, new: Path | None, content: bytes) -> None:
    if kind == "create":
        file.touch()
    elif kind == "mkdir":
        file.mkdir(exist_ok=True)
    elif kind == "sync" and file.is_file():
        file.write_bytes(content)
    elif kind == "unlink":
        file.unlink(missing_ok=True)
    elif kind == "replace" and new is not None and file.exists():
        file.replace(new)

"""A list in a run's folder that several windows change without overwriting each other's changes."""

from __future__ import annotations

import filecmp
import shutil
import threading
from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from aestudio.errors import StudioError
from aestudio.storage.lock import locked
from aestudio.storage.os_errors import writing
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from pathlib import Path

T = TypeVar("T")
LOCK = ".lists.lock"


def merged(
    base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[T, ...]:
    """Their list with what we have changed since `base`; where only one side changed something, its list.

    An entry that either side removed goes, one that either side added stays, once if both added it. Ours come
    last. key: two entries of the same key are the same
    """
    was, is_ours, is_theirs = ([key(item) for item in items] for items in (base, ours, theirs))
    if is_theirs == was:
        return tuple(ours)
    if is_ours == was:
        return tuple(theirs)
    gone, new = Counter(was) - Counter(is_ours), Counter(is_ours) - Counter(was)
    gone -= Counter(was) - Counter(is_theirs)
    new -= Counter(is_theirs) - Counter(was)
    kept: list[T] = []
    added: list[T] = []
    for item in theirs:
        if gone[key(item)] > 0:
            gone[key(item)] -= 1
        else:
            kept.append(item)
    for item in reversed(ours):  # of several that are the same, the last is the new one
        if new[key(item)] > 0:
            new[key(item)] -= 1
            added.append(item)
    return (*kept, *reversed(added))


def copy_damaged(path: Path) -> Path:
    """Copy a file beside itself under an unused name, "pins.npz.damaged"; raises StudioError.

    An existing copy of the same content is used again.
    """
    number = 1
    while True:
        more = "" if number == 1 else f" ({number})"
        copy = path.with_name(f"{path.name}.damaged{more}")
        with writing(copy):
            try:
                with open_file(path) as source, copy.open("xb") as target:
                    shutil.copyfileobj(source, target)
            except FileExistsError:
                if not filecmp.cmp(path, copy, shallow=False):
                    number += 1
                    continue
        return copy


class SharedList(Generic[T]):
    """One window's view of the file: its list is merged with the changes of other windows.

    `request_write` and `take_others_changes` are called by the window's thread and never wait for a disk;
    `read_again` and `write_requested` are called on another thread.

    read, write: of the complete file at `path`; they raise StudioError
    make_folder: make its folder if there is none; never that of a run, which would reappear after its removal
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], Sequence[T]],
        write: Callable[[Path, Sequence[T]], None],
        key: Callable[[T], Hashable],
        *,
        make_folder: bool = False,
    ) -> None:
        self.path = path
        self.damaged_copy: Path | None = None  # the copy of a damaged file that was written over
        self._read, self._write, self._key, self._make_folder = read, write, key, make_folder
        # Ours now, written or not; that of the file, and ours when the two were merged last.
        self.newest: tuple[T, ...] = ()
        self._known = self._ours = self.newest
        self._lock = threading.Lock()
        self._requested: tuple[T, ...] | None = None
        self._busy = False

    @property
    def known(self) -> tuple[T, ...]:
        """What the file held when it was read or written last."""
        with self._lock:
            return tuple(self._known)

    def begin_with(self, ours: Sequence[T]) -> None:
        """Count our changes from this list on; the file stays unchanged."""
        with self._lock:
            self._ours = self.newest = tuple(ours)

    def read_again(self) -> tuple[T, ...]:
        """Our list with what the file holds now, and what could not be written yet; raises StudioError."""
        with self._lock:
            ours = self._ours
        theirs = tuple(self._read(self.path))
        with self._lock:
            if self._ours is ours:  # nothing was written meanwhile
                self.newest = merged(ours, self.newest, theirs, self._key)
                if not self._busy:
                    self._known = self._ours = theirs
            return self.newest

    def request_write(self, ours: Sequence[T]) -> bool:
        """Queue our list for writing. True if no write is under way: then call `write_requested`."""
        with self._lock:
            self._requested = self.newest = tuple(ours)
            begin, self._busy = not self._busy, True
            return begin

    def write_requested(self) -> None:
        """Write until nothing newer is queued; raises StudioError, and keeps our changes for the next try."""
        while True:
            with self._lock:
                requested, self._requested = self._requested, None
                if requested is None:
                    self._busy = False
                    return
            try:
                known = self._merge_into_file(requested)
            except BaseException:
                with self._lock:
                    if self._requested is None:
                        self._busy = False
                        raise
            else:
                with self._lock:
                    self._ours, self._known = requested, known

    def take_others_changes(self) -> Callable[[Sequence[T]], tuple[T, ...]] | None:
        """A function that merges the others' changes into our list; None if there are none yet."""
        with self._lock:
            base, known, key = self._ours, self._known, self._key
            if self._busy or [key(item) for item in base] == [key(item) for item in known]:
                return None
            self._ours, self.newest = known, merged(base, self.newest, known, key)
            return lambda ours: merged(base, ours, known, key)

    def _merge_into_file(self, ours: tuple[T, ...]) -> tuple[T, ...]:
        if self._make_folder:
            with writing(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
        elif not self.path.parent.is_dir():
            raise StudioError(
                "The folder of this run is gone, so this cannot be saved with it",
                where=str(self.path.parent),
                advice="It may have been moved to the trash in another window. Put it back, and change "
                "something again.",
            )
        with locked(self.path.with_name(LOCK)):
            theirs = self._in_file()
            new = merged(self._ours, ours, self._known if theirs is None else theirs, self._key)
            if new if theirs is None else not self._same(new, theirs):
                self._write(self.path, new)
            return new

    def _in_file(self) -> Sequence[T] | None:
        """What the file holds now; None if it is missing, or damaged, in which case a copy was kept."""
        if not self.path.exists():
            return None
        try:
            return self._read(self.path)
        except StudioError:
            self.damaged_copy = copy_damaged(self.path)
            return None

    def _same(self, one: Sequence[T], other: Sequence[T]) -> bool:
        return [self._key(item) for item in one] == [self._key(item) for item in other]

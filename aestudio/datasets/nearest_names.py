"""Names in a folder that are spelled nearly as one that is not there."""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from aestudio.printable import shortened

_MOST_ENTRIES, _MOST_NAMES, _LONGEST = 2000, 3, 200


def nearest_names(text: str) -> tuple[str, ...]:
    """Paths like this one, at which there is nothing; the nearest first, () if none is near.

    Looked for in the last folder of the path that is there, of which at most 2,000 entries are compared.
    """
    with suppress(OSError, ValueError, RuntimeError):
        path = Path(text.strip()).expanduser()
        missing = [path, *path.parents]
        there = next(index for index, folder in enumerate(missing) if folder.is_dir())
        if not 0 < there < len(missing):
            return ()
        folder, wanted = missing[there], missing[there - 1].name
        names = {entry.name.casefold(): entry.name for entry in islice(folder.iterdir(), _MOST_ENTRIES)}
        near = get_close_matches(wanted.casefold(), names, _MOST_NAMES)
        return tuple(shortened(str(folder / names[name]), _LONGEST) for name in near)
    return ()

"""Reads a run's folder as the window does when it is opened: record, curves, weights, drawings, bookmarks.

`python -m benchmarks.reliability.opened FOLDER`: exit code 1 and a sentence where one cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aestudio.errors import StudioError


def main() -> int:
    """The folder is the only word of the command line."""
    from aestudio.gui.workers.opened_run import read_run
    from aestudio.runs.bookmarks_file import FILE, read_bookmarks

    folder = Path(sys.argv[1])
    try:
        problem = read_run(str(folder)).drawings_problem
        if (folder / FILE).exists():
            read_bookmarks(folder / FILE)
    except StudioError as error:
        problem = error
    if problem is not None:
        sys.stdout.write(f"aestudio: {problem}\n")
    return 0 if problem is None else 1


if __name__ == "__main__":
    sys.exit(main())

"""Reads a run's folder as the window does: record, curves, weights, drawings, bookmarks.

`python -m benchmarks.reliability.read_run FOLDER`: exit code 1 and a sentence if one cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aestudio.errors import StudioError


def main() -> int:
    """Read the folder that is the only argument."""
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

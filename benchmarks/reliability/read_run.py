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
    from aestudio.runs import bookmarks_file, drawings_file

    folder = Path(sys.argv[1])
    try:
        read_run(str(folder))
        drawings_file.read_drawings(folder / drawings_file.FILE)
        bookmarks_file.read_bookmarks(folder / bookmarks_file.FILE)
    except StudioError as error:
        sys.stdout.write(f"aestudio: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

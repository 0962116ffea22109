"""Baseline for the start of the window: a window with one empty plot.

Prints {"painted": seconds of the monotonic clock} after the first frame, and exits.
"""

from __future__ import annotations

import json
import os
import time

TIMEOUT_MILLISECONDS = 60_000


def main() -> None:
    """Open the window, print when it was painted, and exit."""
    import pyqtgraph
    from PySide6.QtWidgets import QApplication, QMainWindow

    from aestudio.gui.startup.first_paint import FirstPaint

    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(pyqtgraph.PlotWidget())
    window.resize(1280, 800)

    def painted() -> None:
        print(json.dumps({"painted": time.monotonic()}), flush=True)
        os._exit(0)

    FirstPaint(window, painted, patience=TIMEOUT_MILLISECONDS)
    window.show()
    app.exec()


if __name__ == "__main__":
    main()

"""The measure of a start: one empty plot in a window, and nothing else.

Prints {"painted": monotonic seconds} as soon as the first frame stands, and goes.
"""

from __future__ import annotations

import json
import os
import time

PATIENCE_MILLISECONDS = 60_000


def main() -> None:
    """Open the window, tell when it was painted, end."""
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

    FirstPaint(window, painted, patience=PATIENCE_MILLISECONDS)
    window.show()
    app.exec()


if __name__ == "__main__":
    main()

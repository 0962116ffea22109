"""Opens one widget by itself, for design work: `python -m aestudio.gui.widgets.digit_grid`.

--theme dark|light|system   --scale 1.5   --size 800x600
--shot FILE.png             draws it without a display and exits
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from aestudio.gui.theme.holder import SCHEMES, ThemeHolder
from aestudio.gui.theme.style import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _size(text: str) -> tuple[int, int]:
    width, height = text.lower().split("x")
    return int(width), int(height)


def show_alone(
    factory: Callable[[], QWidget], arguments: Sequence[str] | None = None, *, size: str = "800x600"
) -> int:
    """Show the widget that `factory` makes on a panel, or draw it to a file; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--theme", choices=SCHEMES, default="system")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--size", type=_size, default=_size(size), metavar="WxH")
    parser.add_argument("--shot", type=Path, metavar="FILE.png")
    chosen = parser.parse_args(arguments)
    if chosen.shot:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    holder = ThemeHolder(app, chosen.theme, chosen.scale)
    panel = _on_panel(factory(), holder)
    panel.resize(*chosen.size)
    if not chosen.shot:
        panel.show()
        return app.exec()
    saved = panel.grab().save(str(chosen.shot))
    panel.deleteLater()
    return 0 if saved else 1


def _on_panel(widget: QWidget, holder: ThemeHolder) -> QWidget:
    panel = QFrame()
    set_role(panel, "panel")
    panel.setWindowTitle(type(widget).__name__)
    layout = QVBoxLayout(panel)
    margin = holder.theme.px(holder.theme.between)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.addWidget(widget)
    return panel

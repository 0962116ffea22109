"""Shows a sample on a panel, or draws it into a file."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QFrame, QWidget

from aestudio.gui.theme.holder import SCHEMES, ThemeHolder
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.layouts import column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.widget_gallery.sample import Sample


def main(samples: Mapping[str, Sample], arguments: Sequence[str] | None = None) -> int:
    """Show the sample that the command line names, or draw it with --out; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools.widget_gallery", description=__doc__)
    parser.add_argument("name", choices=sorted(samples), metavar="NAME", help=", ".join(sorted(samples)))
    parser.add_argument("--theme", choices=SCHEMES, default="system")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the interface, 1.0 is normal")
    parser.add_argument("--size", type=_size, metavar="WxH", help="the panel's size in logical pixels")
    parser.add_argument("--out", type=Path, metavar="FILE.png", help="draw without a display, then exit")
    chosen = parser.parse_args(arguments)
    if chosen.out:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    sample = samples[chosen.name]
    holder = ThemeHolder(app, chosen.theme, chosen.scale)
    panel = on_panel(sample.make(), holder)
    panel.resize(*(chosen.size or (sample.width, sample.height)))
    if not chosen.out:
        panel.show()
        return app.exec()
    saved = panel.grab().save(str(chosen.out))
    panel.close()
    panel.deleteLater()
    return 0 if saved else 1


def on_panel(widget: QWidget, holder: ThemeHolder) -> QWidget:
    """Put the widget on a panel of the theme."""
    panel = QFrame()
    set_role(panel, "panel")
    panel.setWindowTitle(type(widget).__name__)
    column(widget, gap=None, margins=holder.theme.margin, on=panel)
    return panel


def _size(text: str) -> tuple[int, int]:
    width, height = text.lower().split("x")
    return int(width), int(height)

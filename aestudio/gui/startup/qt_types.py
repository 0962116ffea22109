"""Makes the classes of Qt that no code has named yet, before other threads name some.

PySide makes a class the first time Python names it, and runs Python code while it does (that of enums). The
interpreter may change to another thread in the middle: if that names the same class, it gets one that is half
made, and the process dies in `retrieveMetaObject` or in a dictionary. Of programs with two threads that named
all classes at once one in fifteen ended so (PySide 6.11.3); of the starts of this program one in hundreds,
because pyqtgraph was imported beside the window.
"""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets

MODULES = (QtCore, QtGui, QtWidgets)


def make_qt_types() -> None:
    """Make all classes on this thread (0.1 s). To be called before another thread imports code that uses Qt.

    PySide can do it at its import instead (`PYSIDE6_OPTION_LAZY=0`), which would delay the first frame.
    """
    for module in MODULES:
        for name in dir(module):
            getattr(module, name)

"""Colours of the classes in what is exported: those of `gui/theme/tokens.py`, which a test compares.

Exporters do not import the window.
"""

from __future__ import annotations

CLASS_INKS = {
    "dark": (
        *("#3f90da", "#ffa90e", "#c92e13", "#94a4a2", "#9443c8"),
        *("#b37560", "#e76300", "#b9ac70", "#717581", "#92dadd"),
    ),
    "light": (
        *("#3f90da", "#c88302", "#bd1f01", "#879694", "#832db6"),
        *("#a96b59", "#ca5609", "#9f9363", "#626670", "#508587"),
    ),
}

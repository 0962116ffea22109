"""The unit of an image's loss as words: those of the shipped objectives, and what a user's objective says."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.glossary import explanation

translate = QCoreApplication.translate

SQUARED_ERROR = "squared error"
"""The unit of a loss that is the squared error, which is shown once then."""


def unit_text(unit: str) -> str:
    """A unit as `analysis.reconstructions.loss_unit` gives it, translated if it is a known one.

    Any other is shown as the objective gives it.
    """
    if unit == SQUARED_ERROR:
        return translate("LossUnits", "squared error")
    return translate("LossUnits", "nats") if unit == "nats" else unit


def unit_help(unit: str) -> str:
    """What the unit is, below a tooltip; "" for one that is only the objective's."""
    known = {SQUARED_ERROR: "squared_error", "nats": "nats"}
    return explanation(known[unit]) if unit in known else ""


def short_loss_text(loss: float, unit: str) -> str:
    """The same, for little room: a squared error without its words."""
    return f"{loss:.1f}" if unit == SQUARED_ERROR else loss_text(loss, unit)


def loss_text(loss: float, unit: str) -> str:
    """A loss with its unit, short: "98.7 nats", or "squared error 12.3"."""
    if unit == SQUARED_ERROR:
        return translate("LossUnits", "squared error {}").format(f"{loss:.1f}")
    return f"{loss:.1f} {unit_text(unit)}".strip()

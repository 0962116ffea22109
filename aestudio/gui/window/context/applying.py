"""Which commands concern which kind of thing: a context menu leaves the others out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.widgets.offer import Offer


def applies(offer: Offer, command: str) -> bool:
    """Whether a command concerns this kind of thing, even if it cannot be done now."""
    of_things = {
        "picture.copy": offer.picture is not None or bool(offer.no_picture),
        "picture.save": offer.picture is not None or bool(offer.no_picture),
        "pictures.copy": offer.pictures is not None,
        "pictures.save": offer.pictures is not None,
        "plot.copy": offer.screen is not None,
        "plot.save": offer.screen is not None,
        "cells.copy": offer.cells is not None,
        "values.copy": offer.values is not None,
        "values.save": offer.values is not None or offer.screen is not None,
        "text.copy": bool(offer.text),
        "thing.explain": bool(offer.terms or offer.help),
    }
    return of_things.get(command, True)

"""What the sheet of traversals says in words: heads of its rows, values above its columns, its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.latent.sliders.axis_names import axis_help, short_axis_text
from aestudio.gui.views.latent.sliders.shown_names import shown_names
from aestudio.gui.views.latent.sliders.slider_content import symbol_of
from aestudio.gui.views.latent.traversals.sheet_view import SheetRow
from aestudio.gui.widgets.glossary import explained

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.analysis.attribute_discovery import AxisName
    from aestudio.analysis.traversal_sheet import RankedAxes, TraversalSheet
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Basis

translate = QCoreApplication.translate


def sheet_rows(
    sheet: TraversalSheet, basis: Basis, state: StudioState, code: NDArray[np.float32] | None
) -> tuple[SheetRow, ...]:
    """The head of each row, and where this code, float32 (L,), is in it."""
    names = axis_names(state, basis, len(sheet.ranked))
    coordinates = None
    if code is not None and len(code) == sheet.ranked.axes.size:
        coordinates = sheet.ranked.axes.coordinates(code)
    return tuple(
        _row(sheet, basis, names, row, number, coordinates)
        for row, number in enumerate(sheet.numbers.tolist())
    )


def _row(
    sheet: TraversalSheet,
    basis: Basis,
    names: tuple[AxisName | None, ...],
    row: int,
    number: int,
    coordinates: NDArray[np.float64] | None,
) -> SheetRow:
    ranked, name = sheet.ranked, names[number] if number < len(names) else None
    active = None if ranked.active is None else bool(ranked.active[number])
    low, high = sheet.values[row, [0, -1]].tolist()
    place = None if coordinates is None else (float(coordinates[number]) - low) / (high - low)
    lines = [information_text(ranked, number)]
    if active is not None:
        lines.append(
            translate("traversals", "Active: its code varies with the image.")
            if active
            else translate("traversals", "Collapsed: its code hardly varies with the image.")
        )
    lines.append(translate("traversals", "From {} to {}.").format(number_text(low), number_text(high)))
    if name is not None:
        lines.append(axis_help(name))
    help_text = explained("\n".join(lines), "kl") if ranked.measure == "kl" else "\n".join(lines)
    symbol = symbol_of(basis, number)
    return SheetRow(symbol, short_axis_text(name), fact_text(ranked, number), active, help_text, place)


def axis_names(state: StudioState, basis: Basis, size: int) -> tuple[AxisName | None, ...]:
    """What each axis moves, as far as it is measured."""
    names = shown_names(state)
    return () if names is None else names.of(basis, size)


def fact_text(ranked: RankedAxes, number: int) -> str:
    """How informative an axis is, a number; its unit is in `order_text`: "2.36", "31.0"."""
    amount = float(ranked.information[number])
    if ranked.measure == "kl":
        return f"{amount:.2f}"
    return f"{100 * amount:.1f}" if ranked.measure == "variance" else f"{amount:.3f}"


def information_text(ranked: RankedAxes, number: int) -> str:
    """The same as a sentence."""
    amount = float(ranked.information[number])
    if ranked.measure == "kl":
        return translate("traversals", "KL to the prior: {} nats on average.").format(f"{amount:.3f}")
    if ranked.measure == "variance":
        return translate("traversals", "{} % of the codes' variance.").format(f"{100 * amount:.2f}")
    text = translate("traversals", "From end to end the decoded image changes by {} per pixel.")
    return text.format(f"{amount:.3f}")


def order_text(ranked: RankedAxes) -> str:
    """What the rows are sorted by, with its unit."""
    return {
        "kl": translate("traversals", "by KL [nats]"),
        "variance": translate("traversals", "by variance [%]"),
        "change": translate("traversals", "by change of the image"),
    }[ranked.measure]


def order_help(ranked: RankedAxes, codes: int | None) -> str:
    """The same as a sentence. codes: how many were measured; None if none were"""
    if ranked.measure == "kl":
        text = translate(
            "traversals",
            "Sorted by the mean KL to the prior over {} images, the most informative axis first.",
        )
        return explained(text.format(f"{codes or 0:,}"), "kl")
    if ranked.measure == "variance":
        text = translate(
            "traversals",
            "Sorted by the share of the variance of {} codes, because there is no KL of each of these axes.",
        )
        return text.format(f"{codes or 0:,}")
    return translate(
        "traversals", "Sorted by how much the decoded image changes: this model gives images no codes."
    )


def value_texts(sheet: TraversalSheet) -> tuple[str, ...]:
    """The value above each column; () if each row has a range of its own."""
    values = sheet.values
    if not len(values) or not (values == values[0]).all():
        return ()
    return tuple(number_text(value) for value in values[0].tolist())


def number_text(value: float) -> str:
    """A coordinate with one decimal."""
    return f"{value:.1f}".replace("-", "−")

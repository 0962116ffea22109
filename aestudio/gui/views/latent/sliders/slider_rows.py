"""Content of each slider: its row and its value. Pure functions; no widget."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.latent.sliders.axis_names import axis_help
from aestudio.gui.views.latent.sliders.slider_content import name_text, short_name_text, symbol_of
from aestudio.gui.widgets.slider_row import SliderRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aestudio.analysis.attribute_discovery import AxisName
    from aestudio.analysis.axis_statistics import AxisStatistics
    from aestudio.gui.state.workspace import Direction
    from aestudio.gui.views.latent.sliders.slider_content import SliderContent
    from aestudio.gui.widgets.slider_row import SliderKey

translate = QCoreApplication.translate
# nats: with less in every dimension, as after a collapse, no bar is full
_LEAST_FULL_KL = 0.5

DIRECTION_RANGE = (-2.0, 2.0)


def rows_of(content: SliderContent, keys: Iterable[SliderKey]) -> tuple[SliderRow, ...]:
    """The sliders with these keys."""
    silent = content.sliders.silent(len(content))
    return tuple(
        _direction_row(content, index) if kind == "direction" else _axis_row(content, index, silent)
        for kind, index in keys
    )


def _help_text(content: SliderContent, names: tuple[AxisName | None, ...], index: int) -> str:
    name = names[index] if index < len(names) else None
    lines = [] if name is None else [axis_help(name)]
    if name is None and not content.tells_images_apart:
        text = translate(
            "latent sliders", "What it moves is not named: this model is no better than the mean image."
        )
        lines.append(text)
    if content.no_strokes:
        lines.append(translate("latent sliders", "Attributes of strokes: {}.").format(content.no_strokes))
    return "\n".join(lines)


def _axis_row(content: SliderContent, index: int, silent: frozenset[int]) -> SliderRow:
    sliders, statistics = content.sliders, content.statistics
    low, high = content.ranges[index].tolist()
    components = content.basis == "components"
    row = SliderRow(
        key=("axis", index),
        symbol=symbol_of(content.basis, index),
        low=low,
        high=high,
        name=name_text(content.names, index),
        short_name=short_name_text(content.names, index),
        help=_help_text(content, content.names, index),
        neutral=float(content.axes.neutral[index]),
        unit=translate("latent sliders", "standard deviations of the data") if components else "",
        muted=index in sliders.muted,
        soloed=index in sliders.soloed,
        locked=index in sliders.locked,
        held=index in silent,
    )
    return row if statistics is None else _with_meter(row, statistics, index, components)


def _with_meter(row: SliderRow, statistics: AxisStatistics, index: int, components: bool) -> SliderRow:
    largest = float(statistics.information.max())
    amount = float(statistics.information[index])
    if statistics.kl is not None:
        largest = max(largest, _LEAST_FULL_KL)
        figure = f"{amount:.2f}"
        help_text = translate("latent sliders", "KL to the prior: {} nats on average.")
        help_text = help_text.format(f"{amount:.3f}")
    else:
        percent = 100 * amount
        figure = f"{percent:.1f} %" if percent < 9.95 else f"{percent:.0f} %"
        help_text = translate("latent sliders", "{} % of the codes' variance; standard deviation {}.").format(
            f"{percent:.2f}", f"{statistics.std[index]:.3g}"
        )
        if components and statistics.sigma is not None:
            help_text += " " + translate("latent sliders", "The KL has no parts along components.")
    return replace(
        row,
        meter=amount / largest if largest > 0 else 0.0,
        meter_text=figure,
        meter_help=help_text,
        meter_term="" if statistics.kl is None else "kl",
        active=bool(statistics.active[index]),
    )


def _direction_row(content: SliderContent, index: int) -> SliderRow:
    direction = content.directions[index]
    error_share = uncertainty(direction)
    low, high = DIRECTION_RANGE
    known = bool(np.isfinite(error_share))
    help_text = translate("latent sliders", "Its standard error is {} % of its length.").format(
        f"{100 * error_share:.0f}"
    )
    if not known:
        help_text = translate("latent sliders", "Its error is not known: a group of one has no variance.")
    return SliderRow(
        key=("direction", index),
        symbol=direction.name,
        low=low,
        high=high,
        name=name_text(content.direction_names, index),
        short_name=short_name_text(content.direction_names, index),
        help=_help_text(content, content.direction_names, index) or direction.name,
        unit=translate("latent sliders", "times the direction, added to the code"),
        meter=min(1.0, error_share) if known else None,
        meter_text=f"±{100 * error_share:.0f} %" if known else "",
        meter_help=help_text,
    )


def uncertainty(direction: Direction) -> float:
    """Length of the standard error divided by the length of the direction; NaN if it is not known."""
    length = float(np.linalg.norm(direction.vector))
    return float(np.linalg.norm(direction.error)) / length if length > 0 else 0.0


def values_and_stds(
    content: SliderContent,
    keys: Iterable[SliderKey],
    code: NDArray[np.float32],
    std: NDArray[np.float32] | None,
) -> tuple[tuple[float, ...], tuple[float | None, ...]]:
    """The values of these sliders, and the standard deviations that the bars behind their handles show.

    code: float32 (L,)
    std: the posterior's, float32 (L,), if the code is an image's; otherwise the mean one is shown

    The bar of a direction shows its standard error at its amount.
    """
    coordinates = content.axes.coordinates(code).tolist()
    axis_stds = _axis_stds(content, std)
    values, stds = [], []
    for kind, index in keys:
        if kind == "direction":
            direction = content.directions[index]
            values.append(direction.amount)
            error_share = uncertainty(direction)
            stds.append(abs(direction.amount) * error_share if np.isfinite(error_share) else None)
        else:
            values.append(coordinates[index])
            stds.append(None if axis_stds is None else float(axis_stds[index]))
    return tuple(values), tuple(stds)


def _axis_stds(content: SliderContent, std: NDArray[np.float32] | None) -> NDArray[np.float64] | None:
    """Standard deviation along each axis of the basis, (L,); None if not known or for point codes."""
    if content.statistics is None:
        return None
    if std is not None and len(std) == content.axes.size:
        return content.statistics.sigma_of(std)
    return content.statistics.sigma

"""The sliders, computed from the state: which there are, in which order, and what each shows.

Pure functions over the state; no widget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.latent.sliders.axis_names import axis_help, axis_text
from aestudio.gui.widgets.slider_row import SliderRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from aestudio.analysis.attribute_discovery import AxisName
    from aestudio.analysis.axis_statistics import AxisStatistics
    from aestudio.analysis.latent_transform import Axes
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Basis, Direction, SliderState
    from aestudio.gui.widgets.slider_row import SliderKey
    from aestudio.training.events import RunKey

translate = QCoreApplication.translate

UNKNOWN_RANGE = (-3.0, 3.0)
DIRECTION_RANGE = (-2.0, 2.0)
# While a training runs, ranges only grow, and only when the data leave them by this share.
_SLACK = 0.05


@dataclass(frozen=True, eq=False)
class SliderContent:
    """All data that the sliders show.

    basis:   the axes of the sliders; "dimensions" also while the components are not known yet
    figures: of these axes, or None while they are not known
    ranges:  float64 (k, 2)
    names, direction_names: what each moves, as far as it is known
    """

    basis: Basis
    axes: Axes
    figures: AxisStatistics | None
    ranges: NDArray[np.float64]
    sliders: SliderState
    directions: tuple[Direction, ...]
    names: tuple[AxisName | None, ...]
    direction_names: tuple[AxisName | None, ...]

    def __len__(self) -> int:
        return len(self.axes)


def content_of(state: StudioState, axes: Axes, steady: SteadyRanges) -> SliderContent:
    """The content for the state; `axes` are those that the sliders move (`explore.latent_transform`)."""
    size, workspace = axes.size, state.workspace
    found = state.value("sliders")
    figures = None if found is None else found.metrics_of(workspace.sliders.basis)
    if figures is not None and figures.axes.size != size:
        figures = None
    basis: Basis = "dimensions" if figures is None else workspace.sliders.basis
    names = state.value("names")
    return SliderContent(
        basis,
        axes,
        figures,
        steady.ranges(state, basis, figures, size),
        workspace.sliders,
        workspace.directions,
        () if names is None else names.of(basis, size),
        () if names is None else names.of_directions(workspace.directions),
    )


class SteadyRanges:
    """The sliders' ranges, which must not jump while a training moves the codes."""

    def __init__(self) -> None:
        self._what: tuple[RunKey | None, Basis, int] | None = None
        self._ranges = np.empty((0, 2))

    def ranges(
        self, state: StudioState, basis: Basis, figures: AxisStatistics | None, size: int
    ) -> NDArray[np.float64]:
        """Range of each slider, float64 (k, 2)."""
        model = state.model
        given = None if model is None else model.ranges
        if basis == "dimensions" and given is not None and len(given) == size:
            return given.astype(np.float64)  # the model's ranges are steady already
        if figures is None:
            return np.tile(UNKNOWN_RANGE, (size, 1))
        what = (None if model is None else model.snapshot.run_key, basis, size)
        if what != self._what or not state.training.active:
            self._what, self._ranges = what, figures.ranges
        else:
            self._ranges = grown(self._ranges, figures.ranges)
        return self._ranges


def grown(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """The old ranges (k, 2), wider where the new ones leave them."""
    width = (old[:, 1] - old[:, 0]) * _SLACK
    inside = (new[:, 0] >= old[:, 0] - width) & (new[:, 1] <= old[:, 1] + width)
    if inside.all():
        return old
    return np.stack([np.minimum(old[:, 0], new[:, 0]), np.maximum(old[:, 1], new[:, 1])], axis=1)


# ---- which sliders, in which order -------------------------------------------------------------------


def order(content: SliderContent, by_information: bool, wanted: str) -> tuple[SliderKey, ...]:
    """Keys of the wanted sliders, from the top: own directions, then the axes by number or information.

    wanted: text of the filter; each word must be part of a symbol or name, or be a slider's condition
    """
    words = wanted.lower().split()
    numbers: Iterable[int] = range(len(content))
    if by_information and content.figures is not None:
        numbers = np.argsort(-content.figures.information, kind="stable").tolist()
    silent = content.sliders.silent(len(content))
    own: list[SliderKey] = [
        ("direction", index)
        for index, direction in enumerate(content.directions)
        if _matches(words, direction.name.lower(), set())
    ]
    return (
        *own,
        *(
            ("axis", index)
            for index in numbers
            if not words or _matches(words, _text_of(content, index), _conditions(content, index, silent))
        ),
    )


def _text_of(content: SliderContent, index: int) -> str:
    return f"{symbol_of(content.basis, index)} {_name_of(content.names, index)}".lower()


def _matches(words: Sequence[str], text: str, conditions: set[str]) -> bool:
    known = _condition_words()
    return all(known[word] in conditions if word in known else word in text for word in words)


def _condition_words() -> dict[str, str]:
    """The filter's words for a slider's condition, in English and translated."""
    words = {
        "active": translate("desk", "active"),
        "collapsed": translate("desk", "collapsed"),
        "muted": translate("desk", "muted"),
        "soloed": translate("desk", "soloed"),
        "locked": translate("desk", "locked"),
        "silent": translate("desk", "silent"),
    }
    return {word: word for word in words} | {shown.lower(): word for word, shown in words.items()}


def _conditions(content: SliderContent, index: int, silent: frozenset[int]) -> set[str]:
    sliders, figures = content.sliders, content.figures
    active = figures is not None and bool(figures.active[index])
    return {
        word
        for word, so in (
            ("active", active),
            ("collapsed", figures is not None and not active),
            ("muted", index in sliders.muted),
            ("soloed", index in sliders.soloed),
            ("locked", index in sliders.locked),
            ("silent", index in silent),
        )
        if so
    }


# ---- what each shows ------------------------------------------------------------------------------------


def rows_of(content: SliderContent, keys: Iterable[SliderKey]) -> tuple[SliderRow, ...]:
    """The sliders with these keys."""
    silent = content.sliders.silent(len(content))
    return tuple(
        _direction_row(content, index) if kind == "direction" else _axis_row(content, index, silent)
        for kind, index in keys
    )


def symbol_of(basis: Basis, index: int) -> str:
    """ "z7" or "PC 7"."""
    return translate("desk", "PC {}").format(index + 1) if basis == "components" else f"z{index + 1}"


def _name_of(names: tuple[AxisName | None, ...], index: int) -> str:
    name = names[index] if index < len(names) else None
    return "" if name is None else axis_text(name)


def _help_of(names: tuple[AxisName | None, ...], index: int) -> str:
    name = names[index] if index < len(names) else None
    return "" if name is None else axis_help(name)


def _axis_row(content: SliderContent, index: int, silent: frozenset[int]) -> SliderRow:
    sliders, figures = content.sliders, content.figures
    low, high = content.ranges[index].tolist()
    components = content.basis == "components"
    row = SliderRow(
        key=("axis", index),
        symbol=symbol_of(content.basis, index),
        low=low,
        high=high,
        name=_name_of(content.names, index),
        help=_help_of(content.names, index),
        rest=float(content.axes.neutral[index]),
        unit=translate("desk", "standard deviations of the data") if components else "",
        muted=index in sliders.muted,
        soloed=index in sliders.soloed,
        locked=index in sliders.locked,
        silent=index in silent,
    )
    return row if figures is None else _metered(row, figures, index, components)


def _metered(row: SliderRow, figures: AxisStatistics, index: int, components: bool) -> SliderRow:
    largest = float(figures.information.max())
    amount = float(figures.information[index])
    if figures.kl is not None:
        figure, unit = f"{amount:.2f}", translate("desk", "nats")
        words = translate("desk", "KL to the prior: {} nats on average.").format(f"{amount:.3f}")
    else:
        percent = 100 * amount
        figure, unit = f"{percent:.1f} %" if percent < 9.95 else f"{percent:.0f} %", ""
        words = translate("desk", "{} % of the codes' variance; standard deviation {}.").format(
            f"{percent:.2f}", f"{figures.std[index]:.3g}"
        )
        if components and figures.sigma is not None:
            words += " " + translate("desk", "The KL has no parts along components.")
    return replace(
        row,
        meter=amount / largest if largest > 0 else 0.0,
        figure=figure,
        figure_unit=unit,
        meter_help=words,
        active=bool(figures.active[index]),
    )


def _direction_row(content: SliderContent, index: int) -> SliderRow:
    direction = content.directions[index]
    unsure = uncertainty(direction)
    low, high = DIRECTION_RANGE
    known = bool(np.isfinite(unsure))
    words = translate("desk", "Its standard error is {} % of its length.").format(f"{100 * unsure:.0f}")
    if not known:
        words = translate("desk", "Its error is not known: a group of one has no variance.")
    found = _name_of(content.direction_names, index)
    return SliderRow(
        key=("direction", index),
        symbol=direction.name,
        low=low,
        high=high,
        name=found,
        help=_help_of(content.direction_names, index) or direction.name,
        unit=translate("desk", "times the direction, added to the code"),
        meter=min(1.0, unsure) if known else None,
        figure=f"±{100 * unsure:.0f} %" if known else "",
        meter_help=words,
    )


def uncertainty(direction: Direction) -> float:
    """Length of the standard error per length of the direction; not a number where it is not known."""
    length = float(np.linalg.norm(direction.vector))
    return float(np.linalg.norm(direction.error)) / length if length > 0 else 0.0


def standings(
    content: SliderContent,
    keys: Iterable[SliderKey],
    code: NDArray[np.float32],
    std: NDArray[np.float32] | None,
) -> tuple[tuple[float, ...], tuple[float | None, ...]]:
    """The values of these sliders, and the bars behind their handles.

    std: the posterior's, float32 (L,), if the code is an image's; otherwise the mean one is shown.
    A direction's bar is its standard error at its amount.
    """
    placed = content.axes.coordinates(code).tolist()
    sigma = _sigmas(content, std)
    values, sigmas = [], []
    for kind, index in keys:
        if kind == "direction":
            direction = content.directions[index]
            values.append(direction.amount)
            unsure = uncertainty(direction)
            sigmas.append(abs(direction.amount) * unsure if np.isfinite(unsure) else None)
        else:
            values.append(placed[index])
            sigmas.append(None if sigma is None else float(sigma[index]))
    return tuple(values), tuple(sigmas)


def _sigmas(content: SliderContent, std: NDArray[np.float32] | None) -> NDArray[np.float64] | None:
    if content.figures is None:
        return None
    if std is not None and len(std) == content.axes.size:
        return content.figures.sigma_of(std)
    return content.figures.sigma

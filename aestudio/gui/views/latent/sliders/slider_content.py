"""Content of the sliders, computed from the state: axes, ranges, statistics and names. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.model_state import widened
from aestudio.gui.views.latent.sliders.axis_names import axis_text, short_axis_text
from aestudio.gui.views.latent.sliders.shown_names import shown_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.attribute_discovery import AxisName
    from aestudio.analysis.axis_statistics import AxisStatistics
    from aestudio.analysis.latent_transform import Axes
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Basis, Direction, SliderState
    from aestudio.recipes.latent import Level
    from aestudio.training.events import RunKey

translate = QCoreApplication.translate

UNKNOWN_RANGE = (-3.0, 3.0)


@dataclass(frozen=True, eq=False)
class SliderContent:
    """All data that the sliders show, for L axes and the user's own directions.

    basis:      the axes of the sliders; "dimensions" also until the components are known
    statistics: of these axes; None until they are known
    ranges:     float64 (L, 2): lowest and highest value of each slider
    names, direction_names: which attribute each changes, as far as it is measured
    levels:     the groups that the axes belong to; () for one group, and for components, which mix them
    tells_images_apart: whether the model is better than the mean image; if not, no axis has an attribute
    no_strokes: why attributes of strokes are not measured in these pictures, or ""
    """

    basis: Basis
    axes: Axes
    statistics: AxisStatistics | None
    ranges: NDArray[np.float64]
    sliders: SliderState
    directions: tuple[Direction, ...]
    names: tuple[AxisName | None, ...]
    direction_names: tuple[AxisName | None, ...]
    no_strokes: str = ""
    levels: tuple[Level, ...] = ()
    tells_images_apart: bool = True

    def __len__(self) -> int:
        return len(self.axes)


def content_of(state: StudioState, axes: Axes, steady: SteadyRanges) -> SliderContent:
    """The content for the state; `axes` are those that the sliders move (`explore.latent_transform`)."""
    size, workspace = axes.size, state.workspace
    result = state.value("sliders")
    statistics = None if result is None else result.metrics_of(workspace.sliders.basis)
    if statistics is not None and statistics.axes.size != size:
        statistics = None
    basis: Basis = "dimensions" if statistics is None else workspace.sliders.basis
    names = shown_names(state)
    return SliderContent(
        basis,
        axes,
        statistics,
        steady.ranges(state, basis, statistics, size),
        workspace.sliders,
        workspace.directions,
        () if names is None else names.of(basis, size),
        () if names is None else names.of_directions(workspace.directions),
        "" if names is None else names.no_strokes,
        () if basis == "components" or state.snapshot is None else state.snapshot.architecture.latent.levels,
        names is None or names.tells_images_apart,
    )


class SteadyRanges:
    """Ranges of the sliders that do not jump while a training moves the codes."""

    def __init__(self) -> None:
        self._key: tuple[RunKey | None, Basis, int] | None = None
        self._ranges = np.empty((0, 2))

    def ranges(
        self, state: StudioState, basis: Basis, statistics: AxisStatistics | None, size: int
    ) -> NDArray[np.float64]:
        """Range of each slider, float64 (L, 2)."""
        model = state.model
        given = None if model is None else model.ranges
        if basis == "dimensions" and given is not None and len(given) == size:
            return given.astype(np.float64)  # a shipped model's ranges do not change
        if statistics is None:
            return np.tile(UNKNOWN_RANGE, (size, 1))
        key = (None if model is None else model.snapshot.run_key, basis, size)
        if key != self._key or not state.shown_run.active:
            self._key, self._ranges = key, statistics.ranges
        else:
            self._ranges = widened(self._ranges, statistics.ranges)
        return self._ranges


def symbol_of(basis: Basis, index: int) -> str:
    """Symbol of an axis: "z7" or "PC 7"."""
    if basis == "components":
        return translate("latent sliders", "PC {}").format(index + 1)
    return f"z{index + 1}"


def name_text(names: tuple[AxisName | None, ...], index: int) -> str:
    """The name of an axis, translated; "" until it is measured."""
    name = names[index] if index < len(names) else None
    return "" if name is None else axis_text(name)


def short_name_text(names: tuple[AxisName | None, ...], index: int) -> str:
    """The name of an axis without its correlation, if there is no room for all."""
    name = names[index] if index < len(names) else None
    return short_axis_text(name)

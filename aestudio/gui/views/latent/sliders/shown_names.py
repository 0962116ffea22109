"""The names of axes that are worth showing: of a model that tells images apart. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.inference.requests.axis_names_request import CHANNEL

if TYPE_CHECKING:
    from aestudio.analysis.attribute_discovery import AxisName
    from aestudio.gui.inference.requests.axis_names_request import AxisNames
    from aestudio.gui.state.studio_state import StudioState


def shown_names(state: StudioState) -> AxisNames | None:
    """What each axis moves, as far as it is measured.

    A model that is no better than the mean image decodes noise or a blur; what attributes that has is chance,
    and only that an axis moves little or nothing is true. The names bring this with them: the data support
    can be of another step.
    """
    names: AxisNames | None = state.value(CHANNEL)
    if names is None or names.tells_images_apart:
        return names
    return replace(
        names, axes=_without_attributes(names.axes), directions=_without_attributes(names.directions)
    )


def _without_attributes(names: tuple[AxisName | None, ...]) -> tuple[AxisName | None, ...]:
    return tuple(
        name if name is not None and name.verdict in ("little", "nothing") else None for name in names
    )

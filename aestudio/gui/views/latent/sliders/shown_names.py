"""The names of axes that are worth showing: of a model that tells images apart. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.inference.requests.axis_names_request import CHANNEL
from aestudio.gui.inference.requests.data_support_request import DataSupportReference

if TYPE_CHECKING:
    from aestudio.analysis.attribute_discovery import AxisName
    from aestudio.analysis.data_support.support import DataSupport
    from aestudio.gui.inference.requests.axis_names_request import AxisNames
    from aestudio.gui.state.studio_state import StudioState


def tells_images_apart(state: StudioState) -> bool:
    """Whether the shown model is better than the mean image, as far as that is known: see the gauge."""
    reference: DataSupport | None = state.value(DataSupportReference.channel)
    return reference is None or reference.tells_images_apart


def shown_names(state: StudioState) -> AxisNames | None:
    """What each axis moves, as far as it is measured.

    A model that is no better than the mean image decodes noise or a blur; what attributes that has is chance,
    and only that an axis moves little or nothing is true.
    """
    names: AxisNames | None = state.value(CHANNEL)
    if names is None or tells_images_apart(state):
        return names
    return replace(
        names, axes=_without_attributes(names.axes), directions=_without_attributes(names.directions)
    )


def _without_attributes(names: tuple[AxisName | None, ...]) -> tuple[AxisName | None, ...]:
    return tuple(
        name if name is not None and name.verdict in ("little", "nothing") else None for name in names
    )

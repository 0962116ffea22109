"""What the user chose that is kept across starts: appearance, smoothing, what the map shows, the tour.

Kept as a table of JSON values, one for each control. A value that is unknown, damaged or of another kind is
ignored, and the others are used.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from aestudio.errors import BadChoice
from aestudio.gui.state.chosen_axes import axes_in, table_of
from aestudio.gui.state.embedding_state import with_setting
from aestudio.gui.state.studio_state import MapChoice
from aestudio.gui.theme.schemes import SCHEMES, Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.state.embedding_state import EmbeddingState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Basis

NORMAL_TEXT = 100
TEXT_SIZES = (NORMAL_TEXT, 110, 125, 150)
"""Per cent of the usual size, of type and distances alike."""
MOST_SMOOTHING = 0.05
_TEXT, _MAP, _EMBEDDING = "text_size", "map.", "embedding."
_TOUR = "tour_seen"
_THEME, _INK, _SMOOTHING, _LOGARITHMIC = "theme", "ink_on_paper", "curves.smoothing", "curves.logarithmic"
_CLIPPED, _AXES = "curves.clip_outliers", "axes"
_BASIS, _SAME_AXES = "sliders.basis", "compare.same_axes"


def other_text_size(size: int, steps: int) -> int:
    """The size by this number of steps larger, or smaller if negative; at the ends the last one."""
    return TEXT_SIZES[max(0, min(len(TEXT_SIZES) - 1, TEXT_SIZES.index(size) + steps))]


def preferences_of(state: StudioState) -> dict[str, Any]:
    """All that is kept, by the name of the control."""
    choices = {f"{_MAP}{name}": value for name, value in asdict(state.map_choice).items()}
    return {
        _TEXT: state.text_size,
        _THEME: state.theme,
        _INK: state.ink_on_paper,
        _TOUR: state.tour_seen,
        _SMOOTHING: state.smoothing,
        _LOGARITHMIC: state.logarithmic,
        _CLIPPED: state.clip_outliers,
        _AXES: table_of(state.axes),
        _BASIS: state.workspace.sliders.basis,
        _SAME_AXES: state.comparison.same_axes,
        **choices,
        **_embedding_settings(state),
    }


def _embedding_settings(state: StudioState) -> dict[str, Any]:
    return {
        f"{_EMBEDDING}{kind}.{name}": value
        for kind, settings in state.embedding.settings.items()
        for name, value in settings.model_dump().items()
    }


def with_preferences(state: StudioState, table: Mapping[str, Any]) -> StudioState:
    """The state with what was kept of it."""
    hints = get_type_hints(MapChoice)
    choices = {name: table.get(f"{_MAP}{name}") for name in hints}
    known = {name: value for name, value in choices.items() if _is_one_of(value, _values_of(hints[name]))}
    return replace(
        state,
        text_size=text_size_in(table),
        theme=theme_in(table),
        ink_on_paper=table.get(_INK) is True,
        tour_seen=table.get(_TOUR) is True,
        smoothing=_smoothing_in(table, state.smoothing),
        logarithmic=table.get(_LOGARITHMIC) is True,
        clip_outliers=table.get(_CLIPPED) is True,
        axes=axes_in(table.get(_AXES)),
        workspace=replace(state.workspace, sliders=replace(state.workspace.sliders, basis=_basis_in(table))),
        comparison=replace(state.comparison, same_axes=table.get(_SAME_AXES) is not False),
        map_choice=replace(state.map_choice, **known),
        embedding=_embedding_in(table, state),
    )


def _embedding_in(table: Mapping[str, Any], state: StudioState) -> EmbeddingState:
    embedding = state.embedding
    for kind, settings in state.embedding.settings.items():
        for name, usual in settings.model_dump().items():
            value = table.get(f"{_EMBEDDING}{kind}.{name}")
            if type(value) is type(usual):
                with suppress(BadChoice):
                    embedding = with_setting(embedding, kind, name, value)
    return embedding


def text_size_in(table: Mapping[str, Any]) -> int:
    """The size of the text that was kept."""
    kept = table.get(_TEXT)
    return next((size for size in TEXT_SIZES if _is_one_of(kept, (size,))), NORMAL_TEXT)


def theme_in(table: Mapping[str, Any]) -> Scheme:
    """The theme that was kept."""
    theme = table.get(_THEME)
    for scheme in SCHEMES:
        if scheme == theme:
            return scheme
    return "system"


def _smoothing_in(table: Mapping[str, Any], usual: float) -> float:
    share = table.get(_SMOOTHING)
    return share if isinstance(share, float) and 0 <= share <= MOST_SMOOTHING else usual


def _basis_in(table: Mapping[str, Any]) -> Basis:
    return "components" if table.get(_BASIS) == "components" else "dimensions"


def _values_of(kind: Any) -> tuple[object, ...]:
    return (True, False) if kind is bool else get_args(kind)


def _is_one_of(value: Any, allowed: tuple[object, ...]) -> bool:
    """Whether it is one of these values; 1 is not True."""
    return any(type(value) is type(one) and value == one for one in allowed)

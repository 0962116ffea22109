"""The colour of each point of a map: by class, or by a value on a scale; pale if not selected."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.plots.map_layers import PointValues, limits_of
from aestudio.gui.theme.scales import sequential_table, to_steps
from aestudio.gui.theme.tokens import channels, mix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.plots.raster import Pixels
    from aestudio.gui.theme.tokens import Theme

_SHADES, _SHADE_STEP = 3, 0.09
_PALE = 0.72
_OPAQUE = np.uint32(0xFF000000)


@dataclass(frozen=True, eq=False)
class PointColours:
    """All that decides the points' colours.

    labels: int64 (N,) or None; a label outside of `names` is unknown; shown: the visible classes
    values: numbers to colour by, or None; selected: bool (N,), or None without a selection
    hidden: whether no point is drawn, nor found by the mouse
    """

    count: int
    labels: NDArray[np.int64] | None = None
    names: tuple[str, ...] = ()
    shown: frozenset[int] = frozenset()
    values: PointValues | None = None
    selected: NDArray[np.bool_] | None = None
    hidden: bool = False

    @cached_property
    def visible(self) -> NDArray[np.bool_]:
        """Which points are visible, bool (N,); cached, because every movement of the mouse needs it."""
        if self.hidden or self.labels is None:
            return np.full(self.count, not self.hidden)
        table = np.ones(len(self.names) + 1, np.bool_)
        table[: len(self.names)] = False
        table[[label for label in self.shown if label < len(self.names)]] = True
        return table[self._known()]

    def _known(self) -> NDArray[np.int64]:
        """Labels (N,); an unknown label becomes the number after the last class."""
        assert self.labels is not None
        unknown = len(self.names)
        return np.where((self.labels >= 0) & (self.labels < unknown), self.labels, unknown)

    def colours(self, theme: Theme) -> Pixels:
        """Colours (N,) as uint32 0xffRRGGBB, 0 for a hidden point."""
        inks = self._by_value(theme) if self.values is not None else self._by_class(theme)
        if self.selected is not None:
            inks = np.where(self.selected, inks, mixed(inks, theme.panel, _PALE))
        return np.where(self.visible, inks, np.uint32(0))

    def order(self) -> NDArray[np.intp] | None:
        """Drawing order (N,): selected points last, over all others; None without a selection."""
        return None if self.selected is None else np.argsort(self.selected, kind="stable")

    def _by_class(self, theme: Theme) -> Pixels:
        grey = _opaque(mix(theme.panel, theme.muted, 0.8))
        if self.labels is None:
            return np.full(self.count, grey, np.uint32)
        colours = len(theme.class_colours)
        inks = np.full((_SHADES, colours + 1), grey, np.uint32)
        for shade in range(_SHADES):
            for colour in range(colours):
                inks[shade, colour] = _class_colour(theme, colour, shade)
        labels = self._known()
        which = np.where(labels == len(self.names), colours, labels % colours)
        return inks[np.arange(self.count) % _SHADES, which]

    def _by_value(self, theme: Theme) -> Pixels:
        assert self.values is not None
        table = sequential_table(theme).astype(np.uint32)
        inks = _OPAQUE | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]
        values = self.values.values
        colours = inks[to_steps(values, *limits_of(values))]
        return np.where(np.isfinite(values), colours, _opaque(mix(theme.panel, theme.muted, 0.5)))


def mixed(inks: Pixels, other: str, part: float) -> Pixels:
    """Opaque colours (N,), each mixed with a share (0 ... 1) of another colour."""
    colours = np.full(len(inks), _OPAQUE, np.uint32)
    for shift, channel in zip((16, 8, 0), channels(other), strict=True):
        old = ((inks >> np.uint32(shift)) & np.uint32(255)).astype(np.float32)
        colours |= np.rint(old + (channel - old) * part).astype(np.uint32) << np.uint32(shift)
    return colours


def _opaque(colour: str) -> np.uint32:
    red, green, blue = channels(colour)
    return np.uint32(0xFF000000 | red << 16 | green << 8 | blue)


def _class_colour(theme: Theme, index: int, shade: int) -> np.uint32:
    """One of a few shades of a class's colour, so that single points are visible in a dense cluster.

    They go towards the ink, away from the panel: none has less contrast than the colour itself.
    """
    return _opaque(mix(theme.class_colours[index], theme.text, shade * _SHADE_STEP))

"""What an axis of the code space moves in the decoded digits, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["measure", "mixed", "little", "nothing"]


@dataclass(frozen=True)
class Link:
    """How one measure goes with the position along an axis.

    r:      correlation of position and measure within each digit, pooled over the digits
    low:    the lower end of the 95 % interval of |r| (jackknife over the digits), at least 0
    effect: change from the axis' low to its high end, in the measure's standard deviation over the data
    """

    r: float
    low: float
    effect: float


@dataclass(frozen=True)
class AxisName:
    """What one axis moves.

    verdict: "measure" where one is sure, "mixed" where none is, "little" where all change by less than a
             quarter of the data's spread, "nothing" where the picture stays the same
    measure: the key of what it moves ("slant", "class:3"), "" unless the verdict is "measure"
    r, effect: of that measure, 0 where there is none; see Link
    links:   of every measure, by key
    digits:  how many digits were moved along the axis
    """

    verdict: Verdict
    measure: str
    r: float
    effect: float
    links: Mapping[str, Link]
    digits: int

    def strongest(self, count: int) -> list[tuple[str, Link]]:
        """The measures that go with the position most surely, the surest first."""
        return sorted(self.links.items(), key=lambda item: -item[1].low)[:count]

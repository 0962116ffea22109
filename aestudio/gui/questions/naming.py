"""The question behind the strips' labels: what each axis moves, coarse first, then finer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.analysis.naming import AxisName

CHANNEL = "names"


@dataclass(frozen=True, eq=False)
class AxisNames:
    """What the axes of one set of strips move: `state.value("names")`.

    run, step: of the snapshot they were found with
    size:      the latent size
    kind:      which set of strips `axes` belongs to: one name per dimension or per principal component
    directions: one name per direction of the lab, in its order
    detail:    0 for the first, coarse look; higher is surer
    """

    run: str
    step: int
    size: int
    kind: str
    axes: tuple[AxisName, ...]
    directions: tuple[AxisName, ...]
    detail: int

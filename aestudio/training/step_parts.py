"""What is seen of one training step, and its parts in the order in which they happen. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PartKind = Literal["batch", "encoder", "code", "sample", "decoder", "loss", "gradients", "update"]


@dataclass(frozen=True)
class ParameterChange:
    """What an update does to one parameter: Euclidean norms.

    name:     in the model ("encoder.1.weight")
    gradient: of the gradient as the optimiser gets it, None if the loss does not depend on the parameter
    change:   of new minus old; size: of the old one
    """

    name: str
    gradient: float | None
    change: float
    size: float


@dataclass(frozen=True, eq=False)
class PhaseRecord:
    """One phase of a step, of the first N images; None for what the phase does not have.

    encoded:   what the encoder takes first (N, ...), the images with their noise; features: what it gives
    mean, deviation: of the code (N, L)
    decoded:   what the decoder takes (N, K): the sample, with the condition beside it
    output:    images (N, C, H, W) in [0, 1] of what the decoder gives
    terms:     of the loss, means over the whole batch; loss: the name of the minimised one
    changes:   of the parameters that the phase changes
    """

    name: str
    title: str
    loss: str
    terms: Mapping[str, float] = field(default_factory=dict[str, float])
    encoded: Floats | None = None
    features: Floats | None = None
    mean: Floats | None = None
    deviation: Floats | None = None
    decoded: Floats | None = None
    output: Floats | None = None
    rate: float = 0.0
    changes: tuple[ParameterChange, ...] = ()


@dataclass(frozen=True, eq=False)
class StepRecord:
    """One step.

    number: counted from 0; batch: how many images it learns from
    images: uint8 (N, C, H, W), the first ones as the data set has them; labels: (N,) or None
    """

    number: int
    batch: int
    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    phases: tuple[PhaseRecord, ...]


@dataclass(frozen=True)
class CodeLine:
    """The line of the program that does a part of a step. place: "file.py:12"."""

    place: str
    text: str


@dataclass(frozen=True)
class StepPart:
    """One part of a step. phase: the number of its phase in the record; the batch is of all of them"""

    kind: PartKind
    phase: int = 0


def parts_of(record: StepRecord) -> tuple[StepPart, ...]:
    """The parts of a step in their order: the batch, and of each phase from the encoder to the update."""
    parts = [StepPart("batch")]
    for number, phase in enumerate(record.phases):
        parts += [StepPart(kind, number) for kind in _kinds(phase)]
    return tuple(parts)


def _kinds(phase: PhaseRecord) -> Iterator[PartKind]:
    """Without a code of the images, what is decoded is drawn first, and judged then."""
    coded = phase.mean is not None
    generates = not coded and phase.decoded is not None
    if phase.encoded is not None and not generates:
        yield "encoder"
    if coded:
        yield "code"
    if phase.decoded is not None:
        if generates or phase.deviation is not None:
            yield "sample"
        yield "decoder"
    if phase.encoded is not None and generates:
        yield "encoder"
    yield "loss"
    yield "gradients"
    yield "update"

"""A data set that was opened and is looked at before it is used. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aestudio.datasets.picture_looks import ManyBroken
from aestudio.datasets.reading import Reading

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.summary import DataSummary
    from aestudio.errors import StudioError


@dataclass(frozen=True, eq=False)
class OpenedData:
    """What is looked at.

    origin:  as `load_dataset` takes it; name: for people
    reading: the switches as they are set; what is shown was read with them once the phase is "ready"
    dataset, summary: read last, None before
    problem: why it cannot be read
    """

    origin: str
    name: str
    reading: Reading = field(default_factory=Reading)
    phase: Literal["reading", "ready", "failed"] = "reading"
    dataset: Dataset | None = None
    summary: DataSummary | None = None
    problem: StudioError | None = None

    @property
    def usable(self) -> bool:
        """Whether what is shown can be used: it was read with the switches as they are set."""
        return self.phase == "ready" and self.dataset is not None

    @property
    def refused(self) -> bool:
        """Whether nothing of it was ever read; not while the user is asked about many broken pictures."""
        asked = isinstance(self.problem, ManyBroken)
        return self.phase == "failed" and self.dataset is None and not asked

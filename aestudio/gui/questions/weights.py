"""The first layer's weights as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.session.subject import Subject

if TYPE_CHECKING:
    from aestudio.analysis.weights import FirstLayer
    from aestudio.gui.questions.desk import Desk
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class FirstWeights:
    """What each unit or filter of the first layer looks for."""

    channel: ClassVar[str] = "first weights"
    urgent: ClassVar[bool] = True
    snapshot: Snapshot

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot)

    def answer(self, desk: Desk, progress: Progress) -> FirstLayer:  # noqa: ARG002 - quick, needs no module
        from aestudio.analysis.weights import first_layer

        return first_layer(self.snapshot)

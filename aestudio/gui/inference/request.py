"""A question to a snapshot: a frozen value that holds all it needs, answered on the inference thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.subject import Subject
    from aestudio.progress import Progress


class Request(Protocol):
    """A frozen, hashable value that holds all it needs.

    channel: answers of the same channel replace each other; urgent: a hand waits for it
    """

    channel: ClassVar[str]
    urgent: ClassVar[bool]

    @property
    def subject(self) -> Subject:
        """The run, the step and the digits that the answer is about."""
        ...

    def compute(self, cache: InferenceCache, progress: Progress) -> Any:
        """The value; runs on the inference worker's thread, may raise StudioError.

        A generator yields values that are shown while finer ones are worked out, and returns the last;
        between two of them it gives way to a newer question.
        """
        ...

"""A request to a snapshot: a frozen value with all it needs, computed on the inference thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.subject import Subject
    from aestudio.progress import Progress


class Request(Protocol):
    """A frozen, hashable value with all it needs.

    channel: results of the same channel replace each other; urgent: the user waits for it
    """

    channel: ClassVar[str]
    urgent: ClassVar[bool]

    @property
    def subject(self) -> Subject:
        """The run, the step and the images that the result is about."""
        ...

    def compute(self, cache: InferenceCache, progress: Progress) -> Any:
        """The value; runs on the inference worker's thread, may raise StudioError.

        A generator yields values that are shown while finer ones are computed, and returns the last;
        between two of them a newer request can replace it.
        """
        ...

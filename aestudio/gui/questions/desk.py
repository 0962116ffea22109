"""What the analyst keeps at hand between questions: a module of its own and the newest codes.

Torch is imported when it is first needed: the window stands before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.data.digits import Digits

if TYPE_CHECKING:
    from aestudio.analysis.viewer import Codes, Viewer
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


class Desk:
    """Belongs to one thread."""

    def __init__(self) -> None:
        from aestudio.training.threads import use_threads

        use_threads()
        self._viewer: Viewer | None = None
        self._codes: dict[tuple[Snapshot, Digits, int], Codes] = {}

    def viewer(self, snapshot: Snapshot) -> Viewer:
        """A viewer of the snapshot."""
        from aestudio.analysis.viewer import Viewer

        if self._viewer is None:
            self._viewer = Viewer(snapshot)
        self._viewer.show(snapshot)
        return self._viewer

    def codes(self, snapshot: Snapshot, digits: Digits, count: int, progress: Progress) -> Codes:
        """Codes of the first `count` digits; kept for the newest snapshot only."""
        from aestudio.analysis.codes import encode_set

        key = (snapshot, digits, min(count, len(digits)))
        if key not in self._codes:
            part = digits if count >= len(digits) else first_digits(digits, count)
            codes = encode_set(self.viewer(snapshot), part, progress)
            self._codes = {kept: value for kept, value in self._codes.items() if kept[0] is snapshot}
            self._codes[key] = codes
        return self._codes[key]


def first_digits(digits: Digits, count: int) -> Digits:
    """The first digits of a set, without copying their images."""
    labels = None if digits.labels is None else digits.labels[:count]
    return Digits(digits.images[:count], labels, digits.class_names)

"""What most requests are about: a snapshot, and one or several sets of images. Bases of their classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class OfSnapshot:
    """About a snapshot alone."""

    snapshot: Snapshot

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot)


@dataclass(frozen=True)
class OfImages(OfSnapshot):
    """About a snapshot and images of one set."""

    image_set: ImageSet

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, (self.image_set,))


@dataclass(frozen=True)
class OfImageSets(OfSnapshot):
    """About a snapshot and images of several sets, the test set first."""

    image_sets: tuple[ImageSet, ...]

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, self.image_sets)

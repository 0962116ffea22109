"""Which of the shown images have tags. Pure functions, without Qt and torch."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import located
from aestudio.runs.image_tags_file import SUGGESTED, ImageTags, of_dataset, untagged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.image_tags_file import Part


def tags_by_number(state: StudioState) -> Mapping[int, ImageTags]:
    """What is written about images of the loaded data set, by their number (`StudioState.image_at`)."""
    dataset, entries = state.dataset, state.workspace.tags
    return {} if dataset is None or not entries else _by_number(dataset, entries)


@lru_cache(maxsize=2)
def _by_number(dataset: Dataset, entries: tuple[ImageTags, ...]) -> Mapping[int, ImageTags]:
    """Cached: every change of the state asks, and each entry costs a checksum of its image."""
    known = of_dataset(entries, {"test": dataset.test, "train": dataset.train})
    before: dict[Part, int] = {"test": 0, "train": len(dataset.test)}
    return MappingProxyType({before[part] + index: entry for (part, index), entry in known.items()})


def tagged_numbers(state: StudioState, tag: str = "") -> NDArray[np.int64]:
    """Numbers of the images that have this tag, ascending, int64 (n,); "" for any tag or note."""
    found = [number for number, entry in tags_by_number(state).items() if not tag or tag in entry.tags]
    return np.array(sorted(found), np.int64)


def entry_of(state: StudioState, number: int) -> ImageTags | None:
    """What is written about an image, maybe nothing yet; None if the data set has no image of this number."""
    known = tags_by_number(state).get(number)
    if known is not None or state.dataset is None:
        return known
    found = located((state.dataset.test, state.dataset.train), number)
    if found is None:
        return None
    image_set, index = found
    return untagged("test" if image_set is state.dataset.test else "train", image_set, index)


def known_tags(state: StudioState) -> tuple[str, ...]:
    """The tags that can be chosen: those that the program suggests, then the user's own, by name."""
    own = {tag for entry in tags_by_number(state).values() for tag in entry.tags} - set(SUGGESTED)
    return (*SUGGESTED, *sorted(own, key=str.casefold))


def no_tags_yet(state: StudioState) -> bool:
    """Whether tags cannot be given now: there is no data set, or its tags are still being read."""
    kept = state.kept_lists.get("tags")
    return state.dataset is None or kept is None or kept.path is None or kept.reading

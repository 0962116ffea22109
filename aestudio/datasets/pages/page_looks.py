"""Pictures of pages among those of a data set: cutting them, and telling that they could be cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import LARGEST_SIDE
from aestudio.datasets.importers.image_files import Look, look_at_greys
from aestudio.datasets.pages.page_digits import cut_page, digits_seen
from aestudio.datasets.split import digests_of
from aestudio.errors import StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.entries import Entry
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.pages.page_digits import CutPage

_TRIED = 5  # pictures of a set, of which it is asked whether they are pages


@dataclass
class PageCutter:
    """Cuts the pictures of a set, and counts what is said of all of them.

    shape:    of the images of digits; inverted: whether pages are dark on light, None to decide by each
    digits, light: that were cut out; those of them from pages that are dark on light
    """

    shape: ImageShape
    inverted: bool | None
    digits: int = 0
    light: int = 0
    _pages: list[CutPage] = field(default_factory=list["CutPage"])

    def looks(self, path: Path, content: bytes | None, all_pages: bool) -> tuple[Look, ...]:
        """The digits of one file in the order of reading, each numbered in it; raises as `look_at`."""
        size = self.shape.height, self.shape.width
        found: list[Look] = []
        for page in look_at_greys(path, content, all_pages, self._cut):
            for image, digest in zip(page.images, digests_of(page.images), strict=True):
                found.append(Look(len(found), size, True, False, int(digest), None, image[None]))
        return tuple(found)

    def _cut(self, grey: NDArray[np.uint8]) -> CutPage:
        page = cut_page(grey, self.shape, self.inverted)
        self._pages.append(page)
        self.digits += len(page.images)
        self.light += len(page.images) * page.inverted
        return page

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done, and what to look at, for people."""
        pages = len(self._pages)
        many = f"{pages:,} pages" if pages > 1 else "1 page"
        notes = [f"{self.digits:,} digits cut out of {many}, each as MNIST has them."]
        if self.light:
            notes.append(f"{self.light:,} of them are dark on light, so these are inverted.")
        if uneven := sum(page.uneven for page in self._pages):
            notes.append(f"Shadows on the paper are evened out ({uneven:,} of {many}).")
        lines, spots = (sum(getattr(page, name) for page in self._pages) for name in ("lines", "spots"))
        if lines or spots:
            notes.append(f"Not taken for digits: {lines:,} lines and frames, {spots:,} small spots.")
        if wide := sum(page.wide for page in self._pages):
            notes.append(f"{wide:,} are wider than the others: perhaps digits that touch each other.")
        return tuple(notes)


def digits_on(path: Path, content: bytes | None = None) -> int:
    """About how many digits are on the first page of a picture; 0 for one that cannot be read, or no page."""
    try:
        return look_at_greys(path, content, False, digits_seen)[0]
    except StudioError:
        return 0


def offered_pages(entries: Sequence[Entry], looks: Sequence[Look]) -> tuple[int, str]:
    """About how many digits are on the pictures of a set that look like pages, and a note; 0, "" if few do.

    Only some of the large pictures are looked at.
    """
    large = [entry for entry, look in zip(entries, looks, strict=True) if max(look.size) > LARGEST_SIDE]
    if len(large) <= len(looks) // 2:
        return 0, ""
    tried = large[:: -(-len(large) // _TRIED)]
    counts = [digits_on(entry.path, entry.read()) for entry in tried]
    pages = [count for count in counts if count]
    if len(pages) <= len(tried) // 2:
        return 0, ""
    first = next(entry for entry, count in zip(tried, counts, strict=True) if count)
    note = (
        f"These seem to be pages with many digits (about {pages[0]:,} on {shortened(first.name, 40)}): "
        "they can be cut out, each as an image of its own (--cut digits)."
    )
    return round(sum(pages) / len(pages) * len(large)), note

"""What views offer of an image of the data set to a context menu: which one it is, and going to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.theme.colours import as_shown
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.pixmap import packed
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate

_LONGEST = 40  # characters of the name of a class


def name_of_image(state: StudioState, number: int) -> str:
    """ "Test image 17, class 4": its set, its index there, and its class if it has one; "" if there is none.

    number: as `StudioState.image_at` counts
    """
    found = state.image_at(number)
    if found is None:
        return ""
    image_set, index = found
    test = image_set is state.image_sets[0]
    name = translate("image", "Test image {}") if test else translate("image", "Training image {}")
    text = name.format(f"{index:,}")
    if image_set.labels is None:
        return text
    label = one_line(image_set.class_names[int(image_set.labels[index])], _LONGEST)
    return translate("image", "{}, class {}").format(text, label)


def image_offer(state: StudioState, number: int, *, made: str = "", channel: str = "") -> Offer:
    """What is offered of an image; nothing if there is none of this number.

    made: what was made of it, as "Reconstruction", "" for the image itself; channel: whose result that is
    """
    name = name_of_image(state, number)
    if not name:
        return Offer()
    step = state.step_of(channel) if channel else None
    return Offer(
        what=f"{made}\n{name}" if made else name,
        digit=number,
        source="run" if made else "data",
        step=step,
    )


def point_offer(state: StudioState, number: int) -> Offer:
    """The same of an image that is a point of a map, with its pixels."""
    found, offer = state.image_at(number), image_offer(state, number)
    if found is None:
        return offer
    image = as_shown(found[0].images[found[1]], state.ink_on_paper)
    return offer.inside(Offer(picture=packed(image)))

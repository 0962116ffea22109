"""The selected image's style in the other classes, by swapping the mean of its class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.attributes_request import OtherClasses
from aestudio.gui.state.condition_state import shown_kind
from aestudio.gui.state.model_shape import no_images
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import decoded_text, joined
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.attributes_request import Swapped
    from aestudio.gui.state.studio_state import StudioState

SECONDS_PER_ROW = 1.0
_TWO_ROWS = 144  # height of two rows of the smallest images with their captions


class ClassesPage(QWidget):
    """The selected image with the mean of its class replaced by that of each other class. Click: go there."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pace = RequestPacing(SECONDS_PER_ROW)
        self._shown = Shown()
        self._swapped: Swapped | None = None
        self.grid = ImageGrid()
        self.mark = ChannelMark(self.grid, OtherClasses.channel)
        self.grid.setAccessibleName(self.tr("The image's style in every class"))
        self.grid.setToolTip(self.tr("The selected image, moved to the mean of each class. Click: go there"))
        self.grid.describe = lambda _: Offer(step=session.state.step_of(OtherClasses.channel))
        self.grid.clicked.connect(self._go)
        self.grid.activated.connect(self._go)
        keep_length(self.grid, lambda grid, theme: grid.setMinimumHeight(theme.px(_TWO_ROWS)))
        self.message = FixedCaption(4)
        column(fill(self.grid), self.message, gap=4, on=self)

    def requests(self, state: StudioState) -> list[Request]:
        """The row of images for the selected one."""
        snapshot = self._pace.snapshot(state, OtherClasses.channel) or state.snapshot
        if snapshot is None or state.selected_image is None or state.image_sets[0].labels is None:
            return []
        return [OtherClasses(snapshot, *state.selected_image, state.image_sets[0])]

    def show_state(self, state: StudioState) -> None:
        """Show the row of images, or why it is empty."""
        result = state.results.get(OtherClasses.channel)
        labelled = bool(state.image_sets) and state.image_sets[0].labels is not None
        self._swapped = result.value if result is not None and labelled else None
        if self._shown.differs(self._swapped, state.ink_on_paper):
            swapped = self._swapped
            images = no_images(state) if swapped is None else swapped.images
            self.grid.set_captions(() if swapped is None else swapped.names)
            self.grid.set_images(as_shown(images, state.ink_on_paper))
            self.grid.set_selected(-1 if swapped is None else swapped.own)
        self.mark.show_state(state, visible=self._swapped is not None)
        problem = None if result is None else result.problem
        self.message.set_text(self._text(state, labelled, None if problem is None else str(problem)))

    def _text(self, state: StudioState, labelled: bool, problem: str | None) -> str:
        if not state.image_sets:
            return self.tr("The classes appear as soon as images are loaded.")
        if not labelled:
            return self.tr("These images have no labels, so there are no classes to swap.")
        if problem is not None:
            return problem
        if shown_kind(state) == "labels":
            return self.tr(
                "Class means swapped: code − mean of its class + mean of another, each decoded as its class."
            )
        title = "" if state.snapshot is None else state.snapshot.recipe.title
        text = self.tr(
            "Class means swapped: code − mean of its class + mean of another. “{}” was not given the "
            "class, so its code does not separate style and class."
        ).format(title)
        factors = (
            None if self._swapped is None or not self._swapped.conditions else self._swapped.conditions[0]
        )
        return joined(text, decoded_text(state, factors))

    def _go(self, index: int) -> None:
        if self._swapped is not None and index < len(self._swapped.codes):
            conditions = self._swapped.conditions
            told = conditions[index] if conditions else None
            self._session.explore.move_decoded_code_to(self._swapped.codes[index], told)

"""My drawings: draw an image, keep it, and follow it through the training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from aestudio.gui.inference.requests.drawings_request import DecodedDrawings, EncodedDrawings
from aestudio.gui.state.capabilities import no_codes
from aestudio.gui.state.model_shape import has_shape, no_images, shown_shape, usable_drawings
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import keep_least_lines, set_role
from aestudio.gui.views.latent.examples.other_shape import fitted, size_of, unused_reason
from aestudio.gui.views.latent.map.drawing_trails import drawing_requests
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import joined, shown_text
from aestudio.gui.views.shared.empty_reason import no_meaning
from aestudio.gui.views.shared.loss_units import unit_text
from aestudio.gui.views.shared.visible_height import GivenSizeWatch, given_size
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QObject

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.shared.empty_reason import Reason
    from aestudio.runs.drawings_file import Drawing

_DIMMED = 0.35  # of the ink of a drawing that is not used


class MyDrawingsPanel(Panel):
    """The pad on the left; on the right each kept drawing with its reconstruction."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._shown = Shown()
        self.pad = DrawingPad()
        self.pad.drawing_changed.connect(session.explore.draw)
        self.keep = IconButton("pin", self.tr("Keep the drawing and follow it on the map (Return)"))
        self.keep.clicked.connect(self._keep)
        self.clear = IconButton("trash", self.tr("Empty the pad (Delete)"))
        self.clear.clicked.connect(self.pad.clear)
        self.remove = IconButton("close", self.tr("Remove the chosen drawing (Delete)"))
        self.remove.clicked.connect(self._remove)
        self.grid = ImageGrid()
        self.mark = ChannelMark(self.grid, DecodedDrawings.channel)
        self.grid.setAccessibleName(self.tr("Kept drawings and their reconstructions"))
        self._tip = self.tr("Each drawing and its reconstruction. Click: go to its code. Delete: remove it.")
        self.grid.setToolTip(self._tip)
        self.grid.describe = self._describe_tile
        self.grid.hovered.connect(self._hovered)
        self.grid.clicked.connect(self._go_to)
        self.grid.selected_changed.connect(self._go_to)
        self.grid.installEventFilter(self)
        self.pad.installEventFilter(self)
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        set_role(self.message, "muted")
        self._lay_out()

    def _lay_out(self) -> None:
        pad = column(self.pad, fill(), gap=None)  # the pad keeps its proportions, at the top
        tools = column(self.keep, self.clear, fill(), self.remove, gap=4)
        # Fills the height: by its size hint, a grid of images would have its own height and a scroll bar.
        self.grid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        keep_least_lines(self.message, 2)
        kept = column(fill(self.grid), self.message)
        self._parts = row(fill(row(fill(pad), tools), 2), fill(kept, 3), on=self)
        self._size_watch = GivenSizeWatch(self)
        self._size_watch.changed.connect(self._arrange)

    def _arrange(self) -> None:
        """Put the kept drawings beside the pad, or below it in a panel that is higher than wide.

        The pad is as high as the panel at most: in a wide one it would not be seen as a whole.
        """
        given, directions = given_size(self), QBoxLayout.Direction
        high = given.height() > given.width()
        self._parts.setDirection(directions.TopToBottom if high else directions.LeftToRight)
        shape = shown_shape(self.session.state)
        fitting = (given.height() // 2 if high else given.height()) * shape.width // shape.height
        self.pad.setMaximumWidth(max(self.pad.minimumSizeHint().width(), fitting))

    def reason(self, state: StudioState) -> Reason | None:
        return no_meaning(no_codes(state.snapshot))

    def requests(self, state: StudioState) -> list[Request]:
        """The requests about the kept drawings, which the view makes for the map too."""
        return drawing_requests(state)

    def show_state(self, state: StudioState) -> None:
        """Show the kept drawings and their reconstructions."""
        drawings, used = state.workspace.drawings, usable_drawings(state)
        result = state.results.get(DecodedDrawings.channel)
        fits = result is not None and result.value is not None and result.request.drawings == used
        value = result.value if fits and result is not None else None
        self.mark.show_state(state, visible=value is not None)
        self.pad.set_shape(shown_shape(state))
        self.keep.setEnabled(state.drawing is not None)
        self.remove.setEnabled(bool(drawings))
        told = ""
        if value is not None and result is not None:
            told = shown_text(state, result.request.condition)
        if not self._shown.differs(drawings, value, told, state.ink_on_paper, str(shown_shape(state))):
            return
        self.pad.set_ink_on_paper(state.ink_on_paper)
        self._show_cells(state, used, value)
        text = self._text(state, "" if value is None or value.losses is None else value.loss_unit, told)
        self.message.setText(text)
        self.message.setToolTip(text)

    def _show_cells(
        self, state: StudioState, used: tuple[Drawing, ...], value: EncodedDrawings | None
    ) -> None:
        """Show each drawing with its reconstruction; those of another shape dimmed, and without one."""
        drawings, shape = state.workspace.drawings, shown_shape(state)
        parts = [no_images(state)]
        if drawings:
            parts = [np.stack([_shown_image(drawing.image, shape) for drawing in drawings])]
        texts = {drawing: size_of(drawing.image) for drawing in drawings if drawing not in used}
        if value is not None and value.reconstructions is not None and value.losses is not None:
            decoded = dict(zip(used, value.reconstructions, strict=True))
            blank = np.zeros(shape.array, np.uint8)
            parts.append(np.stack([decoded.get(drawing, blank) for drawing in drawings]))
            losses = zip(used, value.losses, strict=True)
            texts.update((drawing, f"{loss:.0f}") for drawing, loss in losses)
        self.grid.set_cells(*(as_shown(part[:, None], state.ink_on_paper) for part in parts))
        self.grid.set_captions(
            [
                f"{drawing.name} · {texts[drawing]}" if drawing in texts else drawing.name
                for drawing in drawings
            ]
        )

    def _text(self, state: StudioState, unit: str, told: str) -> str:
        if not state.workspace.drawings:
            return self.tr("Draw an image and keep it: the map follows it while the model learns.")
        text = self.tr("Below each: its name. They move over the map, and stay with the run.")
        if unit:
            text = self.tr("Below each: name · loss in {}. They move over the map, and stay with the run.")
            text = text.format(unit_text(unit))
        if told:
            text = joined(self.tr("Encoded and decoded {}.").format(told), text)
        others = len(state.workspace.drawings) - len(usable_drawings(state))
        if not others:
            return text
        return text + " " + self.tr("{} of other sizes are kept, and not used.").format(others)

    def _hovered(self, index: int) -> None:
        """Say in the tooltip why the drawing under the mouse is not used."""
        state = self.session.state
        drawings, tip = state.workspace.drawings, self._tip
        if 0 <= index < len(drawings):
            unused = unused_reason(drawings[index].image, shown_shape(state))
            tip = f"{one_line(drawings[index].name)}\n{unused}\n{tip}" if unused else tip
        self.grid.setToolTip(tip)

    def _keep(self) -> None:
        drawing: NDArray[np.uint8] | None = self.session.state.drawing
        if drawing is not None:
            self.session.workspace.keep_drawing(drawing)
            self.pad.clear()

    def _remove(self) -> None:
        drawings = self.session.state.workspace.drawings
        if drawings:
            chosen = self.grid.selected
            self.session.workspace.remove_drawing(
                chosen if 0 <= chosen < len(drawings) else len(drawings) - 1
            )

    def _describe_tile(self, tile: int) -> Offer:
        """What the context menu offers of a drawing or its reconstruction."""
        state, members = self.session.state, self.grid.members
        cell, member = divmod(tile, members)
        drawings = state.workspace.drawings
        name = one_line(drawings[cell].name) if cell < len(drawings) else ""
        if not member:
            return Offer(what=self.tr("Drawing “{}”").format(name), source="data")
        what = self.tr("Reconstruction of the drawing “{}”").format(name)
        return Offer(what=what, terms=("reconstruction",), step=state.step_of(DecodedDrawings.channel))

    def _go_to(self, index: int) -> None:
        self.grid.set_selected(index)
        state, result = self.session.state, self.session.state.results.get(DecodedDrawings.channel)
        drawings = state.workspace.drawings
        if result is None or result.value is None or not 0 <= index < len(drawings):
            return
        used: tuple[Drawing, ...] = result.request.drawings
        if drawings[index] in used and has_shape(drawings[index].image, shown_shape(state)):
            code = result.value.codes[used.index(drawings[index])]
            self.session.explore.move_to(code, result.request.condition)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the drawing when Return is pressed on the pad; remove the chosen one on Delete in the grid."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if watched is self.pad and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._keep()
                return True
            if watched is self.grid and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self._remove()
                return True
        return super().eventFilter(watched, event)


def _shown_image(image: NDArray[np.uint8], shape: ImageShape) -> NDArray[np.uint8]:
    """A drawing, uint8 (C, H, W); one of another shape is fitted into this one, with less ink."""
    if has_shape(image, shape):
        return image
    return np.rint(fitted(image, shape) * _DIMMED).astype(np.uint8)

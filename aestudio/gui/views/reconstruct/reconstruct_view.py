"""Originals beside what comes back, many at a time, one enlarged, and one drawn by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.exploration_request import Inspect
from aestudio.gui.inference.requests.reconstructions_request import DrawnDigit, Enlarged, Triples, WorstFirst
from aestudio.gui.views.reconstruct.class_probability_bars import ClassProbabilityBars
from aestudio.gui.views.reconstruct.drawing_corner import DrawingCorner
from aestudio.gui.views.reconstruct.enlarged_triple import EnlargedTriple
from aestudio.gui.views.reconstruct.order import Order, chosen_indices
from aestudio.gui.views.reconstruct.order_bar import OrderBar
from aestudio.gui.views.reconstruct.triples_grid import TriplesGrid
from aestudio.gui.views.shared.empty_reason import (
    OPEN_SHIPPED,
    EmptyReasonStack,
    decodes,
    missing,
    without_decoder,
)
from aestudio.gui.views.shared.error_scale import ERROR_LIMIT, ErrorScale
from aestudio.gui.views.view import View
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import Result, StudioState

WORST_SECONDS = 4.0
AMONG_WHILE_TRAINING = 2_000


class ReconstructView(View):
    """While a training runs, only what is visible is computed anew from each snapshot."""

    name: ClassVar[str] = "reconstruct"
    order: ClassVar[int] = 20

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._pace = RequestPacing(WORST_SECONDS)
        self._chosen: tuple[tuple[object, ...], tuple[int, ...]] = ((), ())
        self.orders = OrderBar()
        self.grid = TriplesGrid()
        self.mark = StepMark(self.grid)
        self.enlarged = EnlargedTriple()
        self.corner = DrawingCorner()
        self.probabilities = ClassProbabilityBars()
        self._legend = label("", "caption")
        self._lay_out()
        self.orders.changed.connect(session.changed)
        self.grid.room_changed.connect(session.changed)
        self.grid.picked.connect(session.explore.select)
        self.grid.pointed.connect(session.explore.hover)
        self.corner.drawn.connect(session.explore.draw)
        self.corner.keep_wanted.connect(self._drawing)
        self.empty_reason.helped.connect(lambda: session.runs.open(OPEN_SHIPPED))

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("ReconstructView", "Reconstruct")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "ReconstructView", "Compare images with their reconstructions, and draw a digit yourself"
        )

    def _lay_out(self) -> None:
        scale = ErrorScale(self.tr("too little ink"), self.tr("too much"))
        tip = self.tr(
            "The third image: reconstruction minus original. Full colour from a difference of {} on"
        )
        scale.setToolTip(tip.format(ERROR_LIMIT))
        legend = row(fill(self._legend), scale, gap=None)
        self.empty_reason = EmptyReasonStack(boxed(column(legend, fill(self.grid), gap=None)))
        self.probabilities.hide()
        side = _Side()
        column(self.enlarged, fill(), self.corner, on=side)
        images = column(fill(self.empty_reason), self.probabilities, gap=None)
        column(
            self.orders,
            fill(row(fill(images, 2), fill(side), gap=16)),
            gap=12,
            margins=(0, 8, 0, 0),
            on=self,
        )

    def _drawing(self) -> None:
        if self.session.state.drawing is not None:
            self.session.workspace.keep_drawing(self.session.state.drawing)
            name = self.session.state.workspace.drawings[-1].name
            self.session.show_message(
                self.tr("Pinned as “{}”: follow it on the map of the Latent view.").format(name)
            )

    # ---- asking -----------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The visible triples, the selected one, the drawing, and the worst where they are wanted."""
        snapshot, digits = state.snapshot, state.image_set
        if missing(state) is not None or snapshot is None or digits is None:
            return ()
        asked: list[Request] = []
        if state.drawing is not None:
            asked.append(DrawnDigit(snapshot, state.drawing.tobytes()))
        if not decodes(state):
            return asked
        if state.selected_image is not None:
            chosen, index = state.selected_image
            asked.append(Enlarged(snapshot, chosen, (index,)))
        indices = self._indices(state, digits)
        if indices:
            asked.append(Triples(snapshot, digits, indices))
        held = self._pace.snapshot(state, WorstFirst.channel)
        if self.orders.order.kind == "worst" and held is not None:
            count = AMONG_WHILE_TRAINING if state.training.phase == "running" else len(digits)
            asked.append(WorstFirst(held, digits, count))
        return asked

    def _indices(self, state: StudioState, digits: ImageSet) -> tuple[int, ...]:
        """What the grid should show; drawn once and kept while nothing it depends on changes."""
        order: Order = self.orders.order
        worst = (
            state.value(WorstFirst.channel) if _is_of(state.results.get(WorstFirst.channel), digits) else None
        )
        among = {"worst": None if worst is None else worst.indices, "selection": state.workspace.selection}
        found = among.get(order.kind)
        key = (order, digits, self.grid.room, None if found is None else found.tobytes())
        if key != self._chosen[0]:
            self._chosen = (key, chosen_indices(order, digits, self.grid.room, found))
        return self._chosen[1]

    # ---- showing ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        reason = missing(state)
        without = reason is None and not decodes(state)
        if without:
            reason = without_decoder(
                state, self.tr("Draw one on the pad to see which digit it takes it for.")
            )
        self.empty_reason.set_reason(reason)
        self.corner.set_decodes(not without)
        self.probabilities.setVisible(without)
        self.orders.setEnabled(not without)
        if state.image_set is not None:
            self.orders.set_digits(state.image_set)
        self._show_images(state)
        if without:
            self._show_probabilities(state)
        self._show_status(state)

    def _show_images(self, state: StudioState) -> None:
        ink = state.ink_on_paper
        triples, enlarged = state.results.get(Triples.channel), state.results.get(Enlarged.channel)
        wanted = state.image_set is not None and bool(self._indices(state, state.image_set))
        if triples is not None and triples.value is not None and wanted:
            self.grid.show_triples(triples.value, triples.request.image_set, ink)
            unit = self.tr("nats") if triples.value.loss_unit == "nats" else self.tr("squared error")
            self._legend.setText(self.tr("Below each: class · {}").format(unit))
        else:
            self.grid.clear()
            problem = None if triples is None else triples.problem
            self.grid.set_hint(self._coming(state) if problem is None else str(problem))
            self._legend.setText("")
        now = None if state.snapshot is None else state.snapshot.step
        self.mark.show_step(state.step_of(Triples.channel) if wanted else None, now, state.step_advances)
        self.grid.mark(state.selected)
        if enlarged is not None and enlarged.value is not None and decodes(state):
            self.enlarged.show_triple(enlarged.value, enlarged.request.image_set, ink)
        elif decodes(state):
            self.enlarged.clear()
        drawn = state.value(DrawnDigit.channel) if state.drawing is not None else None
        self.corner.show_drawn(drawn, ink)

    def _coming(self, state: StudioState) -> str:
        """What the empty place of the triples waits for."""
        if self.orders.order.kind == "selection":
            return self.tr("Select digits with the lasso on the map of the Latent view to see them here.")
        if self.orders.order.kind == "worst" and state.value(WorstFirst.channel) is None:
            return self.tr("The worst are being looked for ...")
        return self.tr("The reconstructions are being computed ...")

    def _show_probabilities(self, state: StudioState) -> None:
        """Of the drawing; of the selected digit while nothing is drawn."""
        result = DrawnDigit if state.drawing is not None else Inspect
        said, digits = state.value(result.channel), state.image_set
        drawn = state.drawing is not None
        title = self.tr("Your drawing is a") if drawn else self.tr("Image {} is a").format(state.selected)
        asked = state.results.get(result.channel)
        of_it = drawn or (asked is not None and asked.request.index == state.selected)
        if said is not None and said.probabilities is not None and digits is not None and of_it:
            self.probabilities.set_probabilities(title, said.probabilities, digits.class_names)
        else:
            self.probabilities.clear(title)
        if state.selected_image is not None:
            chosen, index = state.selected_image
            self.enlarged.show_original(index, chosen, state.ink_on_paper)

    def _show_status(self, state: StudioState) -> None:
        worst = state.value(WorstFirst.channel)
        if WorstFirst.channel in state.pending:
            text = self.tr("being updated ...")
        else:
            text = "" if worst is None else self.tr("of {} images").format(f"{worst.among:,}")
        self.orders.set_status(text)
        selected, own = state.workspace.selection, 0 if state.image_set is None else len(state.image_set)
        if selected is None:
            self.orders.set_selected(
                self.tr("nothing is selected: draw a lasso on the map of the Latent view")
            )
        else:
            shown = f"{int((selected < own).sum()):,}"
            self.orders.set_selected(
                self.tr("{} of {} are of the test set").format(shown, f"{len(selected):,}")
            )


class _Side(QWidget):
    """Takes the height that there is: squares as wide as they could be would need a higher window."""

    def hasHeightForWidth(self) -> bool:
        return False


def _is_of(result: Result | None, digits: ImageSet) -> bool:
    return result is not None and result.request.image_set is digits

"""Originals beside their reconstructions: a grid of them, the selected one enlarged, and a drawing."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.exploration_request import Inspect
from aestudio.gui.inference.requests.reconstructions_request import (
    Enlarged,
    ReconstructDrawing,
    Triples,
    WorstFirst,
)
from aestudio.gui.state.capabilities import no_codes, no_encoder, no_latent_space, no_reconstruction
from aestudio.gui.state.condition_state import class_titles, shown_condition, shown_kind
from aestudio.gui.state.model_shape import has_shape, shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.reconstruct.class_probability_bars import ClassProbabilityBars
from aestudio.gui.views.reconstruct.drawing_corner import DrawingCorner
from aestudio.gui.views.reconstruct.enlarged_triple import EnlargedTriple
from aestudio.gui.views.reconstruct.order import Order, chosen_indices
from aestudio.gui.views.reconstruct.order_bar import OrderBar
from aestudio.gui.views.reconstruct.triples_grid import TriplesGrid
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import own_sentence, own_text, shown_text
from aestudio.gui.views.shared.empty_reason import (
    EmptyReasonStack,
    missing,
    reason_not_to_reconstruct,
    reconstructs,
)
from aestudio.gui.views.shared.error_scale import ERROR_LIMIT, ErrorScale
from aestudio.gui.views.shared.image_offer import image_offer
from aestudio.gui.views.shared.loss_units import unit_help, unit_text
from aestudio.gui.views.view import View
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QResizeEvent

    from aestudio.analysis.reconstructions import Reconstructions
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import Result, StudioState
    from aestudio.training.events import Snapshot

WORST_SECONDS = 1.0  # at least, between two searches for the worst images while a training runs
QWIDGETSIZE_MAX = 16_777_215  # which PySide6 does not declare
_SHARES, _PRESENTED_SHARES = (2, 1), (3, 2)  # of the width: the grid, and the enlarged images beside it
_PAD_SHARE = 0.45  # of the height beside the grid in a presentation, at least
_ABOVE_PAD = 16  # logical pixels between the enlarged images and the pad
AMONG_WHILE_TRAINING = 2_000  # images among which the worst are searched while a training runs


class ReconstructView(View):
    """While a training runs, each snapshot is used to compute only what is visible."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._pace = RequestPacing(WORST_SECONDS)
        self._last_indices: tuple[tuple[object, ...], tuple[int, ...]] = ((), ())
        # Asked for since this order, these classes or this selection was chosen, and before that.
        self._asked: deque[tuple[int, ...]] = deque(maxlen=8)
        self._asked_before: tuple[tuple[int, ...], ...] = ()
        self._heading = Shown()
        self.orders = OrderBar()
        self.grid = TriplesGrid()
        self.mark = ChannelMark(self.grid, Triples.channel, WorstFirst.channel)
        self.enlarged = EnlargedTriple()
        self.corner = DrawingCorner()
        self.probabilities = ClassProbabilityBars()
        self.enlarged_mark = ChannelMark(self.enlarged, Enlarged.channel)
        # Not over the pad, on which the user draws.
        self.drawn_marks = [
            ChannelMark(part, ReconstructDrawing.channel, quiet=True)
            for part in (self.corner.reconstruction, self.corner.error)
        ]
        self.probabilities_mark = ChannelMark(self.probabilities, Inspect.channel, ReconstructDrawing.channel)
        self._legend = label("", "caption")
        self.grid.describe = self._describe_tile
        for member, image in enumerate(self.enlarged.images):
            image.describe = lambda _, member=member: self._describe_member(
                self.session.state.selected, member
            )
        self._lay_out()
        self.orders.changed.connect(session.changed)
        self.orders.tagged_wanted.connect(lambda: session.tags.select())
        self.grid.max_triples_changed.connect(session.changed)
        self.grid.image_selected.connect(session.explore.select)
        self.grid.image_hovered.connect(session.explore.hover)
        self.corner.drawn.connect(session.explore.draw)
        self.corner.picture_shown.connect(session.pictures.show_again)
        self.corner.picture_chosen.connect(session.pictures.choose)
        self.corner.keep_wanted.connect(self._keep_drawing)
        self.empty_reason.helped.connect(self.open_shipped)

    def _lay_out(self) -> None:
        self._scale = ErrorScale("", "")
        keeps = self._scale.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self._scale.setSizePolicy(keeps)
        self._describe_errors(colour=False)
        # Longer units shorten the legend, which has a tooltip; they do not widen the view.
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        legend = row(fill(self._legend), self._scale, gap=None)
        self.empty_reason = EmptyReasonStack(boxed(column(legend, fill(self.grid), gap=None)))
        self.probabilities.hide()
        self._side = _Side(self.enlarged, self.corner)
        column(self.enlarged, fill(), self.corner, on=self._side)
        images = column(self.orders.below, fill(self.empty_reason), self.probabilities, gap=None)
        self._body = row(fill(images, _SHARES[0]), fill(self._side, _SHARES[1]), gap=16)
        column(
            self.orders,
            fill(self._body),
            gap=12,
            margins=(0, 8, 0, 0),
            on=self,
        )

    def _describe_tile(self, tile: int) -> Offer:
        """What the context menu offers of an image in the grid."""
        found = self.grid.number_of(tile)
        return Offer() if found is None else self._describe_member(*found, channel=Triples.channel)

    def _describe_member(self, number: int, member: int, channel: str = Enlarged.channel) -> Offer:
        """The same of an image's original, reconstruction or error."""
        made = ("", self.tr("Reconstruction"), self.tr("Error"))[member]
        offer = image_offer(self.session.state, number, made=made, channel=channel)
        return offer.inside(Offer(terms=("reconstruction",) if member == 1 else ()))

    def _describe_errors(self, colour: bool) -> None:
        if colour:
            self._scale.set_labels(self.tr("luminance too low"), self.tr("too high"))
            tip = self.tr(
                "The third image: luminance (Rec. 709) of reconstruction minus original. "
                "Full colour from a difference of {} on"
            )
        else:
            self._scale.set_labels(self.tr("too little ink"), self.tr("too much"))
            tip = self.tr(
                "The third image: reconstruction minus original. Full colour from a difference of {} on"
            )
        self._scale.setToolTip(tip.format(ERROR_LIMIT))

    def _keep_drawing(self) -> None:
        if self.session.state.drawing is not None:
            self.session.workspace.keep_drawing(self.session.state.drawing)
            name = self.session.state.workspace.drawings[-1].name
            self.session.show_message(
                self.tr("Kept as “{}”: follow it on the map of the Latent view.").format(name)
            )

    # ---- requests ---------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The visible triples, the selected image, the drawing, and the worst images in that order."""
        snapshot, images = state.snapshot, state.image_set
        if missing(state) is not None or snapshot is None or images is None:
            return ()
        requests: list[Request] = []
        encodes = snapshot.architecture.encodes
        if encodes and state.drawing is not None and has_shape(state.drawing, shown_shape(state)):
            requests.append(ReconstructDrawing(snapshot, state.drawing.tobytes(), shown_condition(state)))
        if not reconstructs(state):
            return requests
        if state.selected_image is not None:
            image_set, index = state.selected_image
            requests.append(Enlarged(snapshot, image_set, (index,)))
        indices = self._indices(state, images)
        if indices:
            requests.append(Triples(self._sorted_snapshot(state, snapshot), images, indices))
        held = self._pace.snapshot(state, WorstFirst.channel)
        if self.orders.order.kind == "worst" and held is not None:
            count = AMONG_WHILE_TRAINING if state.shown_run.phase == "running" else len(images)
            requests.append(WorstFirst(held, images, count))
        return requests

    def _sorted_snapshot(self, state: StudioState, newest: Snapshot) -> Snapshot:
        """The snapshot of the triples: the newest, and of the worst images that by which they were found.

        Otherwise the losses below them would be of another step than their order, and not fall.
        """
        result = state.results.get(WorstFirst.channel)
        if self.orders.order.kind != "worst" or result is None or result.value is None:
            return newest
        return newest if result.failed is not None else result.request.snapshot

    def _indices(self, state: StudioState, images: ImageSet) -> tuple[int, ...]:
        """The images that the grid should show; computed again only if something they depend on changed."""
        order: Order = self.orders.order
        result = state.results.get(WorstFirst.channel)
        worst = state.value(WorstFirst.channel) if _is_about(result, images) else None
        among = {
            "worst": None if worst is None else worst.indices,
            "selection": state.workspace.selection,
        }.get(order.kind)
        key = (order, images, self.grid.max_triples, None if among is None else among.tobytes())
        if key != self._last_indices[0]:
            indices = chosen_indices(order, images, self.grid.max_triples, among)
            self._last_indices = (key, indices)
            selection = state.workspace.selection if order.kind == "selection" else None
            if self._heading.differs(order.kind, str(order.classes), selection):
                self._asked_before = tuple(self._asked)
                self._asked.clear()
            self._asked.append(indices)
        return self._last_indices[1]

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        advice = self.tr("Draw on the pad to see the predicted class.")
        self.empty_reason.set_reason(reason_not_to_reconstruct(state, advice))
        there = missing(state) is None
        classifier = there and no_latent_space(state.snapshot) != ""
        self.corner.set_decodes(not classifier)
        self.probabilities.setVisible(classifier)
        for part in (self.orders, self.orders.below):
            part.setEnabled(not there or reconstructs(state))
        self.corner.setEnabled(not no_reconstruction(state.snapshot) or classifier)
        self.corner.setToolTip("" if self.corner.isEnabled() else no_codes(state.snapshot))
        # Without an encoder there is nothing to enlarge or to draw for: the reason has all the space.
        self._side.setVisible(not no_encoder(state.snapshot))
        shape = shown_shape(state)
        self.grid.set_image_shape(shape)
        self.grid.set_presented(state.presentation)
        self._side.set_presented(state.presentation)
        for part, share in enumerate(_PRESENTED_SHARES if state.presentation else _SHARES):
            self._body.setStretch(part, share)
        self.enlarged.set_image_shape(shape)
        self.corner.set_image_shape(shape)
        self.corner.show_pictures(state.pictures, state.ink_on_paper)
        self._describe_errors(colour=not shape.grey)
        if state.image_set is not None:
            self.orders.set_images(state.image_set)
        self._show_images(state)
        if classifier:
            self._show_probabilities(state)
        self._show_status(state)

    def _show_images(self, state: StudioState) -> None:
        ink = state.ink_on_paper
        triples, enlarged = state.results.get(Triples.channel), state.results.get(Enlarged.channel)
        requested = state.image_set is not None and bool(self._indices(state, state.image_set))
        if triples is not None and triples.value is not None and requested and self._belongs(triples.value):
            self.grid.show_triples(triples.value, triples.request.image_set, ink)
            text = self.tr("class · {}")
            if shown_kind(state) == "labels":
                text = self.tr("told class · {}")
            elif own_text(state):
                text = self.tr("class · {}, told its factors")
            unit = unit_text(triples.value.loss_unit)
            self._legend.setText(text.format(unit))
            below = self.tr("Below each image: {}").format(text.format(unit))
            lines = (below, own_sentence(state), unit_help(triples.value.loss_unit))
            self._legend.setToolTip("\n".join(part for part in lines if part))
        else:
            self.grid.clear()
            problem = None if triples is None else triples.problem
            self.grid.set_hint(self._pending_text(state) if problem is None else str(problem))
            self._legend.setText("")
        self._scale.setVisible(self.grid.count > 0)
        worst = (WorstFirst.channel,) if self.orders.order.kind == "worst" else ()
        self.mark.show_state(state, Triples.channel, *worst, visible=self.grid.count > 0)
        self.enlarged_mark.show_state(state, visible=reconstructs(state))
        self.grid.mark(state.selected)
        if enlarged is not None and enlarged.value is not None and reconstructs(state):
            self.enlarged.show_triple(enlarged.value, enlarged.request.image_set, ink, own_text(state))
        elif not no_latent_space(state.snapshot):
            self.enlarged.clear()
        drawing = state.drawing is not None and has_shape(state.drawing, shown_shape(state))
        drawn = state.results.get(ReconstructDrawing.channel) if drawing else None
        for mark in self.drawn_marks:
            mark.show_state(state, visible=drawn is not None)
        told = "" if drawn is None else shown_text(state, drawn.request.condition)
        self.corner.show_drawn(None if drawn is None else drawn.value, ink, told)

    def _belongs(self, triples: Reconstructions) -> bool:
        """Whether these triples are of the chosen order and selection, and not of another one before."""
        indices = tuple(triples.indices.tolist())
        return indices in self._asked or indices not in self._asked_before

    def _pending_text(self, state: StudioState) -> str:
        """What the empty grid waits for."""
        if self.orders.order.kind == "selection":
            return self.tr("Select images with the lasso on the map of the Latent view to see them here.")
        if self.orders.order.kind == "worst" and state.value(WorstFirst.channel) is None:
            return self.tr("The images with the greatest loss are being computed ...")
        return self.tr("The reconstructions are being computed ...")

    def _show_probabilities(self, state: StudioState) -> None:
        """The classifier's prediction for the drawing, or for the selected image if nothing is drawn."""
        drawn = state.drawing is not None
        channel = ReconstructDrawing.channel if drawn else Inspect.channel
        self.probabilities_mark.show_state(state, channel)
        result = state.results.get(channel)
        title = self.tr("Your drawing is a") if drawn else self.tr("Image {} is a").format(state.selected)
        prediction = None
        if result is not None and (drawn or result.request.index == state.selected):
            prediction = result.value
        if prediction is not None and prediction.probabilities is not None and state.image_set is not None:
            self.probabilities.set_probabilities(title, prediction.probabilities, class_titles(state))
        else:
            self.probabilities.clear(title)
        if state.selected_image is not None:
            image_set, index = state.selected_image
            self.enlarged.show_original(index, image_set, state.ink_on_paper)

    def _show_status(self, state: StudioState) -> None:
        worst = state.value(WorstFirst.channel)
        if WorstFirst.channel in state.pending:
            text = self.tr("being updated ...")
        else:
            text = "" if worst is None else self.tr("of {} images").format(f"{worst.among:,}")
        self.orders.set_worst_text(text)
        selected, count = state.workspace.selection, 0 if state.image_set is None else len(state.image_set)
        if selected is None:
            text = self.tr("nothing is selected: draw a lasso on the map of the Latent view")
        else:
            in_test_set = f"{int((selected < count).sum()):,}"
            text = self.tr("{} of {} are of the test set").format(in_test_set, f"{len(selected):,}")
        self.orders.set_selection_text(text)


class _Side(QWidget):
    """Uses the height that is available: square images of the full width would need a higher window.

    In a presentation the enlarged images are the larger part, and the pad below them has what they leave.
    """

    def __init__(self, enlarged: EnlargedTriple, corner: DrawingCorner) -> None:
        super().__init__()
        self._enlarged, self._corner, self._presented = enlarged, corner, False

    def set_presented(self, presented: bool) -> None:
        """Divide the height for an audience."""
        if presented != self._presented:
            self._presented = presented
            self._divide()

    def _divide(self) -> None:
        most = QWIDGETSIZE_MAX
        if self._presented:
            high = self.height() - int(_PAD_SHARE * self.height())
            above = self._enlarged.used_height(self.width(), high)
            most = self.height() - above - current_theme().px(_ABOVE_PAD)
        self._corner.setMaximumHeight(max(self._corner.minimumSizeHint().height(), most))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._divide()

    def hasHeightForWidth(self) -> bool:
        return False


def _is_about(result: Result | None, images: ImageSet) -> bool:
    return result is not None and result.request.image_set is images

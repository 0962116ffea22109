"""The Compress view: the code as a compressed image, its size in bits and its error."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.codec.container import SUFFIX
from aestudio.datasets.dataset import ImageSet, part_of
from aestudio.gui.controllers.compressed_controller import ImagesToWrite
from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.compression_request import CompressImage, RateOfSet
from aestudio.gui.inference.requests.rates_request import COUNT, RatesOfFormats
from aestudio.gui.state.capabilities import no_rounding
from aestudio.gui.state.condition_state import shown_kind
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.compress.bits_slider import BitsSlider
from aestudio.gui.views.compress.compressed_panel import CompressedPanel
from aestudio.gui.views.compress.formats_page import FormatsPage
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import joined, own_text
from aestudio.gui.views.shared.empty_reason import (
    Reason,
    reason_not_to_reconstruct,
)
from aestudio.gui.views.shared.image_offer import image_offer
from aestudio.gui.views.shared.kept_choice import keep_choice
from aestudio.gui.views.shared.selected_images import SelectedImages
from aestudio.gui.views.view import View
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.save_dialog import FileKind, open_save_dialog

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aestudio.analysis.compression import RatePoint
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.plots.rate_curve import RateCurve
    from aestudio.gui.state.pictures import Pictures
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import Theme

ROUNDING, FORMATS = "rounding", "formats"
# Images for the range of the code and for the curve, by whether a training runs: the curve decodes each of
# its images with every number of bits, and both are refreshed every two seconds.
COUNTS, CURVE_COUNTS = {False: 2_000, True: 400}, {False: 2_000, True: 100}
SECONDS = 2.0  # at least, between two curves of the formats while a training runs
# Logical pixels: height of the curve below which the view scrolls; margin for half of the last tick's number.
_LEAST_CURVE, _LEAST_PRESENTED, _AFTER_LAST_NUMBER = 108, 104, 12


class CompressView(View):
    """Two pages: one image for each number of bits, and the model beside other codecs.

    Where the number of bits is not the user's choice, there is the second one alone. All requests use the
    same snapshot, so that its codes are computed once.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        from aestudio.gui.plots.rate_curve import RateCurve

        self._pace, self._formats_pace = RequestPacing(0.0), RequestPacing(SECONDS)
        self._selection = SelectedImages()
        self._points: tuple[RatePoint, ...] = ()
        self._current: int | None = None
        self.bits = BitsSlider()
        self.digit = CompressedPanel()
        self._what_tip = self.tr(
            "One image for each number of bits, or the model beside JPEG, WebP and others"
        )
        self.what = ChoiceBox(
            self.tr("What is shown"),
            self._what_tip,
            ((ROUNDING, self.tr("One image")), (FORMATS, self.tr("Other formats"))),
        )
        keep_choice(self.what, "compress.page")
        self.save = IconButton("save", self.tr("Save this image as a compressed file ..."))
        self.curve = RateCurve()
        self.mark = ChannelMark(self.curve, RateOfSet.channel)
        self.digit_mark = ChannelMark(self.digit, CompressImage.channel)
        self.formats = FormatsPage()
        self.formats_mark = ChannelMark(self.formats.chart, RatesOfFormats.channel)
        self._note = label("", "caption")
        self.digit.original.describe = lambda _: image_offer(session.state, session.state.selected)
        self.digit.reconstruction.describe = self._describe_reconstruction
        self._lay_out()
        self.bits.changed.connect(session.changed)
        self.save.clicked.connect(lambda: self.ask_save())
        self.what.chosen.connect(lambda _: self.refresh())
        self.formats.changed.connect(self.refresh)
        self.curve.point_chosen.connect(lambda index: self.bits.set_bits(self._points[index].bits))

    def _lay_out(self) -> None:
        self.curve.set_axis_titles(self.tr("Bits per image"), self.tr("Mean squared error per pixel"))
        self.curve.setAccessibleName(self.tr("Bits per image against error"))
        self.curve.set_empty_text(self.tr("The curve is being measured ..."))
        self.curve.set_right_margin(_AFTER_LAST_NUMBER)
        keep_length(self.curve, _keep_curve_height)
        self._note.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._note.setSizePolicy(policy)
        curve, note = fill(self.curve, 5), self._note
        self.one_image = boxed(column(fill(self.digit, 4), curve, note, gap=12))
        settings = row(self.what, fill(self.bits), fill(self.formats.controls), self.save, gap=12)
        pages = fill(self.one_image), fill(self.formats)  # a stack would be as high as the higher one
        column(settings, *pages, gap=8, margins=(0, 8, 0, 0), on=self)
        self._show_page(formats=False)

    def _describe_reconstruction(self, _: int) -> Offer:
        """What the context menu offers of the image that is decoded from the compressed file."""
        state, made = self.session.state, self.tr("Picture in the compressed file")
        offer = image_offer(state, state.selected, made=made, channel=CompressImage.channel)
        return offer.inside(Offer(terms=("reconstruction", "bits")))

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The selected image, and the curve over the test set, or over the images that a lasso selected."""
        images = self._selection.of(state)
        if images is None:
            return ()
        snapshot = self._pace.snapshot(state, RateOfSet.channel)
        if snapshot is None:
            return ()
        running = state.shown_run.phase == "running"
        count, of_curve = COUNTS[running], CURVE_COUNTS[running]
        reference = state.data.dataset.train if state.data.dataset is not None else images
        if self._page(state) == FORMATS:
            held = self._formats_pace.snapshot(state, RatesOfFormats.channel)
            return () if held is None else (RatesOfFormats(held, images, reference, COUNTS[True]),)
        requests: list[Request] = [RateOfSet(snapshot, images, of_curve, reference, count)]
        if state.selected_image is not None:
            image_set, index = state.selected_image
            requests.append(CompressImage(snapshot, image_set, index, self.bits.bits, reference, count))
        return requests

    # ---- the file -----------------------------------------------------------------------------------

    def ask_save(self, pictures: Pictures | None = None) -> None:
        """Write a compressed file, once a path is chosen.

        Of these pictures, of the images that a lasso selected, or of the selected image.
        """
        what = self._to_write(pictures)
        if what is None:
            return
        count = len(what.images)
        title = self.tr("Save a compressed file of {} images").format(f"{count:,}")
        if count == 1:
            title = self.tr("Save a compressed file of one image")
        name = self.tr("images") if count > 1 else self.tr("image")
        alone = self._weights_are_kept()
        kinds = [FileKind(self.tr("Compressed images and the model, which open anywhere"), SUFFIX[1:])]
        if alone:
            kinds.insert(0, FileKind(self.tr("Compressed images; to open them takes the run"), SUFFIX[1:]))
        open_save_dialog(self, title, kinds, f"{name}{SUFFIX}", partial(self._write, what, alone))

    def _weights_are_kept(self) -> bool:
        """Whether the run will still have the shown weights when a file without them is opened."""
        state = self.session.state
        return state.shown_run.phase in ("idle", "ended") and state.history.step is None

    def _write(self, what: ImagesToWrite, alone: bool, path: Path, kind: int) -> None:
        self.session.compressed.write(what._replace(with_model=kind == int(alone)), path)

    def _to_write(self, pictures: Pictures | None) -> ImagesToWrite | None:
        """What a file would be written of now; None while there is nothing."""
        state = self.session.state
        images, selected = self._selection.of(state), state.selected_image
        if state.snapshot is None or images is None:
            return None
        if pictures is not None:
            chosen = ImageSet(pictures.images, None, ())
        elif self._selection.selected(images):
            chosen = images
        elif selected is not None:
            chosen = part_of(selected[0], slice(selected[1], selected[1] + 1))
        else:
            return None
        reference = state.data.dataset.train if state.data.dataset is not None else images
        fineness = self._fineness(state)
        return ImagesToWrite(state.snapshot, chosen, reference, COUNTS[False], fineness, False)

    def _fineness(self, state: StudioState) -> dict[str, Any]:
        """How finely a file is rounded now: as the page in front shows it."""
        if self._page(state) == ROUNDING:
            return {"bits": self.bits.bits}
        rates = state.value(RatesOfFormats.channel) or ()
        own = self.formats.chosen(rates).get(rates[0].codec) if rates else None
        return {} if own is None or own.quality is None else {"quality": own.quality}

    def reason(self, state: StudioState) -> Reason | None:
        """Why there is nothing to compress: the model, what is missing, or what went wrong."""
        advice = self.tr("Choose an autoencoder to compress with.")
        reason = reason_not_to_reconstruct(state, advice)
        if reason is not None:
            return reason
        shown = CompressImage.channel, RateOfSet.channel
        if self._page(state) == FORMATS:
            shown = (RatesOfFormats.channel,)
        problem = next(filter(None, map(state.problem, shown)), None)
        return Reason("warning", problem, passing=True) if problem else None

    def show_state(self, state: StudioState) -> None:
        formats = self._page(state) == FORMATS
        self.what.setEnabled(not no_rounding(state.snapshot))
        self.what.setToolTip(no_rounding(state.snapshot) or self._what_tip)
        self._show_page(formats)
        if formats:
            self._show_formats(state)
            return
        self.digit.show_image(state.value(CompressImage.channel), state.ink_on_paper, own_text(state))
        self._show_curve(state)
        for mark in (self.mark, self.digit_mark):
            mark.show_state(state)

    def _show_page(self, formats: bool) -> None:
        for part in (self.bits, self.one_image):
            part.setVisible(not formats)
        for part in (self.formats.controls, self.formats):
            part.setVisible(formats)

    def _page(self, state: StudioState) -> str:
        """What is shown: the user's choice, if there is one."""
        return FORMATS if no_rounding(state.snapshot) else self.what.currentData()

    def _show_formats(self, state: StudioState) -> None:
        result = state.results.get(RatesOfFormats.channel)
        self.formats_mark.show_state(state)
        if result is None:
            self.formats.show_rates((), None, 0, state.ink_on_paper)
            return
        images, selected = result.request.image_set, state.selected_image
        index = 0
        if selected is not None and selected[0] is images and selected[1] < COUNT:
            index = selected[1]
        self.formats.show_rates(result.value, images.images[:COUNT], index, state.ink_on_paper)

    def _show_curve(self, state: StudioState) -> None:
        result = state.results.get(RateOfSet.channel)
        if result is None or not result.value:
            self._show_no_curve()
            return
        if result.value is not self._points:
            self._points = result.value
            self.curve.set_empty_text("")
            self.curve.set_curve(
                np.array([point.fixed_bits for point in self._points]),
                np.array([point.mse_per_pixel for point in self._points]),
            )
            self._current = None
        current = self.bits.bits - self._points[0].bits
        if current != self._current:
            self._current = current
            self.curve.set_current(current)
        self._describe(state, result.request, self._points[current])

    def _show_no_curve(self) -> None:
        if self._points:
            self._points = ()
            self.curve.set_curve(np.empty(0), np.empty(0))
            self.curve.set_empty_text(self.tr("The curve is being measured ..."))
            self._note.setText("")

    def _describe(self, state: StudioState, request: RateOfSet, point: RatePoint) -> None:
        selected = self._selection.selected(request.image_set)
        measured = (
            self.tr("Measured on {} selected images.") if selected else self.tr("Measured on {} test images.")
        )
        ideal = self.tr("An ideal coder that knows each value's frequency needs {} bits instead of {}.")
        count = min(request.count, len(request.image_set))
        bits = ideal.format(f"{point.learned_bits:,.1f}", f"{point.fixed_bits:,.0f}")
        self._note.setText(joined(measured.format(f"{count:,}"), bits, self._told_text(state)))

    def _told_text(self, state: StudioState) -> str:
        """What the decoder of a conditional model gets besides the code, "" for another model."""
        return {
            "none": "",
            "labels": self.tr(
                "The decoder is told the class of each image, too: its bits are in the file only."
            ),
            "factors": self.tr("The decoder is told each image's factors, too: their bits are not counted."),
        }[shown_kind(state)]


def _keep_curve_height(curve: RateCurve, theme: Theme) -> None:
    """Large type leaves the curve less of the height."""
    curve.setMinimumHeight(theme.px(_LEAST_PRESENTED if theme.scale > 1 else _LEAST_CURVE))

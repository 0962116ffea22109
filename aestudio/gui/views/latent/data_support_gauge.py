"""The gauge beside the reconstruction: the data support of the decoded code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.analysis.data_support.mean_image import MARGIN
from aestudio.gui.inference.requests.data_support_request import DataSupportReference
from aestudio.gui.inference.requests.data_support_request import SupportOfCode as SupportRequest
from aestudio.gui.state.capabilities import density_text, no_data_support
from aestudio.gui.state.shown import Shown
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.empty_reason import misfit
from aestudio.gui.widgets.gauge import Gauge, GaugeReading
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.layouts import column

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from aestudio.analysis.data_support.mean_image import MeanImageComparison
    from aestudio.analysis.data_support.support import DataSupport, Support
    from aestudio.gui.state.studio_state import StudioState

# The gauge spans three powers of ten, one for each part: below 1 %, to 10 %, to 100 % of the images.
_DECADES = 3
_PART_OF_VERDICT = {"unsupported": 0, "unusual": 1, "supported": 2}


class DataSupportGauge(QWidget):
    """Shows the newest reading, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        labels = self.tr("unsupported"), self.tr("unusual"), self.tr("supported")
        self.gauge = Gauge(self.tr("Data support"), labels)
        column(self.gauge, on=self)
        self.mark = _GaugeMark(self.gauge, SupportRequest.channel, DataSupportReference.channel)
        self._shown = Shown()
        self.judges = False  # whether it says anything about the shown model and its code

    def show_state(self, state: StudioState) -> None:
        """Show the reading, or a sentence about what is missing or why there is no reading."""
        result = state.results.get(SupportRequest.channel)
        reading: Support | None = None if result is None else result.value
        reference: DataSupport | None = state.value(DataSupportReference.channel)
        # A sentence says itself of which step it is: the mark would lie over it.
        self.mark.writes = reference is None or reference.tells_images_apart
        if self.mark.writes:
            self.mark.show_state(state, visible=reading is not None and reference is not None)
        else:  # the sentence is about the model, and needs no code
            self.mark.show_state(state, DataSupportReference.channel)
        without, problem = self._without(state), self._problem(state)
        if not self._shown.differs(
            reading, reference, state.snapshot is None, self.mark.text(), without, problem
        ):
            return
        self.judges = not without and reference is not None and reading is not None
        if without:
            self.gauge.set_reading(None, without)
            reason = no_data_support(state.snapshot)
            self.gauge.setToolTip(reason if without == reason else f"{without}\n{reason}")
        elif (
            reference is not None and reference.against_mean is not None and not reference.tells_images_apart
        ):
            self.gauge.set_reading(None, self._verdict_on_model(reference.against_mean))
            self.gauge.setToolTip(self._dated(self._no_better(reference.against_mean)))
        elif reading is None or reference is None:
            hint = self.tr("The data support appears when images are encoded.")
            if problem:
                hint = self.tr("There is no data support: see the map.")
            self.gauge.set_reading(None, hint if state.snapshot is not None else "")
            self.gauge.setToolTip(problem or self._help())
        else:
            self._show_reading(reading)

    def _show_reading(self, reading: Support) -> None:
        pointer = GaugeReading(
            gauge_position(reading.share),
            gauge_position(reading.error_share),
            _PART_OF_VERDICT[reading.verdict],
        )
        text = self._dated(self._text(reading))
        self.gauge.set_reading(pointer, f"{self.gauge.labels[pointer.part]}. {text}")
        self.gauge.setToolTip(f"{text}\n\n{self._help()}")

    def _dated(self, text: str) -> str:
        """The text, after the step that its figures are of if that is not the shown one."""
        dated = self.tr("These figures are of another step: {}.").format(self.mark.text())
        return f"{dated}\n{text}" if self.mark.text() else text

    def _verdict_on_model(self, found: MeanImageComparison) -> str:
        if self.mark.text():
            text = self.tr("No better than the mean image: {}.")
            if found.of_condition:
                text = self.tr("No better than without its code: {}.")
            return text.format(self.mark.text())
        if found.of_condition:
            return self.tr("This model is no better than without its code.")
        return self.tr("This model is no better than the mean image.")

    def _no_better(self, found: MeanImageComparison) -> str:
        if found.of_condition:
            text = self.tr(
                "Nothing is supported by the data as long as the code does not tell images apart: what the\n"
                "model is told (the class, or factors) is enough for what it decodes.\n"
                "Mean squared error per pixel of its reconstructions: {}; of the mean of the training\n"
                "images that are told the same: {}. Better is an error that is {} % smaller."
            )
            return text.format(f"{found.model:.4f}", f"{found.mean_image:.4f}", round(100 * MARGIN))
        text = self.tr(
            "Nothing is supported by the data as long as the model does not tell images apart.\n"
            "Mean squared error per pixel of its reconstructions: {}; of the mean of the training images\n"
            "as the answer for every image: {}. Better is an error that is {} % smaller."
        )
        return text.format(f"{found.model:.4f}", f"{found.mean_image:.4f}", round(100 * MARGIN))

    def _without(self, state: StudioState) -> str:
        """What is shown instead if there is no data support: how probable the code is under the prior."""
        code, snapshot = state.exploration.decoded_code, state.snapshot
        if snapshot is None or not no_data_support(snapshot):
            return ""
        if code is None or len(code) != snapshot.architecture.latent.size:
            return no_data_support(snapshot)
        return density_text(snapshot, code, state.exploration.density) or no_data_support(snapshot)

    def _problem(self, state: StudioState) -> str:
        """Why there is nothing to compare the code with, as without the labels that a model is told."""
        return state.problem(DataSupportReference.channel) or misfit(state)

    def _text(self, reading: Support) -> str:
        distance = self.tr(
            "The nearest images are {:.2f} standard deviations away (typical: {:.2f}); "
            "{} of the data are as far from their neighbours."
        )
        error = self.tr(
            "Decode-encode error: {:.2f} standard deviations; {} of the data have an error as large."
        )
        first = distance.format(reading.distance, reading.median_distance, _percent(reading.distance_share))
        return f"{first}\n{error.format(reading.error, _percent(reading.error_share))}"

    def _help(self) -> str:
        text = self.tr(
            "How typical the decoded code is of the data, on a scale from 0.1 % to 100 % of the images:\n"
            "how many are as far from their neighbours, and how many have a decode-encode error as large\n"
            "(the ring). The pointer shows twice the smaller share; below 1 % the code is unsupported."
        )
        return explained(text, "decode_encode_error")


class _GaugeMark(ChannelMark):
    """Lets the gauge turn grey and say its step: a text and a veil over it would make both illegible."""

    def __init__(self, gauge: Gauge, *channels: str) -> None:
        super().__init__(gauge, *channels, at_once=True)
        self._gauge = gauge

    def _show(self, marked: bool, dimmed: bool, text: str) -> None:
        super()._show(marked, dimmed, text)
        self._gauge.set_age(text, dimmed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing."""


def gauge_position(share: float) -> float:
    """Position of a share of the data on the gauge, 0 to 1: logarithmic, from 0.1 % to 100 %."""
    return 0.0 if share <= 0 else min(1.0, max(0.0, 1 + math.log10(share) / _DECADES))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.095 else f"{100 * share:.2g} %"

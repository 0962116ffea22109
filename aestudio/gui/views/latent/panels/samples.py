"""Samples from the latent space, and for the chosen one the nearest real images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.gui.inference.requests.nearest_request import NearestImages
from aestudio.gui.inference.requests.samples_request import DrawSamples
from aestudio.gui.state.capabilities import density_text, is_discrete, no_mixture
from aestudio.gui.state.condition_state import class_rows, class_titles, shown_condition
from aestudio.gui.state.model_shape import no_images
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import keep_least_lines, keep_length, set_role
from aestudio.gui.views.latent.neighbours.neighbour_grid import NeighbourGrid
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import decoded_text, joined
from aestudio.gui.views.shared.coverage_text import coverage_help, coverage_request, coverage_text
from aestudio.gui.views.shared.empty_reason import misfit
from aestudio.gui.views.shared.kept_choice import keep_option, show_kept
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.fine_slider import STEPS, FineSlider
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.number_box import NumberBox
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import PlainLabel, one_line
from aestudio.inference.conditions import class_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.nearest_request import RealNeighbours
    from aestudio.gui.inference.requests.samples_request import SampleSet, Source
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.inference.conditions import ConditionRow

COUNT = 24
MAX_TEMPERATURE = 2.0
MAX_DISCRETE_TEMPERATURE = 1.0  # every entry is drawn already
ENCODED_WHILE_TRAINING, ENCODED_AT_REST = 2_000, 10_000
SECONDS_PER_DRAW = 1.0
_MOST_COLUMNS = 12  # one for each class
_ALL = -1  # instead of the number of a class
_LEAST_GRID = 92  # logical pixels: two rows of images


class SamplesPanel(Panel):
    """A click on a sample goes there; a click on a real image selects it in every view."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._pace, self._coverage_pace = RequestPacing(SECONDS_PER_DRAW), RequestPacing(SECONDS_PER_DRAW)
        self._seed = 0
        self._highest_temperature = MAX_TEMPERATURE
        self._samples: SampleSet | None = None
        self._neighbours: RealNeighbours | None = None
        self._shown, self._nearest_shown, self._prior_shown = Shown(), Shown(), Shown()
        self._classes_shown, self._coverage_shown = Shown(), Shown()
        self.source = ChoiceBox(self.tr("Drawn from"))
        self.source.chosen.connect(self._source_chosen)
        self.classes = ChoiceBox(
            self.tr("Classes to sample"), self.tr("Which classes the samples are decoded as")
        )
        self.classes.chosen.connect(self.refresh)
        self.classes.setVisible(False)
        self.temperature_slider = FineSlider()
        self.temperature_box = NumberBox(decimals=2, limit=MAX_TEMPERATURE)
        self.temperature_box.setMinimum(0.0)
        self.temperature_box.setSingleStep(0.1)
        self._describe_temperature(discrete=False)
        for box in (self.temperature_slider, self.temperature_box):
            box.setAccessibleName(self.tr("Temperature"))
        self.temperature_slider.moved.connect(
            lambda position: self._set_temperature(self._highest_temperature * position / STEPS)
        )
        self.temperature_slider.double_clicked.connect(lambda: self._set_temperature(1.0))
        self.temperature_box.valueChanged.connect(self._set_temperature)
        self.redraw = IconButton("dice", self.tr("Draw other samples"))
        self.redraw.clicked.connect(self._redraw)
        self.grid = ImageGrid()
        self.grid.setAccessibleName(self.tr("Samples"))
        self._tip = self.tr("Click a sample to go there and to see the nearest real images")
        self.grid.setToolTip(self._tip)
        self.grid.hovered.connect(self._hovered)
        self.grid.describe = self._describe_sample
        self.grid.clicked.connect(self._chosen)
        self.grid.selected_changed.connect(self._chosen)
        self.mark = ChannelMark(self.grid, DrawSamples.channel)
        self.nearest = NeighbourGrid(self.tr("The training images nearest to the sample, pixel by pixel"))
        self.nearest_mark = ChannelMark(self.nearest, NearestImages.channel)
        self.nearest.setAccessibleName(self.tr("Nearest training images"))
        self.nearest.image_chosen.connect(session.explore.select)
        self.nearest.image_hovered.connect(session.explore.hover)
        self.coverage = ElidedLabel(muted=True)
        self.coverage.set_mode(Qt.TextElideMode.ElideRight)
        self.coverage.hide()
        self.coverage_mark = ChannelMark(self.coverage, CountClasses.channel)
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        set_role(self.message, "muted")
        self._lay_out()
        self._set_temperature(1.0, refresh=False)

    def _lay_out(self) -> None:
        self.temperature_box.keep_width("0.00")
        self._temperature_title = label(self.tr("Temperature"))
        self._temperature_title.setBuddy(self.temperature_slider)
        # Fills the height: by its size hint, a grid of images would have its own height and a scroll bar.
        self.grid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        keep_length(self.grid, lambda grid, theme: grid.setMinimumHeight(theme.px(_LEAST_GRID)))
        keep_length(self.nearest, lambda real, theme: real.setFixedHeight(theme.px(64)))
        keep_least_lines(self.message, 2)
        self._controls = row(
            row(self.source, self.classes, gap=4),
            fill(
                row(
                    self._temperature_title,
                    fill(self.temperature_slider),
                    self.temperature_box,
                    self.redraw,
                    gap=4,
                )
            ),
            gap=4,
        )
        column(self._controls, fill(self.grid), self.coverage, self.nearest, self.message, on=self)

    # ---- requests -------------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[Request]:
        """The requests for the samples and the images nearest to them."""
        self._offer_sources(state)
        self._offer_classes(state)
        snapshot = self._pace.snapshot(state, DrawSamples.channel) or state.snapshot
        if snapshot is None or not state.image_sets:
            return []
        test = state.image_sets[0]
        encoded = ENCODED_WHILE_TRAINING if state.shown_run.phase == "running" else ENCODED_AT_REST
        source: Source = self.source.value
        temperature, told = self.temperature_box.value(), self._conditions(state)
        draw = DrawSamples(snapshot, test, encoded, source, temperature, _count(told), self._seed, told)
        requests: list[Request] = [draw]
        coverage = coverage_request(state, self._coverage_pace.snapshot(state, CountClasses.channel))
        if coverage is not None:
            requests.append(coverage)
        result = state.results.get(DrawSamples.channel)
        # Searching 60,000 images for each snapshot would slow the training down.
        if result is not None and result.value is not None and state.shown_run.phase != "running":
            real, unseen = (test, None) if len(state.image_sets) == 1 else (state.image_sets[1], test)
            requests.append(NearestImages(result.request.snapshot, real, unseen, result.value))
        return requests

    def _conditions(self, state: StudioState) -> tuple[ConditionRow, ...]:
        """What a conditional model is told: every class in turn, or one; the chosen factors."""
        rows, chosen = class_rows(state), self.classes.value
        if rows:
            return rows[chosen : chosen + 1] if 0 <= chosen < len(rows) else rows
        told = shown_condition(state)
        return () if told is None else (told,)

    def _offer_classes(self, state: StudioState) -> None:
        """Offer all classes or one of them, if the model is told a class."""
        rows, titles = class_rows(state), class_titles(state)
        self.classes.setVisible(bool(rows))
        # Two lists, a slider and a number are wider than a small window has room for.
        direction = QBoxLayout.Direction.TopToBottom if rows else QBoxLayout.Direction.LeftToRight
        self._controls.setDirection(direction)
        if rows and self._classes_shown.differs(*titles):
            self.classes.set_entries([(_ALL, self.tr("All classes")), *enumerate(map(one_line, titles))])

    @staticmethod
    def _source_option(*, prior: bool) -> str:
        """Each has its own: what suits a model with a prior shows nothing of use of one without."""
        return "samples.source" if prior else "samples.source_without_prior"

    def _source_chosen(self, source: Source) -> None:
        snapshot = self.session.state.snapshot
        prior = snapshot is not None and snapshot.architecture.latent.has_prior
        keep_option(self._source_option(prior=prior), source)
        self.refresh()

    def _offer_sources(self, state: StudioState) -> None:
        """Choose the prior, or the mixture if the model has none; after that, keep the user's choice."""
        prior = state.snapshot is not None and state.snapshot.architecture.latent.has_prior
        learned = state.snapshot is not None and state.snapshot.architecture.latent.learned_prior
        without = no_mixture(state.snapshot)
        discrete = is_discrete(state.snapshot)
        if not self._prior_shown.differs(prior, learned, without, discrete):
            return
        first = self.tr("Prior") if prior else self.tr("Standard normal")
        self.source.set_entries((("prior", first), ("mixture", self.tr("Mixture"))))
        self.source.offer("mixture", without)
        self.source.show_value("prior" if prior or without else "mixture")
        if not without:
            show_kept(self.source, self._source_option(prior=prior))
        self._describe_temperature(discrete, learned)
        self._limit_temperature(MAX_DISCRETE_TEMPERATURE if discrete else MAX_TEMPERATURE)
        if without:
            self.source.setToolTip(self.tr("Samples are drawn from the prior.") + "\n" + without)
            return
        if learned:
            text = self.tr(
                "Where samples are drawn from: the prior that the model has learned,\n"
                "or a mixture of ten Gaussians fitted to the codes"
            )
            self.source.setToolTip(explained(text, "prior"))
            return
        self.source.setToolTip(
            explained(
                self.tr(
                    "Where samples are drawn from: the prior, a standard normal distribution,\n"
                    "or a mixture of ten Gaussians fitted to the codes"
                ),
                "prior",
            )
            if prior
            else self.tr(
                "Where samples are drawn from. This model was trained without a prior, so a mixture\n"
                "of ten Gaussians fitted to the codes is more suitable; the standard normal distribution\n"
                "shows what it decodes from codes that are not like the data's"
            )
        )

    def _describe_temperature(self, discrete: bool, learned: bool = False) -> None:
        tip = self.tr(
            "Temperature: standard deviations are multiplied by it, from 0 to {:.0f}. Double click: 1"
        ).format(MAX_TEMPERATURE)
        if discrete:
            tip = self.tr(
                "Temperature: 1 draws from the prior itself, less draws fewer entries. Double click: 1"
            )
        if discrete and learned:
            tip = self.tr(
                "Temperature: 1 draws from the prior itself, less draws the more probable entries. "
                "Double click: 1"
            )
        for box in (self.temperature_slider, self.temperature_box):
            box.setToolTip(tip)

    def _limit_temperature(self, highest: float) -> None:
        if highest != self._highest_temperature:
            self._highest_temperature = highest
            temperature = min(self.temperature_box.value(), highest)
            self.temperature_box.show_value(temperature, 0.0, highest)
            self._set_temperature(temperature, refresh=False)

    def _set_temperature(self, temperature: float, refresh: bool = True) -> None:
        self.temperature_box.show_value(temperature)
        share = self.temperature_box.value() / self._highest_temperature
        self.temperature_slider.set_position(round(STEPS * share))
        if refresh:
            self.refresh()

    def _redraw(self) -> None:
        self._seed += 1
        self.refresh()

    # ---- display ------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the newest samples and the images nearest to the chosen one."""
        self._offer_sources(state)
        self._offer_classes(state)
        self.mark.show_state(state)
        self._show_coverage(state)
        result = state.results.get(DrawSamples.channel)
        if result is None or result.value is None:
            problem = None if result is None else result.problem
            self.message.setText(self._pending_text(state) if problem is None else str(problem))
            self._clear(state)
            self.nearest_mark.show_state(state, visible=False)
            return
        self._samples = result.value
        if self._shown.differs(self._samples, state.ink_on_paper):
            captions = self._captions(state, result.value)
            self.grid.set_captions(captions)
            several = len(set(captions))
            self.grid.set_column_multiple(several if 1 < several <= _MOST_COLUMNS else None)
            self.grid.set_images(as_shown(result.value.images, state.ink_on_paper))
            if self.grid.selected < 0:
                self.grid.set_selected(0)
        nearest = state.results.get(NearestImages.channel)
        fits = nearest is not None and nearest.value is not None and nearest.request.samples is self._samples
        self._neighbours = nearest.value if fits and nearest is not None else None
        self.nearest_mark.show_state(state, visible=self._neighbours is not None)
        self._show_nearest(state)

    def _show_coverage(self, state: StudioState) -> None:
        """Say how many classes there are among many samples of the prior."""
        coverage, problem = state.value(CountClasses.channel), state.problem(CountClasses.channel)
        there = coverage_request(state, state.snapshot) is not None
        if self._coverage_shown.differs(there, coverage, problem):
            self.coverage.setVisible(there)
            pending = problem or self.tr("The classes of the samples are being counted ...")
            self.coverage.set_text(pending if coverage is None else coverage_text(coverage))
            self.coverage.setToolTip(coverage_help())
        self.coverage_mark.show_state(state, visible=there and coverage is not None)

    def _pending_text(self, state: StudioState) -> str:
        """What the empty grid waits for."""
        if state.snapshot is None:
            return self.tr("The samples appear as soon as there is a model.")
        if not state.image_sets:
            return misfit(state) or self.tr("The samples appear as soon as images are loaded.")
        return self.tr("The samples are being drawn ...")

    def _captions(self, state: StudioState, samples: SampleSet) -> list[str]:
        """The class of each sample that a model was told."""
        if not samples.conditions or not class_rows(state):
            return []
        titles = class_titles(state)
        return [titles[class_of(condition)] for condition in samples.conditions]

    def _clear(self, state: StudioState) -> None:
        self._samples = self._neighbours = None
        if self._shown.differs(None, state.ink_on_paper):
            self._nearest_shown.forget()
            self.grid.set_images(no_images(state))
            self.nearest.show_none(state)

    def _show_nearest(self, state: StudioState) -> None:
        chosen, neighbours = self.grid.selected, self._neighbours
        if neighbours is None or not 0 <= chosen < len(neighbours.nearest.indices):
            if self._nearest_shown.differs(None, chosen, state.ink_on_paper):
                self.nearest.show_none(state)
            running = state.shown_run.phase == "running"
            self._say(
                state,
                self.tr("Pause the training to search for the real images nearest to a sample.")
                if running
                else self.tr("Searching the real images ..."),
            )
            return
        if not self._nearest_shown.differs(neighbours, chosen, state.ink_on_paper):
            return
        indices, distances = neighbours.nearest.indices[chosen], neighbours.nearest.distances[chosen]
        self.nearest.show_neighbours(state, indices, distances)
        self._say(state, self._text(float(distances[0]), neighbours.usual))

    def _say(self, state: StudioState, text: str) -> None:
        """Show a text below the images; with which factors they were decoded, if the model is told some."""
        samples = self._samples
        if samples is not None and samples.conditions and not class_rows(state):
            text = joined(decoded_text(state, samples.conditions[0]), text)
        self.message.setText(text)
        self.message.setToolTip(text)

    def _text(self, nearest: float, distances: NDArray[np.float64]) -> str:
        """distances: those of reconstructed test images to their nearest real image, (N,), sorted."""
        near = self.tr("Nearest real image: it differs by {} per pixel").format(f"{nearest:.3f}")
        if not len(distances):
            return self.tr("{}.").format(near)
        share = float(np.searchsorted(distances, nearest, side="left") / len(distances))
        if share == 0:
            return self.tr("{}: nearer than any reconstruction of a test image. Memorised?").format(near)
        return self.tr("{}. Of reconstructed test images {} are nearer to a real one.").format(
            near, f"{100 * share:.0f} %"
        )

    def _hovered(self, index: int) -> None:
        """Say in the tooltip how probable the sample under the mouse is, if the prior has a density."""
        snapshot, samples, tip = self.session.state.snapshot, self._samples, self._tip
        if snapshot is not None and samples is not None and 0 <= index < len(samples.codes):
            learned = None if samples.densities is None else float(samples.densities[index])
            text = density_text(snapshot, samples.codes[index], learned)
            tip = f"{text}\n{tip}" if text else tip
        self.grid.setToolTip(tip)

    def _chosen(self, index: int) -> None:
        samples = self._samples
        if samples is None or not 0 <= index < len(samples.codes):
            return
        self.grid.set_selected(index)
        told = samples.conditions[index] if samples.conditions else None
        self.session.explore.move_to(samples.codes[index], told)
        self._show_nearest(self.session.state)

    def _describe_sample(self, index: int) -> Offer:
        """What the context menu offers of a sample."""
        name, step = self.tr("Sample {}").format(index + 1), self.session.state.step_of(DrawSamples.channel)
        return Offer(what=name, terms=("sample",), step=step)


def _count(conditions: tuple[ConditionRow, ...]) -> int:
    """How many samples: as many of each class."""
    return COUNT if len(conditions) < 2 else max(1, COUNT // len(conditions)) * len(conditions)

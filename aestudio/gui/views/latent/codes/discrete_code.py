"""What sets a discrete code, in place of the sliders: a picker of a codebook, or a chooser of categories."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.entry_usage_request import EntryUsageRequest
from aestudio.gui.inference.requests.latent_map_request import COARSE_COUNT
from aestudio.gui.state.capabilities import is_discrete, no_codes
from aestudio.gui.state.needed_embedding import moving
from aestudio.gui.state.shown import Shown
from aestudio.gui.views.latent.codes.category_chooser import CategoryChooser
from aestudio.gui.views.latent.codes.codebook_picker import CodebookPicker
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.empty_reason import misfit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.latent import Latent

SECONDS_PER_USAGE = 1.0
MOST_IN_A_ROW = 24
"""Entries that fit side by side; of more, the picker shows all in several rows."""


PartKind = TypeVar("PartKind", CodebookPicker, CategoryChooser)


class DiscreteCode(QStackedWidget):
    """The code as entries; the session decodes every change at once."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pace = RequestPacing(SECONDS_PER_USAGE)
        self._shown = Shown()
        self.mark = ChannelMark(self, EntryUsageRequest.channel)

    # Most models have no entries: these are made for the first that has.
    @cached_property
    def picker(self) -> CodebookPicker:
        """The picker of entries of a large codebook."""
        return self._added(CodebookPicker())

    @cached_property
    def chooser(self) -> CategoryChooser:
        """The chooser of categories that fit side by side."""
        return self._added(CategoryChooser())

    def _added(self, part: PartKind) -> PartKind:
        part.chosen.connect(self._set_entry)
        self.addWidget(part)
        return part

    def _set_entry(self, number: int, entry: int) -> None:
        self._session.explore.move_dimension(number, float(entry))

    def requests(self, state: StudioState) -> list[Request]:
        """The usage of the entries by the images on the map: fewer while a training runs."""
        if not is_discrete(state.snapshot) or no_codes(state.snapshot) or state.image_set is None:
            return []
        snapshot = self._pace.snapshot(state, EntryUsageRequest.channel)
        if snapshot is None or not len(state.image_set):
            return []
        count = COARSE_COUNT if moving(state) else len(state.image_set)
        return [EntryUsageRequest(snapshot, state.image_set, count)]

    def show_state(self, state: StudioState) -> None:
        """Show the code, and the usage of the entries."""
        if state.snapshot is None:
            return
        latent = state.snapshot.architecture.latent
        self.show_code(state)
        usage, problem = state.value(EntryUsageRequest.channel), state.problem(EntryUsageRequest.channel)
        without = no_codes(state.snapshot) or misfit(state) or problem
        self.mark.show_state(state)
        if in_a_row(latent):
            self.chooser.show_usage(usage)
        else:
            self.picker.show_usage(usage, keep_order=state.step_advances, without=without)

    def show_code(self, state: StudioState) -> None:
        """Show the code alone."""
        assert state.snapshot is not None
        latent, code = state.snapshot.architecture.latent, state.exploration.code
        if code is None or len(code) != latent.size:
            code = np.zeros(latent.size, np.float32)
        if not self._shown.differs(code, latent):
            return
        entries = tuple(int(number) for number in code)
        if in_a_row(latent):
            self.setCurrentWidget(self.chooser)
            self.chooser.show_code(entries, latent.choices)
        else:
            self.setCurrentWidget(self.picker)
            self.picker.show_code(entries, latent.shape, latent.choices)


def in_a_row(latent: Latent) -> bool:
    """Whether the code is a list of variables whose categories fit side by side, and no grid of places."""
    return len(latent.shape) == 1 and latent.choices <= MOST_IN_A_ROW

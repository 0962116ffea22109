"""The latent sliders: one for each axis of the latent space, and above them the user's own directions.

Only the sliders of the shown page exist as widgets, so 256 cost as much as eight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.axis_names_request import CHANNEL as NAMES
from aestudio.gui.inference.requests.latent_map_request import COARSE_COUNT
from aestudio.gui.inference.requests.sliders_request import SlidersRequest
from aestudio.gui.inference.shared_codes import encoded_snapshot
from aestudio.gui.state.capabilities import is_discrete, no_axis_names
from aestudio.gui.state.needed_embedding import moving
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.latent.codes.discrete_code import DiscreteCode
from aestudio.gui.views.latent.sliders.slider_animation import SliderAnimator
from aestudio.gui.views.latent.sliders.slider_content import SteadyRanges, content_of
from aestudio.gui.views.latent.sliders.slider_header import SliderHeader
from aestudio.gui.views.latent.sliders.slider_levels import grouped, level_of, page_of
from aestudio.gui.views.latent.sliders.slider_order import ordered_keys
from aestudio.gui.views.latent.sliders.slider_rows import rows_of, values_and_stds
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.kept_choice import keep_option, kept_option
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.slider_column import SliderColumn
from aestudio.gui.widgets.slider_painting import ROW_HEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray
    from PySide6.QtGui import QHideEvent
    from PySide6.QtWidgets import QBoxLayout

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.sliders.slider_content import SliderContent
    from aestudio.gui.views.latent.sliders.slider_levels import Item
    from aestudio.gui.widgets.slider_row import SliderKey

SECONDS_PER_STATISTICS = 1.0
GAP = 4  # logical pixels between the header and the sliders
_MOST_PASSES = 3  # of showing the sliders until as many fit as are shown
translate = QCoreApplication.translate


class LatentSliders(QWidget):
    """Header and a page of sliders, or what sets a discrete code."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.animator = SliderAnimator(self)
        self.header = SliderHeader(self.animator)
        self.column = SliderColumn()
        self.mark = ChannelMark(self.column.figures, SlidersRequest.channel, NAMES, quiet=True)
        self.discrete = DiscreteCode(session)
        self.discrete.hide()
        self.no_match = PlainLabel()
        self.no_match.setWordWrap(True)
        self.no_match.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        set_role(self.no_match, "muted")
        self.no_match.hide()
        self._pace = RequestPacing(SECONDS_PER_STATISTICS)
        self._ranges = SteadyRanges()
        self._content: SliderContent | None = None
        self._keys: tuple[SliderKey, ...] = ()
        self._page = 0
        self._by_information = kept_option("sliders.by_information", (True,)) is True
        self._filter_text = ""
        self._folded: frozenset[int] = frozenset()  # levels whose sliders are hidden
        self._shown, self._values_shown, self._basis_shown = Shown(), Shown(), Shown()
        # What the rows were made of: their tooltips take milliseconds.
        self._rows_shown: tuple[SliderContent, tuple[SliderKey, ...], object] | None = None
        self._showing_page = self._resized = False
        self._parts: QBoxLayout = column(
            self.header,
            self.no_match,
            fill(self.column),
            fill(self.discrete),
            gap=GAP,
            on=self,
        )
        self._header_in = self._parts
        self._connect()

    def _connect(self) -> None:
        header, sliders, session = self.header, self.column, self._session
        header.basis_chosen.connect(session.workspace.set_basis)
        header.sort_chosen.connect(self.sort)
        header.filter_changed.connect(self.filter)
        header.paged.connect(self.turn_page)
        header.clear_requested.connect(session.workspace.clear_sliders)
        sliders.value_changed.connect(self._moved)
        sliders.switched.connect(self._switched)
        sliders.removed.connect(lambda key: session.workspace.remove_direction(key[1]))
        sliders.paged.connect(self._page_with_keys)
        sliders.wheeled.connect(self.turn_page)
        sliders.jumped.connect(self.jump)
        sliders.heading_clicked.connect(self.fold)
        sliders.resized.connect(self._redraw)
        self.animator.moved.connect(self._play)
        self.animator.changed.connect(lambda: sliders.set_playing(self.animator.playing))

    # ---- requests and display -------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Number of axes with a slider, on all pages together."""
        return 0 if self._content is None else len(self._content)

    @property
    def lines(self) -> int:
        """Number of sliders and of headings above them, on all pages together, whatever the filter hides."""
        content = self._content
        return 0 if content is None else len(content) + len(content.directions) + len(content.levels)

    @property
    def visible_axes(self) -> tuple[int, ...]:
        """The axes on the shown page, ascending; () while there are no sliders."""
        return tuple(sorted(index for kind, index in self._keys if kind == "axis"))

    @property
    def grouped(self) -> bool:
        """Whether the sliders are in groups, with a heading each."""
        return self._content is not None and bool(self._content.levels)

    def height_of(self, lines: int, row_height: int = 0) -> int:
        """The height of the header and this number of sliders. row_height: of each; 0 for the usual one."""
        rows = lines * row_height if row_height else self.column.height_of(lines)
        above = self.header.sizeHint().height() + current_theme().px(GAP) if self.has_header else 0
        return above + rows

    @property
    def has_header(self) -> bool:
        """Whether the header is above the sliders, and not where `move_header` put it."""
        return self._header_in is self._parts

    def move_header(self, layout: QBoxLayout | None = None) -> None:
        """Put the header before the last item of another layout, or back above the sliders."""
        hidden, header = self.header.isHidden(), self.header
        self._header_in.removeWidget(header)
        self._header_in = self._parts if layout is None else layout
        self._header_in.insertWidget(0 if layout is None else layout.count() - 1, header)
        header.setVisible(not hidden)  # Qt hides what gets another parent

    def fit_rows(self, height: int, lines: int, least: int) -> None:
        """Make the sliders as high as lets this number of them fit; not higher than usual, nor lower."""
        room = height - self.height_of(0)
        usual = current_theme().px(ROW_HEIGHT)
        self.column.set_row_height(max(least, min(usual, room // max(1, lines))))

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The request for statistics of the axes, from the images on the map: fewer while a training runs."""
        model = state.model
        yield from self.discrete.requests(state)
        if model is None or no_axis_names(model.snapshot):
            return
        given = model.shipped_codes if state.data.dataset is None else None
        if given is None and state.image_set is None:
            return
        paced = self._pace.snapshot(state, SlidersRequest.channel)
        snapshot = encoded_snapshot(state) or paced or model.snapshot
        images = None if given is not None else state.image_set
        count = COARSE_COUNT if moving(state) or images is None else len(images)
        yield SlidersRequest(snapshot, images, given, count)

    def show_state(self, state: StudioState) -> None:
        """Show sliders and values; only what changed is set again."""
        discrete = is_discrete(state.snapshot)
        for part, shown in (
            (self.header, not discrete),
            (self.column, not discrete),
            (self.discrete, discrete),
        ):
            if part.isHidden() == shown:
                part.setVisible(shown)
        if discrete:
            self._forget_sliders()
            self.discrete.show_state(state)
        else:
            self.show_point(state)
            # Names settle over several steps; at rest, and in the history, those of another step say so.
            named = self._content is not None and any((*self._content.names, *self._content.direction_names))
            names = (NAMES,) if named and not state.step_advances else ()
            self.mark.show_state(state, SlidersRequest.channel, *names)

    def _forget_sliders(self) -> None:
        """A discrete code is shown: there are no sliders, and none is played."""
        if self._content is not None:
            self.animator.stop_all()
            self._content = None
            self._keys = ()
            self.no_match.hide()
            self._shown.forget()
            self._values_shown.forget()
            self._rows_shown = None

    def show_point(self, state: StudioState) -> None:
        """Show the values of the sliders, and new sliders if they changed."""
        code, model = state.exploration.code, state.model
        if model is None:
            return
        if is_discrete(model.snapshot):
            self.discrete.show_code(state)
            return
        self.column.set_known(code is not None)
        if code is None:  # of this run, not yet: the rows are there, and show no value
            code = np.zeros(model.snapshot.architecture.latent.size, np.float32)
        workspace = state.workspace
        known = (
            state.value("sliders"),
            state.value(NAMES),
            workspace.sliders,
            workspace.directions,
            model.ranges,
            no_axis_names(model.snapshot),
        )
        if self._shown.differs(*known, len(code), self.column.capacity):
            self._content = content_of(
                state, self._session.explore.latent_transform(len(code)).axes, self._ranges
            )
            self._show_page()
            self._values_shown.forget()
        inspected = state.value("inspect")
        if self._values_shown.differs(code, inspected, self._keys):
            self._show_values(code, _std_of(inspected, code))

    def _show_page(self) -> None:
        """Show the sliders of the page; again if that changes how many fit, which Qt tells in the middle."""
        self._showing_page = True
        try:
            for _ in range(_MOST_PASSES):
                self._resized = False
                self._show_sliders()
                if not self._resized:
                    break
        finally:
            self._showing_page = False

    def _show_sliders(self) -> None:
        content = self._content
        assert content is not None
        if self._basis_shown.differs(content.basis, len(content)):
            self.animator.stop_all()
        items, capacity = self._items(content), self.column.capacity
        pages = max(1, -(-len(items) // capacity))
        self._page = max(0, min(self._page, pages - 1))
        self._keys, headings = page_of(items[self._page * capacity : (self._page + 1) * capacity])
        rows = (content, self._keys, headings)
        if self._rows_shown is None or self._rows_shown[0] is not content or self._rows_shown[1:] != rows[1:]:
            self._rows_shown = rows
            self.column.set_rows(rows_of(content, self._keys), headings)
        self.header.show_page(self._page, pages)
        self.column.has_pages = pages > 1
        without = no_axis_names(self._session.state.snapshot)
        self.header.show_choice(content.basis, content.statistics is not None, self._by_information, without)
        self.no_match.setVisible(not items)
        if not items:
            self.no_match.setText(self.tr("No slider matches “{}”.").format(self._filter_text))

    def _items(self, content: SliderContent, text: str | None = None) -> tuple[Item, ...]:
        """All sliders and headings of levels, from the top. text: of the filter, None for the current one."""
        keys = ordered_keys(content, self._by_information, self._filter_text if text is None else text)
        return grouped(keys, content.levels, self._folded)

    def fold(self, level: int) -> None:
        """Hide the sliders of a level, or show them again."""
        self._folded = self._folded ^ {level}
        self._redraw()

    def _show_values(self, code: NDArray[np.float32], std: NDArray[np.float32] | None) -> None:
        assert self._content is not None
        self.column.set_values(*values_and_stds(self._content, self._keys, code, std))

    def _redraw(self) -> None:
        """Redraw after paging, sorting, filtering or resizing."""
        if self._content is None:
            return
        if self._showing_page:
            self._resized = True
            return
        code = self._session.state.exploration.code
        self._show_page()
        if code is not None and len(code) == self._content.axes.size:
            inspected = self._session.state.value("inspect")
            self._show_values(code, _std_of(inspected, code))

    # ---- input -------------------------------------------------------------------------

    def sort(self, by_information: bool) -> None:
        """Sort by information, the most informative slider first, or by number."""
        self._by_information, self._page = by_information, 0
        keep_option("sliders.by_information", by_information)
        self._redraw()

    def filter(self, text: str) -> None:
        """Show only the sliders that match these words."""
        self._filter_text, self._page = text, 0
        self._redraw()

    def turn_page(self, pages: int) -> None:
        """Go forward by this number of pages."""
        self._page += pages
        self._redraw()

    def jump(self, number: int) -> None:
        """Focus the slider of this axis, counted from 1, on whichever page it is."""
        if self._content is None or not 1 <= number <= len(self._content):
            return
        key = ("axis", number - 1)
        if self._content.levels:
            self._folded -= {level_of(self._content.levels, number - 1)}
        items = self._items(self._content)
        if key not in items:  # hidden by the filter
            self.header.filter.clear()
            items = self._items(self._content, "")
        self._page = items.index(key) // self.column.capacity
        self._redraw()
        self.column.focus_slider(self._keys.index(key))

    def _page_with_keys(self, pages: int) -> None:
        before = self._page
        self.turn_page(pages)
        if self._page != before:
            self.column.focus_slider(0 if pages > 0 else len(self._keys) - 1)

    def _moved(self, key: SliderKey, value: float) -> None:
        self.animator.stop(key)
        self._values_shown.forget()  # a locked slider goes back to its value
        if key[0] == "direction":
            self._session.workspace.set_amount(key[1], value)
        else:
            self._session.explore.move_slider(key[1], value)
        self.show_point(self._session.state)

    def _switched(self, key: SliderKey, name: str, on: bool) -> None:
        workspace = self._session.workspace
        if name == "playing":
            self._switch_animation(key, on)
        else:
            {"muted": workspace.mute, "soloed": workspace.solo, "locked": workspace.lock}[name](key[1], on)

    # ---- animation ------------------------------------------------------------------------------------

    def _switch_animation(self, key: SliderKey, on: bool) -> None:
        if not on:
            self.animator.stop(key)
            return
        if key[0] == "axis" and key[1] in self._session.state.workspace.sliders.locked:
            self._session.show_message(self.tr("This slider is locked: unlock it to animate it."))
            self.column.set_playing(self.animator.playing)
            return
        slider = next(slider for slider in self.column.sliders if slider.row.key == key)
        self._session.workspace.remember(self.tr("animation"))
        self.animator.play(key, slider.value, slider.row.low, slider.row.high)

    def _play(self, values: Mapping[SliderKey, float]) -> None:
        """One frame: all animated axes in a single move, so that one image is decoded."""
        axes = {index: value for (kind, index), value in values.items() if kind == "axis"}
        amounts = {index: value for (kind, index), value in values.items() if kind == "direction"}
        if amounts:
            self._session.workspace.play_amounts(amounts)
        if axes:
            self._session.explore.move_sliders(axes)

    def hideEvent(self, event: QHideEvent) -> None:
        self.animator.stop_all()
        super().hideEvent(event)


def _std_of(inspected: Any, code: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The posterior's std, float32 (L,), if the sliders show the selected image's code."""
    if inspected is None or inspected.code is None or inspected.std is None:
        return None
    same = len(inspected.code) == len(code) and np.array_equal(inspected.code, code)
    return inspected.std if same else None

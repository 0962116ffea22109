"""Two groups of examples: the difference of their means becomes a slider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.attributes_request import DifferencePreview, GroupDifference
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.model_shape import no_images, usable
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.workspace import Direction
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.examples.example_images import ShownExamples, go_to
from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.views.latent.examples.example_row import ExampleRow
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import decoded_text, joined
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.layouts import column, fill, label
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.analysis.attributes import AttributeVector
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.attributes_request import Separation
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Example
    from aestudio.gui.views.latent.examples.example_row import ExampleMime

SECONDS_PER_DIFFERENCE = 1.0
_GROUPS = "AB"


class GroupPage(QWidget):
    """The attribute vector mean(B) - mean(A), its uncertainty, and its effect on the current image."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pace = RequestPacing(SECONDS_PER_DIFFERENCE)
        self._preview_shown = Shown()
        self._separation: Separation | None = None
        self.menus, self.rows = [], []
        for group_index, name in enumerate(_GROUPS):
            menu = ExampleMenu(session, self.tr("Add an example to group {}").format(name))
            menu.chosen.connect(
                lambda example, group_index=group_index: self._insert(group_index, example, None)
            )
            examples = ExampleRow(
                self.tr("Group {}").format(name), self.tr("Add examples, or drop bookmarks here.")
            )
            examples.removed.connect(lambda index, group_index=group_index: self._remove(group_index, index))
            examples.moved.connect(
                lambda index, target, group_index=group_index: self._move(group_index, index, target)
            )
            examples.dropped.connect(
                lambda mime, position, group_index=group_index: self._dropped(group_index, mime, position)
            )
            examples.activated.connect(lambda index, group_index=group_index: self._go(group_index, index))
            self.menus.append(menu)
            self.rows.append(examples)
        self._examples = ShownExamples(*self.rows)
        self.preview = ImageGrid()
        self.mark = ChannelMark(self.preview, GroupDifference.channel, DifferencePreview.channel)
        self.preview.set_columns(3)
        self.preview.describe = lambda _: Offer(step=session.state.step_of(DifferencePreview.channel))
        self.preview.setAccessibleName(
            self.tr("The image with the difference subtracted, without it, and with it added")
        )
        self.preview.setToolTip(self.tr("The current image, minus and plus the difference. Click: go there"))
        self.preview.clicked.connect(self._go_to_preview)
        self.statistics = FixedCaption(3)
        self.add_slider = TextButton(
            "sliders",
            self.tr("Make it a slider"),
            tip=self.tr("mean(B) − mean(A) becomes one of the latent sliders"),
        )
        self.add_slider.clicked.connect(self._add_slider)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = current_theme()
        groups = QGridLayout()
        groups.setContentsMargins(0, 0, 0, 0)
        groups.setHorizontalSpacing(theme.px(4))
        groups.setVerticalSpacing(theme.px(4))
        for line, (name, menu, examples) in enumerate(zip(_GROUPS, self.menus, self.rows, strict=True)):
            for position, part in enumerate((label(name, "label"), menu, examples)):
                groups.addWidget(part, line, position)
        groups.setColumnStretch(2, 1)
        effect = column(fill(self.preview), self.statistics, self.add_slider, gap=4)
        self._parts = column(fill(groups), fill(effect), gap=4, on=self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a panel beside the map the effect is below the groups, in one below the map beside them."""
        high, directions = event.size().height() > event.size().width(), QBoxLayout.Direction
        self._parts.setDirection(directions.TopToBottom if high else directions.LeftToRight)
        self._parts.setStretch(0, 0 if high else 1)
        super().resizeEvent(event)

    def set_scale(self, scale: int) -> None:
        """Logical pixels per pixel of the examples' images."""
        for examples in self.rows:
            examples.set_scale(scale)

    # ---- requests ---------------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[Request]:
        """The requests for the groups' difference and for its effect on the current image."""
        a, b = _used_groups(state)
        snapshot = self._pace.snapshot(state, GroupDifference.channel) or state.snapshot
        if snapshot is None or not (a or b):
            return []
        told = shown_condition(state)
        requests: list[Request] = [GroupDifference(snapshot, state.image_sets, a, b, told)]
        difference, base = self._difference(state), state.exploration.decoded_code
        size = snapshot.architecture.latent.size
        if difference is not None and base is not None and len(base) == len(difference.vector) == size:
            code, vector = tuple(np.round(base, 3).tolist()), tuple(difference.vector.tolist())
            requests.append(DifferencePreview(snapshot, code, vector, state.image_sets, told))
        return requests

    def _difference(self, state: StudioState) -> AttributeVector | None:
        """The difference of the current groups; None until it is computed."""
        result = state.results.get(GroupDifference.channel)
        if (
            result is None
            or result.value is None
            or (result.request.a, result.request.b) != _used_groups(state)
        ):
            return None
        return result.value.attribute_vector

    # ---- display --------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show groups, statistics and preview."""
        self._separation = state.value(GroupDifference.channel)
        decoded = {} if self._separation is None else self._separation.decoded
        self._examples.show(state.workspace.groups, state, GroupDifference.channel, decoded)
        difference = self._difference(state)
        self.add_slider.setEnabled(difference is not None)
        preview = state.results.get(DifferencePreview.channel) if difference is not None else None
        images = None if preview is None else preview.value
        self.mark.show_state(state, visible=images is not None)
        told = "" if preview is None or images is None else decoded_text(state, preview.request.condition)
        text = joined(self._text(state, difference), told)
        # What is missing stands where it will be seen.
        self.preview.set_hint(text if images is None else "")
        self.statistics.set_text("" if images is None else text)
        if self._preview_shown.differs(images, state.ink_on_paper):
            self.preview.set_captions(() if images is None else ("−1", "0", "+1"))
            images = no_images(state) if images is None else images
            self.preview.set_images(as_shown(images, state.ink_on_paper))

    def _text(self, state: StudioState, difference: AttributeVector | None) -> str:
        a, b = _used_groups(state)
        if not a or not b:
            return self.tr("Put at least one example into each group: mean(B) − mean(A) becomes a slider.")
        if difference is None:
            result = state.results.get(GroupDifference.channel)
            problem = None if result is None else result.problem
            return self.tr("Comparing the groups ...") if problem is None else str(problem)
        length = f"{difference.length:.2f}"
        if difference.length_error is None or difference.by_chance is None:
            return self.tr("Length {}. No uncertainty: a group of one has no variance.").format(length)
        return self.tr("{} against {}. Length {} ± {}; by chance alone {}.").format(
            *difference.counts[::-1], length, f"{difference.length_error:.2f}", f"{difference.by_chance:.2f}"
        )

    # ---- changing -------------------------------------------------------------------------------------

    def _set(self, group_index: int, group: tuple[Example, ...]) -> None:
        self._session.workspace.set_group(group_index, group)

    def _insert(self, group_index: int, example: Example, position: int | None) -> None:
        group = self._session.state.workspace.groups[group_index]
        self._set(group_index, _with(group, example, len(group) if position is None else position))

    def _remove(self, group_index: int, index: int) -> None:
        self._set(group_index, _without(self._session.state.workspace.groups[group_index], index))

    def _move(self, group_index: int, index: int, target: int) -> None:
        group = self._session.state.workspace.groups[group_index]
        self._set(group_index, _with(_without(group, index), group[index], target))

    def _dropped(self, group_index: int, mime: ExampleMime, position: int) -> None:
        """Move an example from the other group; copy one from anywhere else."""
        groups = list(self._session.state.workspace.groups)
        if mime.origin is self.rows[1 - group_index]:
            groups[1 - group_index] = _without(groups[1 - group_index], mime.index)
        groups[group_index] = _with(groups[group_index], mime.example, position)
        self._session.workspace.set_groups(*groups)

    def _go(self, group_index: int, index: int) -> None:
        example = self._session.state.workspace.groups[group_index][index]
        result = self._session.state.results.get(GroupDifference.channel)
        go_to(self._session, example, None if result is None else result.request.condition)

    def _go_to_preview(self, index: int) -> None:
        """Go to exactly the image that was clicked: other sliders or another class may be set already."""
        result = self._session.state.results.get(DifferencePreview.channel)
        if result is None or result.value is None or self._difference(self._session.state) is None:
            return
        shown: DifferencePreview = result.request
        self._session.explore.move_decoded_code_to(shown.codes()[index], shown.condition)

    def _add_slider(self) -> None:
        state = self._session.state
        difference = self._difference(state)
        if difference is None:
            return
        a, b = state.workspace.groups
        name = self.tr("{} − {}").format(_title(b, _GROUPS[1]), _title(a, _GROUPS[0]))
        taken = {direction.name for direction in state.workspace.directions}
        number, title = 2, name
        while title in taken:
            title, number = f"{name} ({number})", number + 1
        self._session.workspace.add_direction(Direction(title, difference.vector, difference.error))
        self._session.show_message(self.tr("“{}” is one of the latent sliders now.").format(title), "good")


def _used_groups(state: StudioState) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The examples of both groups that the shown model can use."""
    a, b = state.workspace.groups
    return usable(a, state), usable(b, state)


def _title(group: tuple[Example, ...], name: str) -> str:
    return group[0].name if len(group) == 1 else name


def _with(group: tuple[Example, ...], example: Example, position: int) -> tuple[Example, ...]:
    return (*group[:position], example, *group[position:])


def _without(group: tuple[Example, ...], index: int) -> tuple[Example, ...]:
    return (*group[:index], *group[index + 1 :])

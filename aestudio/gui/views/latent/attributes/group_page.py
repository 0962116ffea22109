"""Two groups of examples: the difference of their means becomes a slider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.attributes_request import DifferencePreview, GroupDifference
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.workspace import Direction
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.latent.examples.example_images import items_of
from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.views.latent.examples.example_row import ExampleRow
from aestudio.gui.widgets.digit_grid import DigitGrid
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from aestudio.analysis.attributes import AttributeVector
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.attributes_request import Separation
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Example
    from aestudio.gui.views.latent.examples.example_row import ExampleMime

SECONDS_PER_DIFFERENCE = 1.0
_LETTERS = "AB"


class GroupPage(QWidget):
    """mean(B) - mean(A), with its uncertainty."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pace = RequestPacing(SECONDS_PER_DIFFERENCE)
        self._rows_shown, self._preview_shown = Shown(), Shown()
        self._separation: Separation | None = None
        self.menus, self.rows = [], []
        for which, message in enumerate(_LETTERS):
            menu = ExampleMenu(session, self.tr("Add an example to group {}").format(message))
            menu.chosen.connect(lambda example, which=which: self._insert(which, example, None))
            row = ExampleRow(
                self.tr("Group {}").format(message), self.tr("Add examples, or drop bookmarks here.")
            )
            row.removed.connect(lambda index, which=which: self._remove(which, index))
            row.moved.connect(lambda index, target, which=which: self._move(which, index, target))
            row.dropped.connect(lambda mime, place, which=which: self._dropped(which, mime, place))
            row.activated.connect(lambda index, which=which: self._go(which, index))
            self.menus.append(menu)
            self.rows.append(row)
        self.preview = DigitGrid()
        self.preview.set_columns(3)
        self.preview.setAccessibleName(
            self.tr("The image with the difference subtracted, without it, and with it added")
        )
        self.preview.setToolTip(self.tr("The current image, minus and plus the difference. Click: go there"))
        self.preview.clicked.connect(self._go_to_preview)
        self.figure = FixedCaption(3)
        self.make = TextButton(
            "sliders",
            self.tr("Make it a slider"),
            role="primary",
            tip=self.tr("mean(B) − mean(A) becomes one of the latent sliders"),
        )
        self.make.clicked.connect(self._make)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = current_theme()
        groups = QGridLayout()
        groups.setContentsMargins(0, 0, 0, 0)
        groups.setHorizontalSpacing(theme.px(4))
        groups.setVerticalSpacing(theme.px(4))
        for place, (menu, row) in enumerate(zip(self.menus, self.rows, strict=True)):
            message = PlainLabel(_LETTERS[place])
            set_role(message, "label")
            for column, part in enumerate((message, menu, row)):
                groups.addWidget(part, place, column)
        groups.setColumnStretch(2, 1)
        beside = QVBoxLayout()
        beside.setSpacing(theme.px(4))
        beside.addWidget(self.figure, 1)
        beside.addWidget(self.make)
        below = QHBoxLayout()
        below.setSpacing(theme.px(8))
        below.addWidget(self.preview, 1)
        below.addLayout(beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(groups)
        column.addLayout(below, 1)

    def set_scale(self, scale: int) -> None:
        """Logical pixels per pixel of the examples' images."""
        for row in self.rows:
            row.set_scale(scale)

    # ---- requests ---------------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[Request]:
        """The requests for the groups' difference and for its effect on the current image."""
        a, b = state.workspace.groups
        snapshot = self._pace.snapshot(state, GroupDifference.channel) or state.snapshot
        if snapshot is None or not (a or b):
            return []
        wanted: list[Request] = [GroupDifference(snapshot, state.image_sets, a, b)]
        found, base = self._found(state), state.exploration.decoded_code
        size = snapshot.recipe.network.latent_size
        if found is not None and base is not None and len(base) == len(found.vector) == size:
            places = tuple(np.round(base, 3).tolist()), tuple(found.vector.tolist())
            wanted.append(DifferencePreview(snapshot, *places, state.image_sets))
        return wanted

    def _found(self, state: StudioState) -> AttributeVector | None:
        """The difference of the groups as they are now; None while it is not known."""
        result = state.results.get(GroupDifference.channel)
        if (
            result is None
            or result.value is None
            or (result.request.a, result.request.b) != state.workspace.groups
        ):
            return None
        return result.value.attribute_vector

    # ---- display --------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show groups, statistics and preview."""
        self._separation = state.value(GroupDifference.channel)
        decoded = {} if self._separation is None else self._separation.decoded
        if self._rows_shown.differs(
            state.workspace.groups,
            self._separation,
            state.image_sets,
            state.workspace.bookmarks,
            state.ink_on_paper,
        ):
            for row, group in zip(self.rows, state.workspace.groups, strict=True):
                row.set_items(items_of(group, state, decoded), state.ink_on_paper)
        found = self._found(state)
        self.make.setEnabled(found is not None)
        self.figure.say(self._words(state, found))
        pictures = state.value(DifferencePreview.channel) if found is not None else None
        if self._preview_shown.differs(pictures, state.ink_on_paper):
            shown = np.zeros((0, 28, 28), np.uint8) if pictures is None else pictures
            self.preview.set_captions(() if pictures is None else ("−1", "0", "+1"))
            self.preview.set_digits(as_shown(shown, state.ink_on_paper))

    def _words(self, state: StudioState, found: AttributeVector | None) -> str:
        a, b = state.workspace.groups
        if not a or not b:
            return self.tr("Put at least one example into each group: mean(B) − mean(A) becomes a slider.")
        if found is None:
            result = state.results.get(GroupDifference.channel)
            problem = None if result is None else result.problem
            return self.tr("Comparing the groups ...") if problem is None else str(problem)
        length = f"{found.length:.2f}"
        if found.length_error is None or found.by_chance is None:
            return self.tr("Length {}. No uncertainty: a group of one has no variance.").format(length)
        return self.tr("{} against {}. Length {} ± {}; by chance alone {}.").format(
            *found.counts[::-1], length, f"{found.length_error:.2f}", f"{found.by_chance:.2f}"
        )

    # ---- changing -------------------------------------------------------------------------------------

    def _set(self, which: int, group: tuple[Example, ...]) -> None:
        self._session.workspace.set_group(which, group)

    def _insert(self, which: int, example: Example, place: int | None) -> None:
        group = self._session.state.workspace.groups[which]
        self._set(which, _with(group, example, len(group) if place is None else place))

    def _remove(self, which: int, index: int) -> None:
        self._set(which, _without(self._session.state.workspace.groups[which], index))

    def _move(self, which: int, index: int, target: int) -> None:
        group = self._session.state.workspace.groups[which]
        self._set(which, _with(_without(group, index), group[index], target))

    def _dropped(self, which: int, mime: ExampleMime, place: int) -> None:
        """From the other group it moves over; from anywhere else it is copied."""
        groups = list(self._session.state.workspace.groups)
        if mime.origin is self.rows[1 - which]:
            groups[1 - which] = _without(groups[1 - which], mime.index)
        groups[which] = _with(groups[which], mime.example, place)
        self._session.workspace.set_groups(*groups)

    def _go(self, which: int, index: int) -> None:
        example = self._session.state.workspace.groups[which][index]
        if example.number is not None:
            self._session.explore.select(example.number)
        elif example.code is not None:
            self._session.explore.move_to(example.code)

    def _go_to_preview(self, index: int) -> None:
        state = self._session.state
        found, base = self._found(state), state.exploration.decoded_code
        if found is not None and base is not None and len(base) == len(found.vector):
            self._session.explore.move_decoded_code_to(base + (index - 1) * found.vector)

    def _make(self) -> None:
        state = self._session.state
        found = self._found(state)
        if found is None:
            return
        a, b = state.workspace.groups
        name = self.tr("{} − {}").format(_title(b, _LETTERS[1]), _title(a, _LETTERS[0]))
        taken = {direction.name for direction in state.workspace.directions}
        number, title = 2, name
        while title in taken:
            title, number = f"{name} ({number})", number + 1
        self._session.workspace.add_direction(Direction(title, found.vector, found.error))
        self._session.show_message(self.tr("“{}” is one of the latent sliders now.").format(title), "good")


def _title(group: tuple[Example, ...], message: str) -> str:
    return group[0].name if len(group) == 1 else message


def _with(group: tuple[Example, ...], example: Example, place: int) -> tuple[Example, ...]:
    return (*group[:place], example, *group[place:])


def _without(group: tuple[Example, ...], index: int) -> tuple[Example, ...]:
    return (*group[:index], *group[index + 1 :])

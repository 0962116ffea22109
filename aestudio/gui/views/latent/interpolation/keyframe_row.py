"""The keyframes of the interpolation: by default the selected image and one of another class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.examples.example_images import items_of
from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.views.latent.examples.example_row import ExampleRow

if TYPE_CHECKING:
    from typing import Any

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.requests.interpolation_request import Interpolated
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Example
    from aestudio.gui.views.latent.examples.example_row import ExampleMime


class KeyframeRow(QWidget):
    """Changes `state.workspace.keyframes`; shows two default ones while there are none."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._shown = session, Shown()
        self._default: tuple[Any, tuple[Example, ...]] = (None, ())
        self.add = ExampleMenu(session, self.tr("Add a keyframe"))
        self.add.chosen.connect(lambda example: self._insert(example, len(self._now())))
        self.row = ExampleRow(self.tr("Keyframes"), self.tr("Add keyframes with the button on the left."))
        self.row.removed.connect(self._remove)
        self.row.moved.connect(self._move)
        self.row.dropped.connect(self._dropped)
        self.row.activated.connect(self._go)
        self._animation: Interpolated | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(current_theme().px(4))
        layout.addWidget(self.add)
        layout.addWidget(self.row, 1)

    def keyframes(self, state: StudioState) -> tuple[Example, ...]:
        """The user's keyframes, or the selected image and one of another class."""
        if state.workspace.keyframes:
            return state.workspace.keyframes
        key = (*state.image_sets, state.selected)
        if self._default[0] != key:
            self._default = key, self._usual(state)
        return self._default[1]

    def _usual(self, state: StudioState) -> tuple[Example, ...]:
        if state.selected_image is None or len(state.image_sets[0]) < 2:
            return ()
        (digits, index), tests = state.selected_image, state.image_sets[0]
        other = (state.selected + 1) % len(tests)
        if digits.labels is not None and tests.labels is not None:
            others = (tests.labels != digits.labels[index]).nonzero()[0]
            later = others[others > state.selected]
            if len(others):
                other = int(later[0] if len(later) else others[0])
        return self.add.digit(state.selected), self.add.digit(other)

    def show_state(self, state: StudioState, animation: Interpolated | None) -> None:
        """Show the keyframes; `animation` has the images of those without one."""
        self._animation = animation
        keyframes = self.keyframes(state)
        if self._shown.differs(
            keyframes, animation, state.image_sets, state.workspace.bookmarks, state.ink_on_paper
        ):
            decoded = {}
            if animation is not None:
                decoded = {
                    example: animation.images[frame]
                    for example, frame in zip(animation.keyframes, animation.stations, strict=True)
                }
            self.row.set_items(items_of(keyframes, state, decoded), state.ink_on_paper)

    def _now(self) -> tuple[Example, ...]:
        return self.keyframes(self._session.state)

    def _insert(self, example: Example, place: int) -> None:
        old = self._now()
        self._session.workspace.set_keyframes((*old[:place], example, *old[place:]))

    def _dropped(self, mime: ExampleMime, place: int) -> None:
        self._insert(mime.example, place)

    def _remove(self, index: int) -> None:
        old = self._now()
        self._session.workspace.set_keyframes((*old[:index], *old[index + 1 :]))

    def _move(self, index: int, target: int) -> None:
        changed = list(self._now())
        changed.insert(target, changed.pop(index))
        self._session.workspace.set_keyframes(tuple(changed))

    def _go(self, index: int) -> None:
        animation, keyframes = self._animation, self._now()
        if animation is not None and animation.keyframes == keyframes:
            self._session.explore.move_to(animation.codes[animation.stations[index]])

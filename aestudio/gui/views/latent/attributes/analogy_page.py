"""Three examples a, b and c, and the decoded code a - b + c."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.attributes_request import Combination
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.model_shape import has_shape, shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.latent.examples.example_images import ShownExamples, go_to
from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.views.latent.examples.example_row import ExampleRow
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import decoded_text, joined
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.attributes_request import Combined, Terms
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.examples.example_row import ExampleMime
    from aestudio.inference.conditions import ConditionRow

SECONDS_PER_RESULT = 1.0
_TERMS, _SIGNS = "abc", ("", "−", "+")


class AnalogyPage(QWidget):
    """The code a - b + c, which is to c as a is to b; its image can be visited and bookmarked."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pace = RequestPacing(SECONDS_PER_RESULT)
        self._result_shown = Shown()
        self.menus, self.slots = [], []
        for index, name in enumerate(_TERMS):
            menu = ExampleMenu(session, self.tr("Choose {}").format(name))
            menu.chosen.connect(lambda example, index=index: session.workspace.set_term(index, example))
            slot = ExampleRow(self.tr("Term {}").format(name), name, reorderable=False)
            slot.removed.connect(lambda _, index=index: session.workspace.set_term(index, None))
            slot.activated.connect(lambda _, index=index: self._go(index))
            slot.dropped.connect(lambda mime, _, index=index: self._dropped(index, mime))
            self.menus.append(menu)
            self.slots.append(slot)
        self._examples = ShownExamples(*self.slots)
        self.result = ImageView(smallest=2 * MNIST.image.height)
        self.mark = ChannelMark(self.result, Combination.channel)
        self.result.set_hint("=")
        self.result.describe = lambda _: Offer(step=session.state.step_of(Combination.channel))
        self.result.setAccessibleName(self.tr("a − b + c, decoded"))
        self.message = FixedCaption(2)
        self.go = TextButton("map", self.tr("Go there"), tip=self.tr("Move the sliders to a − b + c"))
        self.go.clicked.connect(self._go_to_result)
        self.bookmark = TextButton(
            "bookmark", self.tr("Bookmark"), tip=self.tr("Keep a − b + c as a bookmark")
        )
        self.bookmark.clicked.connect(self._bookmark)
        self._lay_out()

    def _lay_out(self) -> None:
        signs = [label(sign, "label") for sign in _SIGNS]
        for sign in signs:
            sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
            keep_length(sign, lambda sign, theme: sign.setFixedWidth(theme.px(12)))
        terms = zip(signs, self.menus, map(fill, self.slots), strict=True)
        column(
            row(*chain.from_iterable(terms), gap=4),
            fill(row(fill(self.result), fill(column(fill(self.message), self.go, self.bookmark, gap=4)))),
            gap=4,
            on=self,
        )

    def set_scale(self, scale: int) -> None:
        """Logical pixels per pixel of the examples' images."""
        for slot in self.slots:
            slot.set_scale(scale)

    def requests(self, state: StudioState) -> list[Request]:
        """The requests for the result, or for the images of the chosen terms."""
        snapshot = self._pace.snapshot(state, Combination.channel) or state.snapshot
        terms = _used_terms(state)
        if snapshot is None or not any(terms):
            return []
        return [Combination(snapshot, state.image_sets, terms, shown_condition(state))]

    def _combined(self, state: StudioState) -> Combined | None:
        """The result of the current terms; None until it is computed."""
        result = state.results.get(Combination.channel)
        if result is None or result.value is None or state.snapshot is None:
            return None
        code, size = result.value.code, state.snapshot.architecture.latent.size
        fits = code is not None and len(code) == size
        return result.value if fits and result.request.terms == _used_terms(state) else None

    def show_state(self, state: StudioState) -> None:
        """Show the terms and the result."""
        result, combined = state.results.get(Combination.channel), self._combined(state)
        value = None if result is None else result.value
        decoded = {} if value is None else value.decoded
        groups = ((term,) if term else () for term in state.workspace.terms)
        self._examples.show(groups, state, Combination.channel, decoded)
        image = None if combined is None else combined.image
        if self._result_shown.differs(image, state.ink_on_paper):
            self.result.set_image(None if image is None else as_shown(image, state.ink_on_paper))
        self.mark.show_state(state, visible=image is not None)
        for button in (self.go, self.bookmark):
            button.setEnabled(image is not None)
        self.message.set_text(self._text(state, image is not None))

    def _text(self, state: StudioState, decoded: bool) -> str:
        if not all(_used_terms(state)):
            return self.tr("Choose a, b and c: the result is to c as a is to b.")
        result = state.results.get(Combination.channel)
        if result is not None and result.problem is not None:
            return str(result.problem)
        if not decoded or result is None:
            return self.tr("The result appears soon.")
        return joined(self.tr("To c as a is to b."), decoded_text(state, result.request.condition))

    def _dropped(self, index: int, mime: ExampleMime) -> None:
        self._session.workspace.set_term(index, mime.example)

    def _go(self, index: int) -> None:
        example = self._session.state.workspace.terms[index]
        if example is not None:
            go_to(self._session, example, self._told())

    def _told(self) -> ConditionRow | None:
        """What a conditional model was told of the images on this page; another may be chosen already."""
        result = self._session.state.results.get(Combination.channel)
        return None if result is None else result.request.condition

    def _go_to_result(self) -> None:
        combined = self._combined(self._session.state)
        if combined is not None and combined.code is not None:
            self._session.explore.move_decoded_code_to(combined.code, self._told())

    def _bookmark(self) -> None:
        state = self._session.state
        combined = self._combined(state)
        if combined is not None and combined.code is not None:
            a, b, c = (term.name if term else "" for term in state.workspace.terms)
            title = self.tr("{} − {} + {}").format(a, b, c)
            step = state.step_of(Combination.channel)
            self._session.workspace.add_bookmark(
                title, combined.code, combined.image, self._told(), step=step
            )


def _used_terms(state: StudioState) -> Terms:
    """The terms, with None for one that the shown model cannot use: a drawing of another shape."""
    shape = shown_shape(state)
    a, b, c = (
        term if term is not None and has_shape(term.image, shape) else None for term in state.workspace.terms
    )
    return a, b, c

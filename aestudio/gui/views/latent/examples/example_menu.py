"""The button that adds an example: an image, the current code, a drawing, a class mean, a bookmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget, QWidgetAction

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.capabilities import no_encoder
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.workspace import Example
from aestudio.gui.views.latent.examples.other_shape import unused_reason
from aestudio.gui.views.latent.examples.pad_popup import PadPopup
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import fill, row
from aestudio.gui.widgets.menus import empty_menu
from aestudio.gui.widgets.name_menu import NameEntry, add_name_menu
from aestudio.gui.widgets.number_box import WholeBox
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState


class ExampleMenu(IconButton):
    """chosen(Example). The menu is filled when it opens, from the state at that time."""

    chosen = Signal(object)

    def __init__(self, session: Session, tip: str, parent: QWidget | None = None) -> None:
        super().__init__("plus", tip, parent, role="")
        self._session = session
        self._pad: PadPopup | None = None
        self.number: WholeBox | None = None
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def fill(self) -> QMenu:
        """Fill the menu for the current state, and return it."""
        menu, state = self._menu, self._session.state
        empty_menu(menu)
        number = state.selected
        text = self.tr("Selected image ({})").format(f"{number:,}")
        without = no_encoder(state.snapshot)
        if without:
            menu.addAction(without).setEnabled(False)
            self._offer_code(state)
            self._add_bookmarks(menu, state)
            return menu
        self._offer(text, self.digit(number), bool(state.selected_image))
        menu.addAction(self._by_number(state))
        self._offer_code(state)
        drawing = Example(self.tr("Drawing"), image=state.drawing)
        self._offer(self.tr("The drawing"), drawing, state.drawing is not None)
        digit = shown_shape(state) == MNIST.image
        menu.addAction(self.tr("Draw a digit ...") if digit else self.tr("Draw an image ..."), self.open_pad)
        selection = state.workspace.selection
        count = 0 if selection is None else len(selection)
        self._offer(
            self.tr("The lassoed images ({})").format(f"{count:,}"),
            Example(self.tr("{} images").format(f"{count:,}"), numbers=selection),
            count > 0,
        )
        self._add_classes(menu, state)
        self._add_bookmarks(menu, state)
        return menu

    def digit(self, number: int) -> Example:
        """The example of the image with this number on the map."""
        state = self._session.state
        tests = len(state.image_sets[0]) if state.image_sets else 0
        if number < tests:
            return Example(self.tr("No. {}").format(f"{number:,}"), number=number)
        return Example(self.tr("Train {}").format(f"{number - tests:,}"), number=number)

    def _offer(self, text: str, example: Example, possible: bool) -> None:
        action = self._menu.addAction(text, lambda: self.chosen.emit(example))
        action.setEnabled(possible)

    def _offer_code(self, state: StudioState) -> None:
        self._offer(
            self.tr("The current code"),
            Example(
                self.tr("Code"),
                code=state.exploration.decoded_code,
                condition=shown_condition(state),
            ),
            state.exploration.decoded_code is not None,
        )

    def _by_number(self, state: StudioState) -> QWidgetAction:
        entry = QWidget()
        entry.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        box = self.number = WholeBox()
        box.setRange(0, max(0, len(state.image_sets[0]) - 1) if state.image_sets else 0)
        box.setValue(state.selected)
        box.setAccessibleName(self.tr("Number of a test image"))
        box.setToolTip(self.tr("Index of an image in the test set, from 0"))
        add = TextButton("plus", self.tr("Add"))
        add.setEnabled(bool(state.image_sets))
        add.clicked.connect(self._add_number)
        name = PlainLabel(self.tr("Test image"))
        row(name, fill(box), add, gap=None, margins=(12, 2, 8, 2), on=entry)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(entry)
        return action

    def _add_number(self) -> None:
        if self.number is not None and self.number.accept_text():
            self._menu.close()
            self.chosen.emit(self.digit(self.number.value()))

    def _add_classes(self, menu: QMenu, state: StudioState) -> None:
        names = (
            state.image_sets[0].class_names
            if state.image_sets and state.image_sets[0].labels is not None
            else ()
        )
        examples = [
            (name, Example(self.tr("Class {}").format(name), label=label)) for label, name in enumerate(names)
        ]
        entries = [NameEntry(name, lambda one=one: self.chosen.emit(one)) for name, one in examples]
        add_name_menu(menu, self.tr("Mean of a class"), entries)

    def _add_bookmarks(self, menu: QMenu, state: StudioState) -> None:
        shape, entries = shown_shape(state), []
        for bookmark in state.workspace.bookmarks:
            example = Example.of_bookmark(bookmark)
            entries.append(
                NameEntry(
                    bookmark.name,
                    lambda example=example: self.chosen.emit(example),
                    unused_reason(bookmark.image, shape),
                )
            )
        add_name_menu(menu, self.tr("Bookmark"), entries)

    def open_pad(self) -> None:
        """Open the drawing pad for this example."""
        pad = self._pad = PadPopup(
            shown_shape(self._session.state), self._session.state.ink_on_paper, self.window()
        )
        pad.drawn.connect(self._drawn)
        pad.open()

    @property
    def pad(self) -> PadPopup | None:
        """The drawing pad that was opened last."""
        return self._pad

    def _drawn(self, image: NDArray[np.uint8]) -> None:
        self.chosen.emit(Example(self.tr("Drawing"), image=image))

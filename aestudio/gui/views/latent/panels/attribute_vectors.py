"""Attribute vectors: the difference of two groups, a - b + c, an image's style in other classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.state.capabilities import no_attribute_vectors
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.attributes.analogy_page import AnalogyPage
from aestudio.gui.views.latent.attributes.classes_page import ClassesPage
from aestudio.gui.views.latent.attributes.group_page import GroupPage
from aestudio.gui.views.latent.examples.bookmark_row import BookmarkRow
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.shared.empty_reason import no_meaning
from aestudio.gui.views.shared.kept_choice import keep_choice
from aestudio.gui.views.shared.visible_height import visible_height
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import column, fill, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.shared.empty_reason import Reason

_HIGH = 360  # logical pixels of height from which the examples have two pixels per pixel


class AttributeVectorsPanel(Panel):
    """One of three pages, and the bookmarks, which can be dragged to its examples."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.groups = GroupPage(session)
        self.analogy = AnalogyPage(session)
        self.classes = ClassesPage(session)
        self.pages = QStackedWidget()
        self.bookmarks = BookmarkRow(session)
        for page in (self.groups, self.analogy, self.classes):
            self.pages.addWidget(page)
        self.choice = ChoiceBox(
            self.tr("Kind of attribute vector"),
            self.tr(
                "B − A: the difference of two groups of examples, as a slider\n"
                "a − b + c: the code that is to c as a is to b\n"
                "Classes: the selected image's style in other classes"
            ),
            enumerate((self.tr("B − A"), self.tr("a − b + c"), self.tr("Classes"))),
        )
        keep_choice(self.choice, "attributes.kind")
        self.pages.setCurrentIndex(self.choice.currentIndex())
        self.choice.currentIndexChanged.connect(self.show_page)
        column(row(self.choice, fill(self.bookmarks)), fill(self.pages), gap=4, on=self)

    def show_page(self, index: int) -> None:
        """Bring a page to the front: 0 groups, 1 a - b + c, 2 classes."""
        self.choice.setCurrentIndex(index)
        self.pages.setCurrentIndex(index)
        self.refresh()

    @property
    def page(self) -> GroupPage | AnalogyPage | ClassesPage:
        """The page in front."""
        return (self.groups, self.analogy, self.classes)[self.pages.currentIndex()]

    def reason(self, state: StudioState) -> Reason | None:
        return no_meaning(no_attribute_vectors(state.snapshot))

    def requests(self, state: StudioState) -> list[Request]:
        """The requests of the page in front."""
        return self.page.requests(state)

    def show_state(self, state: StudioState) -> None:
        """Show the page in front and the bookmarks."""
        self._set_image_scale()
        self.page.show_state(state)
        self.bookmarks.show_state(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_image_scale()

    def _set_image_scale(self) -> None:
        scale = 2 if visible_height(self) >= current_theme().px(_HIGH) else 1
        for part in (self.groups, self.analogy, self.bookmarks.row):
            part.set_scale(scale)

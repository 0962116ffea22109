"""The gallery: a card for each recipe, with its diagram, title, purpose and number of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QDialog, QGridLayout, QScrollArea, QWidget

from aestudio.errors import StudioError
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.architecture_diagram import render_diagram
from aestudio.gui.widgets.layouts import column, fill, label
from aestudio.gui.widgets.plain_text import one_line, without_controls

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.recipe import Recipe

COLUMNS = 4
CARD = QSize(236, 190)
_LONGEST = 26  # characters of a title


class RecipeCard(QAbstractButton):
    """A recipe as a button; data: the shape of the images that it would be trained on."""

    def __init__(self, recipe: Recipe, current: bool, data: DataShape, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recipe = recipe
        self._architecture: Architecture | None = None
        try:
            self._architecture = recipe.architecture(data)
            self._facts = self.tr("{} parameters").format(f"{self._architecture.parameter_count:,}")
        except StudioError:
            self._facts = self.tr("Not for images of {}").format(data.image)
        self._current = current
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(one_line(recipe.title))
        self.setToolTip(recipe.source or recipe.purpose)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(CARD.width()), theme.px(CARD.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        from PySide6.QtCore import QRectF
        from PySide6.QtGui import QColor, QFont, QPainter, QPen

        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        highlighted = self._current or self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(theme.accent if highlighted else theme.line), 2 if highlighted else 1))
        painter.setBrush(QColor(theme.selection if self._current else theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))
        padding = theme.px(12)
        width = self.width() - 2 * padding
        diagram = QSize(width, theme.px(84))
        ratio = self.devicePixelRatioF()
        if self._architecture is not None:
            pixmap = render_diagram(self._architecture.layers, diagram, theme, ratio)
            painter.drawPixmap(padding, padding, pixmap)
        top = padding + diagram.height() + theme.px(4)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.setPen(QColor(theme.text))
        painter.setFont(font(theme, theme.body_size, QFont.Weight.DemiBold))
        title = one_line(self.recipe.title, _LONGEST)
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(padding, top, width, theme.px(22), flags, title)
        painter.setFont(font(theme, theme.body_size))
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            padding, top + theme.px(23), width, theme.px(38), flags, without_controls(self.recipe.purpose)
        )
        painter.setFont(font(theme, theme.caption_size))
        painter.drawText(
            padding, self.height() - padding - theme.px(16), width, theme.px(18), flags, self._facts
        )
        painter.end()


class Gallery(QDialog):
    """The dialog in which the user chooses a recipe; `chosen(Recipe)`."""

    chosen = Signal(object)

    def __init__(
        self, recipes: tuple[Recipe, ...], current: str, data: DataShape, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Recipes"))
        theme = current_theme()
        content = QWidget()
        set_role(content, "content")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, theme.px(8), 0)
        grid.setSpacing(theme.px(12))
        self.cards = tuple(RecipeCard(recipe, recipe.name == current, data) for recipe in recipes)
        for index, card in enumerate(self.cards):
            card.clicked.connect(lambda *_, recipe=card.recipe: self._choose(recipe))
            grid.addWidget(card, index // COLUMNS, index % COLUMNS)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = label(self.tr("What do you want to train?"), "heading")
        column(heading, fill(scroll), gap=16, margins=24, on=self)
        self.resize(theme.px(4 * CARD.width() + 3 * 12 + 24 + 60), theme.px(3 * CARD.height() + 140))

    def _choose(self, recipe: Recipe) -> None:
        self.chosen.emit(recipe)
        self.accept()

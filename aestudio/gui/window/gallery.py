"""The gallery: a card for each recipe with its diagram, name, purpose and parameter count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.architecture_diagram import render_diagram
from aestudio.gui.widgets.plain_text import PlainLabel, one_line, without_controls

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from aestudio.recipes.recipe import Recipe

COLUMNS = 4
CARD = QSize(236, 190)
_LONGEST = 26  # characters of a title


class RecipeCard(QAbstractButton):
    """One recipe to click on."""

    def __init__(self, recipe: Recipe, current: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recipe = recipe
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
        marked = self._current or self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(theme.accent if marked else theme.line), 2 if marked else 1))
        painter.setBrush(QColor(theme.selection if self._current else theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))
        inside = theme.px(12)
        width = self.width() - 2 * inside
        diagram = QSize(width, theme.px(84))
        ratio = self.devicePixelRatioF()
        picture = render_diagram(self.recipe.layers(), diagram, theme, ratio)
        painter.drawPixmap(inside, inside, picture)
        top = inside + diagram.height() + theme.px(4)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.setPen(QColor(theme.text))
        painter.setFont(font(theme, theme.label_size, QFont.Weight.DemiBold))
        painter.drawText(inside, top, width, theme.px(22), flags, one_line(self.recipe.title, _LONGEST))
        painter.setFont(font(theme, theme.body_size))
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            inside, top + theme.px(23), width, theme.px(38), flags, without_controls(self.recipe.purpose)
        )
        painter.setFont(font(theme, theme.caption_size))
        count = self.tr("{} parameters").format(f"{self.recipe.parameter_count:,}")
        painter.drawText(inside, self.height() - inside - theme.px(16), width, theme.px(18), flags, count)
        painter.end()


class Gallery(QDialog):
    """Choose a recipe; `chosen(Recipe)`."""

    chosen = Signal(object)

    def __init__(self, recipes: tuple[Recipe, ...], current: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Recipes"))
        theme = current_theme()
        content = QWidget()
        set_role(content, "content")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, theme.px(8), 0)
        grid.setSpacing(theme.px(12))
        self.cards = tuple(RecipeCard(recipe, recipe.name == current) for recipe in recipes)
        for index, card in enumerate(self.cards):
            card.clicked.connect(lambda *_, recipe=card.recipe: self._choose(recipe))
            grid.addWidget(card, index // COLUMNS, index % COLUMNS)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = PlainLabel(self.tr("What do you want to train?"))
        set_role(heading, "heading")
        column = QVBoxLayout(self)
        margin = theme.px(24)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.px(16))
        column.addWidget(heading)
        column.addWidget(scroll, 1)
        self.resize(theme.px(4 * CARD.width() + 3 * 12 + 24 + 60), theme.px(3 * CARD.height() + 140))

    def _choose(self, recipe: Recipe) -> None:
        self.chosen.emit(recipe)
        self.accept()

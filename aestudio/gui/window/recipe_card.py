"""A recipe as a card of the gallery: diagram, title, purpose, formula, source and what it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aestudio.errors import StudioError
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.architecture_diagram import render_diagram
from aestudio.gui.widgets.formula import formula_height, formula_lines, paint_formula
from aestudio.gui.widgets.plain_text import one_line, without_controls
from aestudio.gui.window.palette.word_match import Searchable
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.figures import read_figures
from aestudio.recipes.recipe_differences import NO_VALUE, recipe_differences
from aestudio.recipes.recipe_groups import GROUPS, group_of

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.figures import Figure
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.recipe_differences import RecipeDifference

CARD = QSize(236, 296)
LONGEST_TITLE = 26  # characters
_IN_TOOLTIP = 24  # differences
_PADDING, _DIAGRAM, _LINE = 12, 84, 18
_FORMULA = 13.0


class RecipeCard(QAbstractButton):
    """A recipe as a button.

    data: the shape of the images that it would be trained on; own: it is in the user's folder
    trained: what is said of models of it that are there already, "" for none
    """

    def __init__(
        self,
        recipe: Recipe,
        current: bool,
        data: DataShape,
        own: bool = False,
        trained: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.recipe = recipe
        self.in_group = group_of(recipe)
        self.trained = trained
        self._architecture: Architecture | None = None
        try:
            self._architecture = Architecture(recipe, data)
            facts = self.tr("{} parameters, your own recipe") if own else self.tr("{} parameters")
            self._facts = facts.format(f"{self._architecture.parameter_count:,}")
        except StudioError:
            lacking = recipe.objective.lacking(data)
            without = self.tr("Not for images without {}").format(lacking)
            self._facts = without if lacking else self.tr("Not for images of {}").format(data.image)
        self._current = current
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(one_line(recipe.title))
        figure = None if own else read_figures().get(recipe.name)
        self._formula, self._source = recipe.objective.formula, without_controls(recipe.source)
        self.reached = "" if figure is None else self._reached(figure, short=True)
        lines = (recipe.purpose, self._source, self._formula, self._measured(figure), trained)
        self._help = without_controls("\n".join(line for line in lines if line))
        self.setToolTip(self._help)
        self.text_below = without_controls(recipe.purpose)
        self.words = _words_of(recipe, self.tr("your own recipe") if own else "", trained)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _measured(self, figure: Figure | None) -> str:
        """What the recipe as it is shipped reaches, in a sentence; "" if that was not measured."""
        if figure is None:
            return ""
        text = self.tr("On MNIST after {} epochs, {} processor minutes: {}")
        return text.format(figure.epochs, f"{figure.processor_minutes:g}", self._reached(figure))

    def _reached(self, figure: Figure, short: bool = False) -> str:
        """The figures of merit; short: the one that matters most, and the minutes."""
        found: list[str] = []
        if "accuracy" in figure.further:
            found.append(self.tr("accuracy {}").format(f"{figure.further['accuracy']:.1%}"))
        if "negative_elbo" in figure.further:
            found.append(self.tr("−ELBO {} nats").format(f"{figure.further['negative_elbo']:g}"))
        if "negative_log_likelihood" in figure.further:
            value = f"{figure.further['negative_log_likelihood']:g}"
            found.append(self.tr("−log p {} nats").format(value))
        if "rarest_class" in figure.further:
            text = self.tr("rarest class {} of samples")
            found.append(text.format(f"{figure.further['rarest_class']:.1%}"))
        if figure.squared_error is not None:
            error = f"{figure.squared_error:.3g}" if short else f"{figure.squared_error:g}"
            found.append(self.tr("squared error {}").format(error))
        if not short:
            return ", ".join(found)
        minutes = self.tr("{} min").format(f"{figure.processor_minutes:g}")
        return " · ".join([*found[:1], minutes])

    def compare_with(self, other: Recipe | None) -> None:
        """Say what differs from this recipe; None: what the recipe is for, as at first."""
        self.text_below, tip = without_controls(self.recipe.purpose), self._help
        if other is not None:
            found = recipe_differences(self.recipe, other)
            rows = [self._in_tooltip(one) for one in found]
            more = len(rows) - _IN_TOOLTIP
            rows = [*rows[:_IN_TOOLTIP], *([self.tr("and {} more").format(more)] if more > 0 else [])]
            tip = without_controls("\n".join(rows))
            self.text_below = without_controls(self._on_card(found))
            if other.name == self.recipe.name:
                self.text_below = self.tr("The others say what differs from this one.")
        self.setToolTip(tip)
        self.setAccessibleDescription(tip if other is not None else "")
        self.update()

    def _in_tooltip(self, one: RecipeDifference) -> str:
        title = f"{one.title} ({one.unit})" if one.unit else one.title
        return self.tr("{}: {}, there {}").format(title, one.own, one.other)

    def _on_card(self, found: tuple[RecipeDifference, ...]) -> str:
        """What this recipe has; what only the other one has comes last."""
        texts = [self.tr("{} {}").format(one.title, one.own) for one in found if one.own != NO_VALUE]
        missing = ", ".join(one.title for one in found if one.own == NO_VALUE)
        if missing:
            texts.append(self.tr("without {}").format(missing))
        return " · ".join(texts) or self.tr("Nothing differs.")

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(CARD.width()), theme.px(CARD.height()))

    def minimumSizeHint(self) -> QSize:
        """The cards scroll before they get smaller."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        highlighted = self._current or self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(theme.accent if highlighted else theme.line), 2 if highlighted else 1))
        painter.setBrush(QColor(theme.selection if self._current else theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))
        padding = theme.px(_PADDING)
        area = QRectF(self.rect()).adjusted(padding, padding, -padding, -padding)
        diagram = QSize(int(area.width()), theme.px(_DIAGRAM))
        if self._architecture is not None:
            pixmap = render_diagram(self._architecture.layers, diagram, theme, self.devicePixelRatioF())
            painter.drawPixmap(area.topLeft(), pixmap)
        area.setTop(area.top() + diagram.height() + theme.px(4))
        painter.setPen(QColor(theme.text))
        painter.setFont(font(theme, theme.body_size, QFont.Weight.DemiBold))
        title = one_line(self.recipe.title, LONGEST_TITLE)
        self._write(painter, title, QRectF(area.left(), area.top(), area.width(), theme.px(22)))
        area.setTop(area.top() + theme.px(23))
        self._write_facts(painter, area)
        painter.end()

    def _write_facts(self, painter: QPainter, area: QRectF) -> None:
        """Source, figure and size in the last lines, the formula above them, the purpose in what is left."""
        theme = current_theme()
        painter.setPen(QColor(theme.muted))
        painter.setFont(font(theme, theme.caption_size))
        line = theme.px(_LINE)
        learned = f"✓ {self.trained}" if self.trained else ""
        last = [text for text in (self._source, self.reached, self._facts, learned) if text]
        for index, text in enumerate(reversed(last)):
            painter.setPen(QColor(theme.good if text == learned else theme.muted))
            row = QRectF(area.left(), area.bottom() - (index + 1) * line, area.width(), line)
            self._write(painter, text, row)
        bottom = area.bottom() - len(last) * line - theme.px(4)
        if self._formula:
            lines = formula_lines(self._formula, area.width(), theme, _FORMULA)
            height = len(lines) * formula_height(theme, _FORMULA)
            painter.setPen(QColor(theme.text))
            formula = QRectF(area.left(), bottom - height, area.width(), height)
            paint_formula(painter, self._formula, formula, theme, _FORMULA)
            bottom -= height + theme.px(4)
        painter.setFont(font(theme, theme.body_size))
        painter.setPen(QColor(theme.muted))
        self._write_below(painter, QRectF(area.left(), area.top(), area.width(), bottom - area.top()))

    @staticmethod
    def _write(painter: QPainter, text: str, row: QRectF) -> None:
        """One line; what does not fit ends in "…"."""
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(row.width()))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), shown)

    def _write_below(self, painter: QPainter, area: QRectF) -> None:
        """The purpose or the differences; what does not fit into the area ends in "…"."""
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        text, metrics = self.text_below, painter.fontMetrics()
        words = text.split(" ")
        while words and metrics.boundingRect(area.toRect(), flags, text).height() > area.height():
            words.pop()
            text = " ".join(words) + " …"
        painter.drawText(area, flags, text)


def _words_of(recipe: Recipe, own: str, trained: str) -> Searchable:
    """What a recipe is found by: title and name first, then its parts, then all the rest."""
    group = next(one.title for one in GROUPS if one.name == group_of(recipe))
    return Searchable.of(
        f"{recipe.title} {recipe.name}",
        f"{recipe.network.title} {recipe.objective.title} {own}",
        f"{recipe.purpose} {recipe.source} {recipe.network.summary} {recipe.objective.summary} "
        f"{group} {trained}",
    )

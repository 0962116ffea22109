"""The gallery: a card for each recipe, with its diagram, title, purpose, formula and number of parameters.

Its source and what it reaches on MNIST are in the tooltip. Cards are found by typing; once another recipe is
chosen for it, each says what differs from that one, in the place of its purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from aestudio.errors import StudioError
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.architecture_diagram import render_diagram
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import boxed, column, fill, label, labelled, row
from aestudio.gui.widgets.plain_text import one_line, without_controls
from aestudio.gui.window.palette.word_match import Searchable, score, words_of
from aestudio.paths import user_recipes_folder
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.figures import read_figures
from aestudio.recipes.recipe_differences import NO_VALUE, recipe_differences

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

    from aestudio.datasets.image_shape import DataShape
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.figures import Figure
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.recipe_differences import RecipeDifference

COLUMNS = 4
CARD = QSize(236, 224)
_GAP = 12
_FRAME = 40  # pixels that are left of the window around the gallery, for a frame
_LONGEST = 26  # characters of a title
_CHOICE = 24  # characters of a recipe's title that are seen in the choice of what to compare with
_IN_TOOLTIP = 24  # differences


class RecipeCard(QAbstractButton):
    """A recipe as a button.

    data: the shape of the images that it would be trained on; own: it is in the user's folder
    """

    def __init__(
        self,
        recipe: Recipe,
        current: bool,
        data: DataShape,
        own: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.recipe = recipe
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
        measured = "" if own else self._measured(read_figures().get(recipe.name))
        self._formula = recipe.objective.formula
        lines = (recipe.source or recipe.purpose, self._formula, measured)
        self._help = "\n".join(line for line in lines if line)
        self.setToolTip(self._help)
        self.text_below = without_controls(recipe.purpose)
        own_title = self.tr("your own recipe") if own else ""
        self.words = Searchable.of(
            f"{recipe.title} {recipe.name}",
            f"{recipe.network.title} {recipe.objective.title} {own_title}",
            f"{recipe.purpose} {recipe.source} {recipe.network.summary} {recipe.objective.summary}",
        )
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _measured(self, figure: Figure | None) -> str:
        """What the recipe as it is shipped reaches; "" if that was not measured."""
        if figure is None:
            return ""
        error, elbo, accuracy = "", "", ""
        if figure.squared_error is not None:
            error = self.tr("squared error {} per image").format(f"{figure.squared_error:g}")
        if "negative_elbo" in figure.further:
            elbo = self.tr("−ELBO {} nats").format(f"{figure.further['negative_elbo']:g}")
        if "accuracy" in figure.further:
            accuracy = self.tr("accuracy {}").format(f"{figure.further['accuracy']:.1%}")
        reached = ", ".join(part for part in (error, elbo, accuracy) if part)
        return self.tr("On MNIST after {} epochs, {} processor minutes: {}").format(
            figure.epochs, f"{figure.processor_minutes:g}", reached
        )

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
        self._write_below(painter, QRectF(padding, top + theme.px(23), width, theme.px(54)), flags)
        painter.setFont(font(theme, theme.caption_size))
        formula = painter.fontMetrics().elidedText(self._formula, Qt.TextElideMode.ElideRight, width)
        painter.drawText(padding, self.height() - padding - theme.px(35), width, theme.px(18), flags, formula)
        painter.drawText(
            padding, self.height() - padding - theme.px(16), width, theme.px(18), flags, self._facts
        )
        painter.end()

    def _write_below(self, painter: QPainter, area: QRectF, flags: int) -> None:
        """The purpose or the differences; what does not fit into the area ends in "…"."""
        text, metrics = self.text_below, painter.fontMetrics()
        words = text.split(" ")
        while words and metrics.boundingRect(area.toRect(), flags, text).height() > area.height():
            words.pop()
            text = " ".join(words) + " …"
        painter.drawText(area, flags, text)


class Gallery(QDialog):
    """The dialog in which the user chooses a recipe; `chosen(Recipe)`."""

    chosen = Signal(object)

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Recipes"))
        self._shown = Shown()
        self.cards: tuple[RecipeCard, ...] = ()
        self._found: tuple[RecipeCard, ...] = ()
        self.problems = label("", "bad")
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a recipe"))
        self.search.setAccessibleName(self.tr("Find a recipe"))
        self.search.setToolTip(self.tr("Words of its title, purpose, network, objective or source"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._choose_found)
        self.against = ChoiceBox(
            self.tr("What differs from"),
            self.tr("Each card then says in what its recipe differs from this one"),
            characters=_CHOICE,
        )
        self.against.chosen.connect(self._compare)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = label(self.tr("What do you want to train?"), "heading")
        own = label(self.tr("Your own recipes: files in {}").format(user_recipes_folder()), "caption")
        own.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        own.setWordWrap(True)
        tools = row(fill(self.search), labelled(self.tr("What differs from"), self.against), gap=16)
        column(heading, tools, fill(self._scroll), own, gap=16, margins=24, on=self)
        self._columns = COLUMNS
        self._grid = QGridLayout()
        theme = current_theme()
        wanted = QSize(
            theme.px(COLUMNS * CARD.width() + (COLUMNS - 1) * _GAP + 24 + 60),
            theme.px(3 * CARD.height() + 140),
        )
        # A window with a frame is on the screen, and no larger than what it belongs to.
        around = self.screen().availableGeometry().size() if parent is None else parent.window().size()
        self.resize(wanted.boundedTo(around - QSize(_FRAME, _FRAME)))
        self.show_state(state)

    def show_state(self, state: StudioState) -> None:
        """Show the recipes there are, and why files of the user cannot be used."""
        problems = without_controls("\n".join(str(problem) for problem in state.own.problems))
        if not self._shown.differs(state.recipes, problems):
            return
        theme = current_theme()
        self._grid = grid = QGridLayout()
        grid.setSpacing(theme.px(_GAP))
        own = {recipe.name for recipe in state.own.recipes}
        self.cards = tuple(
            RecipeCard(recipe, recipe.name == state.recipe.name, state.data_shape, recipe.name in own)
            for recipe in state.recipes
        )
        for card in self.cards:
            card.clicked.connect(lambda *_, recipe=card.recipe: self._choose(recipe))
        self._found = self.cards
        self._place_cards()
        chosen = self.against.value
        self.against.set_entries(
            (
                ("", self.tr("no recipe")),
                *((recipe.name, one_line(recipe.title, _LONGEST)) for recipe in state.recipes),
            )
        )
        self.against.show_value(chosen or "")
        self.nothing = label(self.tr("No recipe has these words."), "muted")
        self.problems = label(problems, "bad")
        self.problems.setWordWrap(True)
        self.problems.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        content = boxed(
            column(self.problems, self.nothing, grid, fill(), gap=12, margins=(0, 0, 8, 0)), "content"
        )
        self.problems.setVisible(bool(problems))
        self.nothing.hide()
        self._scroll.setWidget(content)
        content.show()  # which Qt does not do in an area that is on the screen already
        self._compare(self.against.value)
        self._find(self.search.text())

    def _find(self, typed: str) -> None:
        """Show the recipes that have every typed word, the best match first; all of them without words."""
        words = words_of(typed)
        scores = [(score(words, card.words), card) for card in self.cards]
        found = [(points, card) for points, card in scores if points is not None]
        if words:
            found.sort(key=lambda one: -one[0])
        self._found = tuple(card for _, card in found)
        for card in self.cards:
            card.setVisible(card in self._found)
        self.nothing.setVisible(not found)
        self._place_cards()
        self._scroll.verticalScrollBar().setValue(0)

    def _choose_found(self) -> None:
        """Return was pressed in the field: the best match is chosen, if something was typed."""
        if self.search.text().strip() and self._found:
            self._choose(self._found[0].recipe)

    def _compare(self, name: str | None) -> None:
        """Let each card say what differs from the recipe of this name; "" and None: what it is for."""
        other = next((card.recipe for card in self.cards if card.recipe.name == name), None)
        for card in self.cards:
            card.compare_with(other)

    def _place_cards(self) -> None:
        """As many in a row as the width has space for; the others are below, and scroll."""
        for card in self.cards:
            self._grid.removeWidget(card)
        for index, card in enumerate(self._found):
            self._grid.addWidget(card, index // self._columns, index % self._columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = current_theme()
        margins = theme.px(2 * 24 + 8) + self._scroll.verticalScrollBar().sizeHint().width()
        space = event.size().width() - margins + theme.px(_GAP)
        columns = max(1, min(COLUMNS, space // theme.px(CARD.width() + _GAP)))
        content = self._scroll.widget()
        if columns != self._columns and content is not None:
            self._columns = columns
            self._place_cards()
            layout = content.layout()
            assert layout is not None
            layout.activate()  # the area resizes it to this size only

    def _choose(self, recipe: Recipe) -> None:
        self.chosen.emit(recipe)
        self.accept()

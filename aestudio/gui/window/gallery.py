"""The gallery: a card for each recipe, in groups, with a list of the groups beside them.

Cards are found by typing, the best match first and without groups; once another recipe is chosen for it,
each card says what differs from that one, in the place of its purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QWidget,
)

from aestudio.gui.state.learned_recipes import learned_recipes
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.layouts import boxed, column, fill, label, labelled, row
from aestudio.gui.widgets.plain_text import one_line, without_controls
from aestudio.gui.window.palette.word_match import score, words_of
from aestudio.gui.window.recipe_card import CARD, LONGEST_TITLE, RecipeCard
from aestudio.paths import user_recipes_folder
from aestudio.recipes.recipe_groups import GROUPS, RecipeGroup

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe

COLUMNS = 4
_GAP = 12
_FRAME = 40  # pixels that are left of the window around the gallery, for a frame
_CHOICE = 24  # characters of a recipe's title that are seen in the choice of what to compare with
_INDEX = 168  # pixels of the list of groups
_LEAST = 2  # columns of cards below which the list of groups gives way


class Gallery(QDialog):
    """The dialog in which the user chooses a recipe; `chosen(Recipe)`.

    returned: the window is active again, perhaps after a file was added
    """

    chosen = Signal(object)
    returned = Signal()

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
        set_role(self._scroll, "bare")  # headings and cards stand on the window, in line with the field
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.verticalScrollBar().valueChanged.connect(self._follow_scrolling)
        self.index = QListWidget()
        self.index.setAccessibleName(self.tr("Groups"))
        self.index.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_length(self.index, lambda index, theme: index.setFixedWidth(theme.px(_INDEX)))
        self.index.currentRowChanged.connect(self._go_to_group)
        self._groups: tuple[tuple[str, QWidget, list[RecipeCard]], ...] = ()
        heading = label(self.tr("What do you want to train?"), "heading")
        own = label(self.tr("Your own recipes: files in {}").format(user_recipes_folder()), "caption")
        own.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        own.setWordWrap(True)
        tools = row(fill(self.search), labelled(self.tr("What differs from"), self.against), gap=16)
        cards = row(self.index, fill(self._scroll), gap=16)
        column(heading, tools, fill(cards), own, gap=16, margins=24, on=self)
        self._columns = COLUMNS
        self._grid = QGridLayout()
        theme = current_theme()
        wanted = QSize(
            theme.px(COLUMNS * CARD.width() + (COLUMNS - 1) * _GAP + _INDEX + 16 + 24 + 60),
            theme.px(3 * CARD.height() + 140),
        )
        # A window with a frame is on the screen, and no larger than what it belongs to.
        around = self.screen().availableGeometry().size() if parent is None else parent.window().size()
        self.resize(wanted.boundedTo(around - QSize(_FRAME, _FRAME)))
        self.show_state(state)

    def show_state(self, state: StudioState) -> None:
        """Show the recipes there are, and why files of the user cannot be used."""
        problems = without_controls("\n".join(str(problem) for problem in state.own.problems))
        if not self._shown.differs(state.recipes, state.runs, problems):
            return
        theme = current_theme()
        self._grid = grid = QGridLayout()
        grid.setSpacing(theme.px(_GAP))
        own = {recipe.name for recipe in state.own.recipes}
        learned = learned_recipes(state.runs)
        said = {"shipped": self.tr("ships trained"), "kept": self.tr("learned already")}
        self.cards = tuple(
            RecipeCard(
                recipe,
                recipe.name == state.recipe.name,
                state.data_shape,
                recipe.name in own,
                said[learned[recipe.name]] if recipe.name in learned else "",
            )
            for recipe in state.recipes
        )
        present = [group for group in GROUPS if any(card.in_group == group.name for card in self.cards)]
        self._groups = tuple(
            (group.title, _heading(group), [card for card in self.cards if card.in_group == group.name])
            for group in present
        )
        for card in self.cards:
            card.clicked.connect(lambda *_, recipe=card.recipe: self._choose(recipe))
        self._found = self.cards
        self._place_cards()
        chosen = self.against.value
        self.against.set_entries(
            (
                ("", self.tr("no recipe")),
                *((recipe.name, one_line(recipe.title, LONGEST_TITLE)) for recipe in state.recipes),
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
        for _, heading, _ in self._groups:
            heading.setParent(content)
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
        self._follow_scrolling()

    def _choose_found(self) -> None:
        """Return was pressed in the field: the best match is chosen, if something was typed."""
        if self.search.text().strip() and self._found:
            self._choose(self._found[0].recipe)

    def _compare(self, name: str | None) -> None:
        """Let each card say what differs from the recipe of this name; "" and None: what it is for."""
        other = next((card.recipe for card in self.cards if card.recipe.name == name), None)
        for card in self.cards:
            card.compare_with(other)

    @property
    def _in_groups(self) -> bool:
        """Whether all recipes are shown; those that were found are in the order of their match."""
        return not words_of(self.search.text())

    def _place_cards(self) -> None:
        """As many in a row as the width has space for; the others are below, and scroll."""
        for widget in (*self.cards, *(heading for _, heading, _ in self._groups)):
            self._grid.removeWidget(widget)
        line = 0
        rows = [(heading, cards) for _, heading, cards in self._groups]
        for heading, _ in rows:
            heading.setVisible(self._in_groups)
        for heading, cards in rows if self._in_groups else [(None, list(self._found))]:
            if heading is not None:
                self._grid.addWidget(heading, line, 0, 1, self._columns)
                line += 1
            for index, card in enumerate(cards):
                self._grid.addWidget(card, line + index // self._columns, index % self._columns)
            line += -(-len(cards) // self._columns)
        self._list_groups()

    def _list_groups(self) -> None:
        """The groups and how many recipes each has; of a search no one is current."""
        self.index.blockSignals(True)
        self.index.clear()
        for title, _, cards in self._groups:
            self.index.addItem(f"{title}  {sum(card in self._found for card in cards)}")
        self.index.blockSignals(False)

    def _go_to_group(self, number: int) -> None:
        """Scroll the heading of a group to the top; a search ends."""
        if number < 0:
            return
        if not self._in_groups:
            self.search.clear()
        self._activate_content()
        _, heading, _ = self._groups[number]
        bar = self._scroll.verticalScrollBar()
        bar.blockSignals(True)
        bar.setValue(heading.y())
        bar.blockSignals(False)
        content = self._scroll.widget()
        assert content is not None
        content.move(0, -bar.value())
        self._mark_group(number)

    def _follow_scrolling(self) -> None:
        """Mark the group whose cards are at the top."""
        if not self._in_groups:
            self._mark_group(-1)
            return
        top = self._scroll.verticalScrollBar().value() + current_theme().px(CARD.height() // 2)
        passed = [number for number, (_, heading, _) in enumerate(self._groups) if heading.y() <= top]
        self._mark_group(max(passed, default=0))

    def _mark_group(self, number: int) -> None:
        self.index.blockSignals(True)
        self.index.setCurrentRow(number)
        self.index.blockSignals(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = current_theme()
        margins = theme.px(2 * 24 + 8) + self._scroll.verticalScrollBar().sizeHint().width()
        space = event.size().width() - margins + theme.px(_GAP)
        beside = space - theme.px(_INDEX + 16)
        card = theme.px(CARD.width() + _GAP)
        # In a narrow window the list of groups gives its place to the cards.
        self.index.setVisible(beside >= _LEAST * card)
        columns = max(1, min(COLUMNS, (beside if beside >= _LEAST * card else space) // card))
        if columns != self._columns and self._scroll.widget() is not None:
            self._columns = columns
            self._place_cards()
            self._activate_content()  # the area resizes it to this size only
        self._follow_scrolling()

    def _activate_content(self) -> None:
        content = self._scroll.widget()
        layout = None if content is None else content.layout()
        assert layout is not None
        layout.activate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.returned.emit()

    def _choose(self, recipe: Recipe) -> None:
        self.chosen.emit(recipe)
        self.accept()


def _heading(group: RecipeGroup) -> QWidget:
    """A group's title, and beside it what its recipes have in common."""
    summary = ElidedLabel(group.summary, muted=True)
    summary.set_mode(Qt.TextElideMode.ElideRight)
    return boxed(row(label(group.title, "label"), fill(summary), gap=12, margins=(0, 8, 0, 0)))

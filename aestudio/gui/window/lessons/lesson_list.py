"""The list of lessons: each with its title, how long it takes, and what it is about."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from aestudio.datasets.catalogue import dataset_menu
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.widgets.scroll_column import ScrollColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.errors import StudioError
    from aestudio.lessons.lesson_file import LessonFile


class LessonList(ScrollColumn):
    """chosen(str): the path of the lesson that is wanted"""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill(), parent=parent)
        self._shown: tuple[object, ...] = ()
        self.buttons: list[TextButton] = []
        self._cards: list[QWidget] = []

    def show_lessons(self, lessons: Sequence[LessonFile], problems: Sequence[StudioError]) -> None:
        """Show these lessons, and why files of the user cannot be used."""
        shown = (*(lesson.path for lesson in lessons), *map(str, problems))
        if shown == self._shown:
            return
        self._shown = shown
        for card in self._cards:
            self.content.removeWidget(card)
            card.deleteLater()
        self.buttons = []
        self._cards = [self._card(lesson) for lesson in lessons]
        for problem in problems:
            text = label(str(problem), "bad")
            text.setWordWrap(True)
            self._cards.append(text)
        if not self._cards:
            self._cards.append(label(self.tr("There are no lessons."), "muted"))
        for place, card in enumerate(self._cards):
            self.content.insertWidget(place, card)

    def _card(self, lesson: LessonFile) -> QWidget:
        card = QFrame()
        set_role(card, "raised")
        title = label(one_line(lesson.texts.title), "label")
        title.setWordWrap(True)
        summary = label(lesson.texts.summary, "muted")
        summary.setWordWrap(True)
        time = label(
            self.tr("{} min · {}").format(lesson.lesson.minutes, _title_of(lesson.lesson.dataset)), "caption"
        )
        begin = TextButton(
            "play", self.tr("Begin"), tip=self.tr("Begin the lesson “{}”").format(title.text())
        )
        begin.setAccessibleName(begin.toolTip())
        begin.clicked.connect(partial(self._choose, str(lesson.path)))
        self.buttons.append(begin)
        column(title, summary, row(time, fill(), begin, gap=8), gap=6, margins=12, on=card)
        return card

    def _choose(self, path: str, _checked: bool = False) -> None:
        self.chosen.emit(path)


def _title_of(dataset: str) -> str:
    return next((title for name, title, _ in dataset_menu() if name == dataset), dataset)

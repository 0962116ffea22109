"""F11 and a new size of the text lay the Latent view out once: counted, as time depends on the machine."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.state.preferences import NORMAL_TEXT, TEXT_SIZES
from aestudio.gui.views.latent.explorer import Explorer
from aestudio.gui.views.latent.latent_view import LatentView
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Person

COUNTED = (LatentView, Explorer, ClassMap)
# New sizes: one for both changes together; the map is as much as four pixels lower once the row of tabs and
# the line of axes have their new type.
MOST = {"LatentView": 1, "Explorer": 1, "ClassMap": 2}


class Sizes(QObject):
    """Counts how often each part of the Latent view gets another size."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let all events pass."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, COUNTED):
            self.counts[type(watched).__name__] += 1
        return False


def counted(act: Callable[[], Any]) -> tuple[Counter[str], int]:
    """How many sizes each part gets, and how often the view shows the state, until nothing is left to do."""
    sizes, shown = Sizes(), 0
    show_state = LatentView.show_state

    def show_and_count(view: LatentView, state: Any) -> None:
        nonlocal shown
        shown += 1
        show_state(view, state)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LatentView, "show_state", show_and_count)
        QApplication.instance().installEventFilter(sizes)  # type: ignore[union-attr]
        try:
            act()
            for _ in range(3):
                QApplication.processEvents()
        finally:
            QApplication.instance().removeEventFilter(sizes)  # type: ignore[union-attr]
    return sizes.counts, shown


@pytest.mark.thorough
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_change_of_the_whole_window_is_one_layout_of_the_latent_view(person: Person) -> None:
    window = person.window
    window.session.recipe.choose_recipe(small(latent_size=10, epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    window.resize(1280, 800)
    person.wait_computed()
    person.settle()
    for again in (False, True):  # what is made for the first presentation is there for the second one
        for act in (window.toggle_presentation, window.toggle_presentation):
            sizes, shown = counted(act)
            person.wait_computed()
            person.settle()
            if again:
                assert all(sizes[name] <= MOST[name] for name in MOST), sizes
                assert shown <= 2, "once for the change, and once for what was computed meanwhile"
    for size in (TEXT_SIZES[-1], NORMAL_TEXT):
        sizes, shown = counted(lambda size=size: window.session.update(text_size=size))
        person.settle()
        assert sizes["Explorer"] <= 2, sizes

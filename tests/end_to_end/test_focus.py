"""Without a mouse: Tab goes through every view and back again, and where the focus is can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.end_to_end.conftest import pixels, small
from tests.end_to_end.test_presenter_keys import every_page
from tests.end_to_end.test_window import controls, described, parents

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person

MOST_STOPS = 200
AROUND = 4  # pixels around a widget in which its frame may be
DIFFERENT, ENOUGH = 25, 12  # grey levels between two pixels that are told apart, and how many of them


def stops_by(person: Person, key: str) -> list[QWidget]:
    """What the key goes to, from the tabs of the views until it comes back to them."""
    tabs = person.window.tabs
    tabs.setFocus()
    found: list[QWidget] = []
    for _ in range(MOST_STOPS):
        person.keys(key, QApplication.focusWidget())
        focus = QApplication.focusWidget()
        assert focus is not None, found and described(found[-1])
        if focus is tabs:
            return found
        assert focus not in found, f"{described(focus)} keeps the focus"
        found.append(focus)
    raise AssertionError("Tab does not come back")


def shown_difference(person: Person, stop: QWidget) -> int:
    """How many pixels in and around a widget differ while it has the focus by a key."""
    above = stop.parentWidget() or stop
    stop.setFocus(Qt.FocusReason.TabFocusReason)
    assert stop.hasFocus()
    person.live(0)
    with_focus = pixels(above).astype(int)
    other = person.window.start_button
    (other if other is not stop else person.window.tabs).setFocus(Qt.FocusReason.TabFocusReason)
    person.live(0)
    without = pixels(above).astype(int)
    if with_focus.shape != without.shape:
        return ENOUGH
    place = QRect(stop.mapTo(above, QPoint(0, 0)), stop.size()).adjusted(-AROUND, -AROUND, AROUND, AROUND)
    place &= above.rect()
    differs = np.abs(with_focus - without) > DIFFERENT
    return int(differs[place.top() : place.bottom() + 1, place.left() : place.right() + 1].sum())


@pytest.fixture
def trained(person: Person) -> Person:
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    return person


@pytest.mark.thorough
def test_tab_reaches_everything_and_shows_where_it_is(trained: Person) -> None:
    person, unseen, unreached, seen = trained, set(), set(), set()
    for page in every_page(person):
        person.wait_computed()
        stops = stops_by(person, "Tab")
        assert stops_by(person, "Shift+Tab")[::-1] == stops, page
        reached = {*stops, person.window.tabs}
        for control in controls(person.window):
            if control.visibleRegion().isEmpty() or not control.isEnabled():
                continue
            group: Any = getattr(control, "group", lambda: None)()
            members = set() if group is None else set(group.buttons())  # one stop, and arrows inside
            if not reached & {control, *parents(control), *members}:
                unreached.add(f"{page}: {described(control)}")
        for stop in stops:
            if stop not in seen and shown_difference(person, stop) < ENOUGH:
                unseen.add(f"{page}: {described(stop)}")
            seen.add(stop)
    assert len(seen) > 80
    assert unreached == set()
    assert unseen == set()


@pytest.mark.thorough
def test_a_click_shows_no_frame(trained: Person) -> None:
    from aestudio.gui.widgets.focus_ring import FocusRing

    view: Any = trained.window.view
    plot = view.map.map.plot
    trained.window.tabs.setFocus()
    trained.click(plot.viewport())
    assert plot.hasFocus()
    rings = [ring for ring in trained.window.findChildren(FocusRing) if ring.isVisible()]
    assert rings == []

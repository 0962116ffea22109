"""The popup of every combo box shows its last entry, or has a visible bar; no arrow hides an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QScrollArea, QWidget

from aestudio.gui.window.gallery import Gallery

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


def problem_of(box: QComboBox) -> str:
    """The problem of an open popup, or ""."""
    view = box.view()
    popup, rows = view.window(), range(box.count())
    arrows = [
        part
        for part in popup.findChildren(QWidget)
        if part.metaObject().className() == "QComboBoxPrivateScroller"
    ]
    last = view.visualRect(view.model().index(rows[-1], box.modelColumn()))
    if any(arrow.isVisible() for arrow in arrows):
        return f"{box.accessibleName()}: an arrow hides entries"
    if not popup.screen().geometry().contains(popup.geometry()):
        return f"{box.accessibleName()}: {popup.geometry()} is beyond the screen"
    visible = last.top() >= 0 and last.bottom() < view.viewport().height()
    higher = view.sizeHintForRow(0) * box.count() > popup.screen().geometry().height() // 2
    if not visible and not (higher and view.verticalScrollBar().isVisible()):
        return f"{box.accessibleName()}: to {last.bottom()} of {view.viewport().height()}"
    return ""


def open_and_close(box: QComboBox) -> str:
    box.setFocus(Qt.FocusReason.MouseFocusReason)
    QApplication.processEvents()
    box.showPopup()
    QApplication.processEvents()
    problem = problem_of(box)
    box.hidePopup()
    return problem


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
@pytest.mark.parametrize(
    "looks",
    [
        (("dark", 1.0), ("light", 1.5)),
        pytest.param((("dark", 1.5), ("light", 1.0)), marks=pytest.mark.slow),  # both of each are above
    ],
)
def test_every_popup_shows_its_last_entry(person: Person, looks: tuple[tuple[str, float], ...]) -> None:
    """In both themes and both sizes of type, in one window: opening one takes longer than looking."""
    for scheme, scale in looks:
        check_every_popup(person, scheme, scale)
    check_a_box_does_not_change_its_size_with_the_focus(person)


def check_every_popup(person: Person, scheme: str, scale: float) -> None:
    holder = person.window.theme_holder
    assert holder is not None
    holder.set_scheme(scheme)  # type: ignore[arg-type]
    holder.set_scale(scale)
    person.window.activateWindow()
    opened, problems = set(), []
    latent: Any = person.window.views["latent"]
    for name in ("train", "latent", "features", "compare"):
        person.show(name)
        person.wait_computed()
        if name == "latent":
            latent.panels.show_page("grid")
            person.settle()  # the page is there after the next event of the store
            person.wait_computed()
            person.click(latent.map.tools.options_button)
            assert person.window.rect().contains(latent.map.tools.options.geometry())
        for box in person.window.findChildren(QComboBox):
            if box.isVisible() and box.isEnabled() and box.accessibleName() not in opened:
                opened.add(box.accessibleName())
                problems.append(open_and_close(box))
        if name == "latent":
            assert {"Axis right", "Overlay of the map", "Points", "Spacing"} <= opened
            person.keys("Escape", latent.map.tools.options)
            assert not latent.map.tools.options.isVisible()
    holder.set_scale(1.0)
    assert len(opened) > 12
    assert [problem for problem in problems if problem] == [], (scheme, scale)


def check_a_box_does_not_change_its_size_with_the_focus(person: Person) -> None:
    box = person.window.left.recipe.network
    person.window.activateWindow()
    person.window.left.training.start.setFocus()
    QTest.qWait(0)
    unfocused = box.sizeHint()
    box.setFocus()
    QTest.qWait(0)
    assert box.sizeHint() == unfocused


SMALL = (800, 600)


def check_every_menu_fits_a_small_screen(person: Person) -> None:
    """Then none needs arrows."""
    bar = person.window.menuBar()
    person.window.resize(*SMALL)
    menus = [action.menu() for action in bar.actions()]
    assert len(menus) == 6
    for menu in menus:
        assert isinstance(menu, QMenu)
        assert menu.sizeHint().height() <= SMALL[1], menu.title()
        assert menu.sizeHint().width() <= SMALL[0], menu.title()
    assert bar.sizeHint().width() <= SMALL[0], "no menu is behind an arrow of the bar"


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_gallery_shows_whole_cards_and_the_others_with_a_bar(person: Person) -> None:
    for size, columns in ((SMALL, 2), ((1024, 640), 3), ((1280, 800), 4)):
        check_the_gallery(person, size, columns)
    check_every_menu_fits_a_small_screen(person)


def check_the_gallery(person: Person, size: tuple[int, int], columns: int) -> None:
    window = person.window
    window.resize(*size)
    person.settle()
    window.commands.run("recipe.gallery")
    gallery = QApplication.activeModalWidget()
    assert isinstance(gallery, Gallery)
    person.settle()
    assert gallery.width() <= size[0]
    assert gallery.height() <= size[1]
    left = {card.x() for card in gallery.cards}
    assert len(left) == columns
    area = gallery.findChild(QScrollArea)
    assert area is not None
    for card in gallery.cards:
        assert card.height() >= card.sizeHint().height()
        assert card.width() >= card.sizeHint().width()
        assert card.geometry().right() <= area.viewport().width()
    below = gallery.cards[-1].geometry().bottom() > area.viewport().height()
    assert area.verticalScrollBar().isVisible() == below
    gallery.close()

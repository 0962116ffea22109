"""The dialog and the window of sweeps on every screen, both themes, type 1x and 1.5x: nothing is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aestudio.gui.state.preferences import NORMAL_TEXT, TEXT_SIZES
from tests.end_to_end.test_every_screen import CHECKS, SIZES, set_text_size
from tests.end_to_end.test_sweeps import dialog_of
from tests.settling import settle
from tests.sweeps.scored import keep_scored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from tests.end_to_end.conftest import Person

# The platform of the tests says so when the least size of a window that is shown grows with its text.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
THREE = ("latent_size=2,8,32", "beta=0.5,2", "hidden=128,64;256")


def sweep_windows(person: Person) -> Iterator[tuple[str, QWidget]]:
    """The dialog with three settings, then each page of a sweep that waits, and one without results."""
    person.action("sweep.vary").trigger()
    dialog = dialog_of(person)
    person.click(dialog.rows.add)
    person.click(dialog.rows.add)
    person.wait(lambda: dialog.estimate is not None)
    yield "dialog", dialog
    person.click(dialog.cancel)
    person.action("sweep.show").trigger()
    window = person.window.dialogs.sweeps
    person.wait(lambda: window.list.count() == 2)
    for name in ("waits", "nothing"):
        person.window.session.sweeps.choose(name)
        person.wait(lambda: not person.state.tasks and person.state.run_list.sweeps.shown is not None)
        for number in range(window.pages.tabs.count()):
            window.pages.tabs.setCurrentIndex(number)
            yield f"{name}, {window.pages.tabs.tabText(number)}", window
    window.close()


def problems(person: Person, size: tuple[int, int], where: str) -> list[str]:
    found = []
    person.window.resize(*size)
    settle(person.window)
    for name, window in sweep_windows(person):
        person.settle()
        if window.width() > size[0] or window.height() > size[1]:
            found.append(f"{where} {size} {name}: {window.size()} is larger than the main window")
        for check in CHECKS:
            found += [f"{where} {size} {name} {check.__name__}: {wrong}" for wrong in check(window)]
    return found


def keep_two() -> None:
    keep_scored("waits", vary=THREE, missing=3)
    keep_scored("nothing", missing=12)


@pytest.mark.thorough
@pytest.mark.parametrize("text", [NORMAL_TEXT, TEXT_SIZES[-1]])
def test_nothing_is_cut_in_the_windows_of_sweeps(person: Person, text: int) -> None:
    """In the smallest window; the other sizes are slow."""
    keep_two()
    set_text_size(person, text)
    found = problems(person, SIZES[0], f"dark {text} %")
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("text", [NORMAL_TEXT, TEXT_SIZES[-1]])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_is_cut_on_any_screen(person: Person, scheme: Any, text: int) -> None:
    keep_two()
    holder = person.window.theme_holder
    assert holder is not None
    holder.set_scheme(scheme)
    set_text_size(person, text)
    found = [one for size in SIZES for one in problems(person, size, f"{scheme} {text} %")]
    assert found == [], "\n".join(found)

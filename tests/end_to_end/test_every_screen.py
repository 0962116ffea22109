"""Every view and panel on five screens, both themes, type 1x and 1.5x: nothing is cut or out of reach."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QWidget,
)

from aestudio.gui.state.preferences import NORMAL_TEXT, TEXT_SIZES
from aestudio.gui.window.files.share_question import ShareQuestion
from aestudio.paths import runs_folder
from aestudio.resources import resources_folder
from aestudio.runs.kept_run import KeptRun
from tests.clipping import texts_cut_silently
from tests.end_to_end.conftest import LONG, small
from tests.end_to_end.test_presentation import leave_presentation, resize
from tests.end_to_end.test_runs_window import click_row, keep, open_runs
from tests.end_to_end.test_small_screens import (
    beyond_the_side,
    cut_texts,
    overlapping,
    scroll_area_of,
    titles_beyond_their_plots,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.end_to_end.conftest import Person

# The platform of the tests says so when the least size of a window that is shown grows with its text.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SIZES = ((1024, 640), (1280, 800), (1366, 768), (1600, 900), (1920, 1080))
SMALLEST = (800, 600)  # without sidebars
VIEWS = ("train", "reconstruct", "latent", "features", "compress", "compare", "network")
MARGIN = 6  # pixels that a style draws around the text of a field at least


def visible(window: QWidget, kind: type[Any]) -> Iterator[Any]:
    """The visible widgets of a kind within the window."""
    for widget in window.findChildren(kind):
        if widget.isVisible() and not widget.isWindow():
            yield widget


def cut_buttons(window: QWidget) -> list[str]:
    """Buttons that are smaller than their text and icon."""
    found = []
    for button in visible(window, QAbstractButton):
        if not button.text() or (isinstance(button, QToolButton) and button.parentWidget() is None):
            continue
        text = button.fontMetrics().size(0, button.text().replace("&", ""))
        if text.width() > button.width() or text.height() > button.height() + 2:
            found.append(f"{button.text()} {text} in {button.size()}")
    return found


def cut_tabs(window: QWidget) -> list[str]:
    """Tabs that are narrower than their text."""
    found = []
    for bar in visible(window, QTabBar):
        for index in range(bar.count()):
            text, rect = bar.tabText(index), bar.tabRect(index)
            if bar.fontMetrics().horizontalAdvance(text.replace("&", "")) > rect.width():
                found.append(f"tab {text} in {rect}")
            elif not bar.rect().contains(rect):
                found.append(f"tab {text} at {rect} beyond {bar.size()}")
    return found


def cut_fields(window: QWidget) -> list[str]:
    """Fields that are narrower than what they hold, or than the hint that they show while empty."""
    return [
        f"field {text}"
        for field in visible(window, QLineEdit)
        if (text := field.text() or field.placeholderText())
        and field.fontMetrics().horizontalAdvance(text) > field.width() - MARGIN
        and text not in field.toolTip()
    ]


def unreachable_bars(window: QWidget) -> list[str]:
    """What scrolls without a visible bar within the window, or within a page that scrolls itself."""
    found = []
    for area in visible(window, QAbstractScrollArea):
        bar = area.verticalScrollBar()
        if bar.maximum() > bar.minimum():
            page = scroll_area_of(area)
            above: QWidget = window if page is None else page.widget()
            box = QRect(bar.mapTo(above, QPoint(0, 0)), bar.size())
            if not bar.isVisible() or not above.rect().contains(box):
                found.append(f"{type(area).__name__} {area.accessibleName()} {area.parentWidget()}")
    return found


def squashed(window: QWidget) -> list[str]:
    """What is lower than the least that its parts need: they lie over each other, or are cut."""
    found = []
    for part in visible(window, QWidget):
        layout = part.layout()
        if layout is None or isinstance(part, QStackedWidget):  # which asks pages that are not shown, too
            continue
        least = min(layout.totalMinimumSize().height(), part.minimumSizeHint().height())
        if part.height() < least - 1:
            found.append(f"{type(part).__name__} in {type(part.parentWidget()).__name__}: {part.size()}")
    return found


def beyond_the_window(window: QWidget) -> list[str]:
    """Parts of the frame around the view that reach beyond the window."""
    frame = [window.centralWidget()] if hasattr(window, "centralWidget") else []  # type: ignore[attr-defined]
    children = [child for part in frame for child in part.children() if isinstance(child, QWidget)]
    return [
        f"{type(child).__name__} {child.geometry()} in {window.size()}"
        for child in children
        if child.isVisible() and not window.rect().contains(child.geometry())
    ]


CHECKS: tuple[Callable[[Any], list[str]], ...] = (
    beyond_the_side,
    cut_texts,
    overlapping,
    titles_beyond_their_plots,
    texts_cut_silently,
    cut_buttons,
    cut_tabs,
    cut_fields,
    unreachable_bars,
    beyond_the_window,
    squashed,
)


def pages(person: Person) -> Iterator[tuple[str, str]]:
    """Bring to the front every view, every panel of the Latent view, and every sidebar; yields names."""
    for name in VIEWS:
        person.show(name)
        view: Any = person.window.view
        for panel in view.panels.known if name == "latent" else ("",):
            if panel:
                person.window.show_panel(panel)
            yield name, panel
    sidebars = person.window.sidebars
    for sidebar in (person.window.left, person.window.right):
        if not sidebars.is_open(sidebar):
            before = sidebars.choices
            sidebars.set_open(sidebar, True)
            yield name, type(sidebar).__name__
            sidebars.choices = before
            sidebars.arrange()


def settle(person: Person) -> None:
    """Wait until the layout no longer changes.

    What has arrived last may have asked for another layout, which the next look at the screen would have.
    """
    before: list[QRect] = []
    while True:
        person.live(20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        now = [part.geometry() for part in visible(person.window, QWidget)]
        if now == before:
            return
        before = now


def problems_of(person: Person, size: tuple[int, int], where: str) -> list[str]:
    """Everything that is wrong in any view at this size."""
    found = []
    person.window.resize(*size)
    settle(person)
    if person.window.size().toTuple() != size:
        found.append(f"{where} {size}: the window is {person.window.size().toTuple()}")
    for name, panel in pages(person):
        settle(person)
        for check in CHECKS:
            found += [
                f"{where} {size} {name} {panel} {check.__name__}: {wrong}" for wrong in check(person.window)
            ]
    return found


def windows_of_runs(person: Person) -> Iterator[tuple[str, QWidget]]:
    """Open the window of all runs in each of its states, the comparison, and the question what is shared."""
    runs = open_runs(person)
    yield "runs", runs
    for row in range(3):
        click_row(person, runs.table, row, *((Qt.KeyboardModifier.ControlModifier,) if row else ()))
    runs.undo_line.setVisible(True)
    runs.message.set_text("A message that says what happened to a run, and is as long as most of them are.")
    person.click(runs.thin_button)
    person.wait(runs.question.isVisible)
    yield "runs with a question", runs
    person.click(person.button("Close", runs.question))
    person.click(runs.compare_button)
    comparison = person.window.comparison_window
    assert comparison is not None
    person.wait(lambda: person.state.run_list.compared is not None and not person.state.tasks)
    yield "comparison", comparison
    comparison.pages.setCurrentIndex(1)
    comparison.every.click()
    yield "comparison of all settings", comparison
    comparison.pages.setCurrentIndex(2)
    person.wait(lambda: bool(comparison.images.rows_of_images) or bool(comparison.images.text))
    yield "comparison of images", comparison
    comparison.pages.setCurrentIndex(1)
    comparison.every.click()
    comparison.pages.setCurrentIndex(0)
    comparison.close()
    runs.sharing_wanted.emit(runs.table.runs.rows[0].run)
    question = QApplication.activeModalWidget()
    assert isinstance(question, ShareQuestion)
    person.wait(lambda: question.save.isEnabled())
    for box in question.boxes:
        box.setVisible(True)
    yield "share", question
    question.close()
    runs.close()
    yield from queue_window(person)
    QApplication.processEvents()


def queue_window(person: Person) -> Iterator[tuple[str, QWidget]]:
    """The trainings that wait: some, of which one has failed, and none."""
    session = person.window.session
    before = person.state.recipe
    session.recipe.choose_recipe(small("wae-mmd", latent_size=64, epochs=LONG, hidden=(512, 256)))
    session.queue.add()
    session.queue.add()
    failed = "The data set “A name that goes on and on” is not there any more: choose it again."
    first, *others = person.state.queue.entries
    session.update(queue=replace(person.state.queue, entries=(replace(first, problem=failed), *others)))
    person.window.dialogs.show_queue()
    queue = person.window.dialogs.queue
    person.wait(lambda: queue.list.topLevelItemCount() == 2)
    yield "queue", queue
    for entry in person.state.queue.entries:
        session.queue.remove(entry.key)
    yield "queue without trainings", queue
    queue.close()
    session.recipe.choose_recipe(before)


def keep_runs() -> None:
    """Runs with long names, tags and notes, of which two have weights and points."""
    long = "beta-VAE, latent 10, KL weight 4, two hidden layers of 512, and a name that goes on and on"
    for number in range(3):
        keep(f"r{number}", number, 100.0 + number, latent_size=10, beta=4.0, hidden=(512, 256))
    model = resources_folder() / "models" / "conv-vae"
    for number in range(2):
        folder = runs_folder() / f"mine {number}"
        shutil.copytree(model, folder)
        run = KeptRun.at(folder).rename(f"{long} {number}")
        run.with_tags(["lecture", "keep", "best of Monday"]).with_note("sharper\nat the edges")


def problems_of_windows(person: Person, size: tuple[int, int], where: str) -> list[str]:
    """Everything that is wrong in the windows of runs, which are as large as the main window lets them be."""
    found = []
    person.window.resize(*size)
    settle(person)
    for name, window in windows_of_runs(person):
        person.settle()
        if window.width() > size[0] or window.height() > size[1]:
            found.append(f"{where} {size} {name}: {window.size()} is larger than the main window")
        for check in CHECKS:
            found += [f"{where} {size} {name} {check.__name__}: {wrong}" for wrong in check(window)]
    return found


def set_text_size(person: Person, size: int) -> tuple[tuple[int, int], ...]:
    """Choose the size of the text, in per cent; returns the sizes of window to look at."""
    person.window.session.update(text_size=size)
    return (SMALLEST, *SIZES) if size == NORMAL_TEXT else SIZES


@pytest.mark.thorough
def test_nothing_is_cut_with_large_text_in_a_small_window(person: Person) -> None:
    """At rest, in the smallest window for it; the other sizes are slow."""
    set_text_size(person, TEXT_SIZES[-1])
    assert problems_of(person, SIZES[0], "large text") == []


@pytest.mark.thorough
def test_nothing_is_cut_in_the_windows_of_runs(person: Person) -> None:
    """In the smallest window for the largest text, in both themes; the other sizes are slow."""
    keep_runs()
    holder = person.window.theme_holder
    assert holder is not None
    set_text_size(person, TEXT_SIZES[-1])
    found = problems_of_windows(person, SIZES[0], "dark, large text")
    holder.set_scheme("light")
    found += problems_of_windows(person, SIZES[0], "light, large text")
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("text", [NORMAL_TEXT, TEXT_SIZES[-1]])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_is_cut_in_the_windows_of_runs_on_any_screen(person: Person, scheme: Any, text: int) -> None:
    keep_runs()
    holder = person.window.theme_holder
    assert holder is not None
    holder.set_scheme(scheme)
    sizes = set_text_size(person, text)
    found = [one for size in sizes for one in problems_of_windows(person, size, f"{scheme} {text} %")]
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("text", [NORMAL_TEXT, TEXT_SIZES[-1]])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_is_cut_on_any_screen(person: Person, scheme: Any, text: int) -> None:
    """At rest, in the window with type 1x and 1.5x, and in presentation (1.85x at 1920x1080)."""
    holder = person.window.theme_holder
    assert holder is not None
    holder.set_scheme(scheme)
    person.window.session.recipe.choose_recipe(small(latent_size=10, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    for _ in pages(person):
        person.wait_computed()
    sizes = set_text_size(person, text)
    found = [problem for size in sizes for problem in problems_of(person, size, f"{scheme} {text} %")]
    person.window.toggle_presentation()
    for size in SIZES:
        resize(person, size)
        found += problems_of(person, size, f"{scheme} {text} % presentation")
    leave_presentation(person)
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "text"),
    [(SMALLEST, NORMAL_TEXT), *((size, text) for size in SIZES for text in (NORMAL_TEXT, TEXT_SIZES[-1]))],
)
def test_nothing_is_cut_while_it_trains(person: Person, size: tuple[int, int], text: int) -> None:
    set_text_size(person, text)
    person.window.session.recipe.choose_recipe(small(latent_size=10, epochs=LONG))
    person.click(person.window.start_button)
    person.wait(lambda: person.step > 20)
    found = problems_of(person, size, "training")
    person.window.session.training.stop()
    person.wait_phase("ended")
    assert found == [], "\n".join(found)

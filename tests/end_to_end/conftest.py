"""Fixtures: the real window on the offscreen platform, and a simulated user with mouse and keyboard."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractButton, QWidget
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.main_window import MainWindow
    from aestudio.recipes.recipe import Recipe

WAIT = 240_000  # milliseconds; torch and an optimiser are imported within it
LONG = 10_000  # epochs; no test waits until the end
BETWEEN_MOVES = 0.016  # seconds between two moves of a dragged mouse


def small(name: str = "vae", **settings: object) -> Recipe:
    """A shipped recipe that trains within a second on 600 digits, with the given settings."""
    from aestudio.recipes.library import find_recipe

    recipe = find_recipe(name)
    rows = [info for rows in recipe.settings().values() for info in rows]
    known = {info.name for info in rows if info.applies_if is not None or recipe.has_effect(info)}
    values = {"epochs": 2, "batch_size": 60, "validation_images": 60, "hidden": (32,), **settings}
    return recipe.with_settings({name: value for name, value in values.items() if name in known})


class Person:
    """A simulated user of a window: input, and what the window shows."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window

    @property
    def state(self) -> StudioState:
        return self.window.session.state

    @property
    def training(self) -> RunState:
        return self.window.session.state.training

    # ---- input ------------------------------------------------------------------------------------

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a visible, enabled widget with the left button, in its centre unless `at` is given."""
        from PySide6.QtCore import Qt

        assert widget.isVisible(), f"{widget} is not visible"
        assert widget.isEnabled(), f"{widget} is not enabled"
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def drag(self, widget: QWidget, *points: QPoint) -> Iterator[None]:
        """Press at the first point, move over the others (one per step of the iteration), release.

        The moves are a mouse's: plots skip those that follow within a hundredth of a second
        (pyqtgraph's `mouseRateLimit`), which on a fast machine would be nearly all of them.
        """
        from PySide6.QtCore import Qt

        assert widget.isVisible()
        self.qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            time.sleep(BETWEEN_MOVES)
            send_move(widget, point)
            yield
        self.qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=points[-1])

    def keys(self, keys: str, widget: QWidget | None = None) -> None:
        """Press a shortcut, written as in the menus."""
        from PySide6.QtGui import QKeySequence

        combination = QKeySequence(keys)[0]
        self.qtbot.keyClick(widget or self.window, combination.key(), combination.keyboardModifiers())

    def show(self, name: str) -> None:
        """Click a view's tab."""
        tabs = self.window.tabs
        index = list(self.window.views).index(name)
        self.click(tabs, tabs.tabRect(index).center())
        assert self.window.view.name == name
        views = self.window.views  # it may have been made only now
        self.wait(lambda: views.front.isVisible() or views.reason is not None)

    def action(self, name: str) -> QAction:
        """The menu entry of a command, by the command's id."""
        return self.window.actions_by_id[name]

    def button(self, text: str, inside: QWidget | None = None) -> QAbstractButton:
        """The visible button with this text or object name."""
        from PySide6.QtWidgets import QAbstractButton

        found = [
            button
            for button in (inside or self.window).findChildren(QAbstractButton)
            if text in (button.text(), button.objectName()) and button.isVisible()
        ]
        assert len(found) == 1, f"{text}: {found}"
        return found[0]

    def open_sidebars(self) -> None:
        """Open both, in a window that has the space."""
        from PySide6.QtCore import QSize

        # A kept geometry has been shrunk to the screen of the tests, which is 800 pixels wide.
        self.window.resize(self.window.size().expandedTo(QSize(1280, 800)))
        for sidebar in (self.window.left, self.window.right):
            self.window.sidebars.set_open(sidebar, True)

    # ---- waiting ---------------------------------------------------------------------------------

    def wait(self, condition: Callable[[], object], milliseconds: int = WAIT) -> None:
        """Wait until the condition holds."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=milliseconds)

    def wait_phase(self, phase: str) -> None:
        """Wait until the training is in this phase; at its end also until the list of runs was read again."""
        self.wait(lambda: self.training.phase == phase)
        if phase == "ended":
            self.wait(lambda: not self._listed_as_under_way())

    def _listed_as_under_way(self) -> bool:
        """Whether the list still has the present run as it was before its end."""
        from aestudio.runs.run_record import UNDER_WAY

        listed = (run.record for run in self.state.runs if run.folder == self.training.path)
        return any(record is not None and record.status in UNDER_WAY for record in listed)

    def wait_computed(self) -> None:
        """Wait until no request is pending and no task is running.

        The names of the axes are left out: they are computed at low priority, seconds later.
        """
        self.wait(lambda: not set(self.state.pending) - {"axis names"} and not self.state.tasks)

    def live(self, milliseconds: int) -> None:
        """Run the event loop for a while, to check that nothing happens."""
        self.qtbot.wait(milliseconds)

    def settle(self) -> None:
        """Run the event loop until the layout of the window is done, however long that takes."""
        from tests.settling import settle

        settle(self.window)

    @property
    def step(self) -> int:
        progress = self.training.progress
        return 0 if progress is None else progress.step


def send_move(widget: QWidget, at: QPoint) -> None:
    """A mouse move with the left button held, as the platform sends it.

    `QTest.mouseMove` sends no held button, so that no slider would see a drag.
    """
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    position = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, position, widget.mapToGlobal(position), Qt.MouseButton.NoButton, left, none
    )
    QApplication.sendEvent(widget, event)


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    """The painted widget as grey levels, uint8 (H, W)."""
    from PySide6.QtGui import QImage

    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """600 + 120 built-in digits."""
    from aestudio.datasets.synthetic import generate

    return generate(train=600, test=120, seed=3)


@pytest.fixture
def quick_data(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every data set by name is these digits, without loading."""

    load_at_once(digits, monkeypatch)


def load_at_once(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every data set by name is these digits, until the patch is undone."""

    def load(name: str, **others: Any) -> Dataset:
        return digits

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", load)


@pytest.fixture
def every_view() -> None:
    """For tests of it: windows make the views in the background that nobody has looked at yet.

    In all other tests they do not, because it takes longer than all else that a window does.
    """


@pytest.fixture
def plainest_first() -> None:
    """For tests of it: the plainest image is selected first.

    In all other tests it is image 0, from which they count.
    """


@pytest.fixture
def folded_sidebars() -> None:
    """For tests of it: the sidebars are as a new user finds them, folded in a window of 1280 pixels.

    In all other tests the user has opened both, because it is there that most of them click.
    """


@pytest.fixture
def all_measured_images() -> None:
    """For tests of it: the axes are named with as many images as in the program."""


@pytest.fixture
def open_window(
    request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Person]]:
    """Opens windows as the program does; all are closed and their threads awaited at the end."""
    with opening(qtbot, monkeypatch, set(request.fixturenames)) as open_one:
        yield open_one


@contextlib.contextmanager
def opening(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, wanted: set[str]
) -> Iterator[Callable[..., Person]]:
    """Gives the function that opens windows, and closes them at the end.

    wanted: names of the fixtures above, for windows as they are in the program
    """
    from PySide6.QtWidgets import QApplication

    from aestudio.gui.app import make_window
    from aestudio.gui.theme.holder import ThemeHolder
    from aestudio.gui.theme.style import apply_theme, current_theme
    from aestudio.gui.theme.tokens import DARK
    from aestudio.gui.views.page_tabs import PageTabs
    from tests.small_models import measure_few_images

    if "all_measured_images" not in wanted:
        measure_few_images(monkeypatch)
    if "every_view" not in wanted:
        monkeypatch.setattr(PageTabs, "make_rest", lambda _: None)
    if "plainest_first" not in wanted:
        monkeypatch.setattr("aestudio.datasets.dataset.ImageSet.plainest", property(lambda _: 0))
    opened: list[Person] = []
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    holder = ThemeHolder(app, "dark")

    def open_one(
        dataset: str = "builtin", run: str | None = None, sidebars: bool = True, file: Path | None = None
    ) -> Person:
        window = make_window(dataset=dataset, run=run, file=file)
        window.use_theme_holder(holder)
        window.show()
        qtbot.waitExposed(window)
        opened.append(Person(qtbot, window))
        if sidebars and "folded_sidebars" not in wanted:
            opened[-1].open_sidebars()
        return opened[-1]

    yield open_one
    for person in opened:
        close(person)
    holder.deleteLater()
    if current_theme() != DARK:  # every widget that is still there would be polished anew
        apply_theme(app, DARK)


def close(person: Person) -> None:
    """Close the window and wait until it has gone, unless that has happened already."""
    import shiboken6

    if shiboken6.isValid(person.window):
        person.window.close()
        person.qtbot.waitUntil(lambda: not shiboken6.isValid(person.window), timeout=WAIT)


@pytest.fixture
def person(
    request: pytest.FixtureRequest,
    open_window: Callable[..., Person],
    quick_data: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Person:
    """A user with a window: 600 + 120 digits, a small recipe, torch loaded, the Train view in front.

    The Latent view, with which the program begins, would compute metrics for seconds in each test.
    """
    return open_train_view(open_window, monkeypatch, "folded_sidebars" not in request.fixturenames)


def open_train_view(
    open_window: Callable[..., Person], monkeypatch: pytest.MonkeyPatch, sidebars: bool = True
) -> Person:
    """Open a window as `person` has it."""
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")
    user = open_window(sidebars=False)
    user.wait(lambda: user.state.torch_phase == "ready" and user.state.data.phase == "ready")
    user.wait_computed()
    user.window.session.recipe.choose_recipe(small())
    if sidebars:
        user.open_sidebars()  # only now: the form of the recipe before takes a while to make
        user.wait_computed()
    return user


@pytest.fixture(scope="module")
def shared_window(
    request: pytest.FixtureRequest, qapp: object, digits: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MainWindow]:
    """`person`'s window, opened once for a file, with a home folder of its own; tests use `shared_person`."""
    from tests.guards import Leftovers
    from tests.qt_fixtures import PatientBot

    qtbot, leftovers = PatientBot(request), Leftovers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(tmp_path_factory.mktemp("shared") / "home"))
        load_at_once(digits, patch)
        with opening(qtbot, patch, set()) as open_one:
            yield open_train_view(open_one, patch).window
    complaints = leftovers.complaints()
    if complaints:
        pytest.fail("The shared window left behind:\n" + "\n".join(complaints), pytrace=False)


@pytest.fixture(scope="module")
def _shared_home(shared_window: MainWindow) -> str:
    return os.environ["AESTUDIO_HOME"]


@pytest.fixture
def shared_person(
    qtbot: QtBot, shared_window: MainWindow, _shared_home: str, monkeypatch: pytest.MonkeyPatch
) -> Person:
    """A user of the window that the tests of a file share, as the test before left it.

    A fixture of the file brings it into the state from which each of its tests begins: opening a window takes
    longer than most of what is tested. Tests that close a window or replace parts of it have `person`.
    """
    monkeypatch.setenv("AESTUDIO_HOME", _shared_home)
    return Person(qtbot, shared_window)

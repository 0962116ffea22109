"""Leads through the tour: shows its line beside the widget, and notices when the user has done it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from aestudio.gui.state.tour import QUICK_RECIPE, STEPS
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.scroll_page import scroll_to
from aestudio.gui.window.tour.callout import ARROW, Callout
from aestudio.gui.window.tour.callout_place import place_beside
from aestudio.gui.window.tour.tour_targets import latent_view, line_of, offer_of, target_of

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import TourStep
    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.gui.window.tour.tour_targets import TourTarget

REST_MILLISECONDS = 900
"""After the last movement of a slider or the cursor: who plays is not interrupted."""

_MOVED = (
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
    QEvent.Type.ParentChange,
)
_CORNER = 16  # logical pixels at the ends of a side, at which no arrow begins
_TAB = Qt.FocusPolicy.TabFocus


def show_tour(target: CommandTarget) -> None:
    """Begin the tour at its first step, in the Latent view if that is about it."""
    if not target.session.tour.begin():
        return
    if target.session.state.tour in ("slider", "map"):
        target.show_view("latent")
    window = target.left.window()
    assert isinstance(window, QMainWindow)
    if window.findChild(TourGuide) is None:
        TourGuide(target, window)


class TourGuide(QObject):
    """Follows `state.tour`: the callout is where the widget of the step is, and hidden while that is."""

    def __init__(self, target: CommandTarget, window: QMainWindow) -> None:
        super().__init__(window)
        self._target, self._window = target, window
        self._step: TourStep | None = None
        self._watched: tuple[QWidget, ...] = ()
        self._listens = False
        self._pointed_at: QWidget | None = None
        self.callout = Callout(window)
        tour = target.session.tour
        self.callout.skipped.connect(tour.go_on)
        self.callout.ended.connect(tour.end)
        self.callout.wanted.connect(self._prepare_training)
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.setInterval(0)
        self._placing.timeout.connect(self.follow)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(REST_MILLISECONDS)
        self._resting.timeout.connect(self._rested)
        target.session.changed.connect(self.follow)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Show the line of the present step beside its widget, wherever that is now."""
        state = self._target.session.state
        if state.tour is None and self._step is None:
            return
        new = state.tour != self._step
        self._step = state.tour
        if new:
            self._resting.stop()
            self._pointed_at = None
        found = None if state.tour is None or state.presentation else target_of(state.tour, self._target)
        self._watch(None if found is None else found.widget)
        if state.tour is None or found is None:
            self.callout.hide()
            return
        if new:
            self._listen()
            scroll_to(found.widget)
        self._say(state.tour)
        self._show_beside(found)

    def _say(self, step: TourStep) -> None:
        """Write the line of the step, which may name a recipe that is chosen meanwhile."""
        line = line_of(step, self._target.session.state)
        if line != self.callout.text.text():
            number = STEPS.index(step) + 1 if step in STEPS else len(STEPS)
            count = self.tr("{} of {}").format(number, len(STEPS))
            self.callout.show_line(line, count, offer_of(step), last=step not in STEPS[:-1])

    def _show_beside(self, found: TourTarget) -> None:
        area = self._visible(found.widget)
        if area.isEmpty():
            self.callout.hide()
            return
        place = place_beside(
            area,
            self.callout.needed_size,
            self._room(),
            [self._visible(part) for part in found.free],
            sides=found.sides,
            corner=current_theme().px(ARROW + _CORNER),
        )
        self.callout.show_at(place)
        if self._pointed_at is not found.widget:
            self._pointed_at = found.widget
            self._order_tabs(found.widget)

    def _room(self) -> QRect:
        """The window without its menus, in its coordinates."""
        body = self._window.centralWidget()
        return self._window.rect() if body is None else body.geometry()

    def _visible(self, widget: QWidget) -> QRect:
        """What can be seen of a widget, in the window's coordinates."""
        if not widget.isVisible():
            return QRect()
        seen = widget.visibleRegion().boundingRect()
        return QRect(widget.mapTo(self._window, QPoint(0, 0)) + seen.topLeft(), seen.size())

    def _order_tabs(self, widget: QWidget) -> None:
        """Let Tab go from the widget, or the last of its parts, to the buttons of the callout."""
        parts = [one for one in (widget, *widget.findChildren(QWidget)) if one.focusPolicy() & _TAB]
        for before, after in pairwise([*parts[-1:], *self.callout.stops]):
            QWidget.setTabOrder(before, after)

    # ---- following the layout ---------------------------------------------------------------------

    def _watch(self, widget: QWidget | None) -> None:
        """Notice when the widget, or anything that it is in, moves, appears or vanishes."""
        watched: list[QWidget] = []
        while widget is not None and widget is not self._window:
            watched.append(widget)
            widget = widget.parentWidget()
        watched.append(self._window)
        if tuple(watched) == self._watched:
            return
        for one in self._watched:
            if shiboken6.isValid(one):
                one.removeEventFilter(self)
        self._watched = tuple(watched)
        for one in watched:
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is watched; consume nothing."""
        del watched
        if event.type() in _MOVED and self._step is not None:
            self._placing.start()
        return False

    # ---- what the user does -----------------------------------------------------------------------

    def _listen(self) -> None:
        view = latent_view(self._target)
        if view is not None and not self._listens:
            self._listens = True
            view.explorer.slider_column.value_changed.connect(self._slid)
            view.map.code_moved.connect(self._walked)
            view.map.image_chosen.connect(self._walked)

    def _slid(self, *_: object) -> None:
        self._does("slider")

    def _walked(self, *_: object) -> None:
        self._does("map")

    def _does(self, step: TourStep) -> None:
        if self._step == step:
            self._resting.start()

    @Slot()
    def _rested(self) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._resting.start()
        elif self._step is not None:
            self._target.session.tour.has_done(self._step)

    @Slot()
    def _prepare_training(self) -> None:
        """Go to Train with a recipe that soon has something to show; Start is where the arrow points."""
        target = self._target
        target.commands.run("recipe.choose", name=QUICK_RECIPE)
        target.show_view("train")
        target.show_next_training()
        target.session.tour.prepare_training()

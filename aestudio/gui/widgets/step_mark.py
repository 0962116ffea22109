"""Marks a part of a view that shows an earlier step than the rest: says which, how old, and dims the part.

When it does: at rest, and while an earlier step is shown, everything belongs to one step, so a part of
another one is marked and dimmed at once (after a quarter of a second, or it would flicker). While a training
runs, each part is a little behind all the time, and a mark on every part would only be noise. So a part is
marked once it is two seconds behind, which is what the window promises on idle cores, and dimmed after five,
which it promises beside a busy program. A mark that came stays until the part has kept up for some seconds:
otherwise it would come and go with every refresh.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.step_tag import paint_tag, tag_size

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from aestudio.gui.widgets.fixed_caption import FixedCaption

SHORT_SECONDS = 0.25
"""A part that catches up within this time is not marked, which would flicker."""
LATE_SECONDS, VERY_LATE_SECONDS = 2.0, 5.0
"""While steps follow one another: a part that is so far behind is marked, and dimmed."""
CALM_SECONDS = 6.0
"""While steps follow one another: the mark goes when the part was never late for this time."""
_LOOK_MILLISECONDS = 250
_MINUTE = 60
_MOST_SECONDS = 2 * _MINUTE  # an age is told in seconds up to here
_DIMNESS = 150  # of 255


class StepMark(QWidget):
    """An overlay on the part, transparent for the mouse, visible only while the part is behind.

    It covers the whole part only while that is dimmed: what lies under it is painted again with it.

    at_once: whether the part is dimmed as soon as it is behind, also while a training runs: a verdict
    quiet:   whether a part is marked only where it would be dimmed: its own text is where the mark's is
    caption: of the part, in which the step is written instead of over pictures or numbers that reach as far
    """

    def __init__(
        self,
        part: QWidget,
        at_once: bool = False,
        quiet: bool = False,
        caption: FixedCaption | None = None,
    ) -> None:
        super().__init__(part)
        self._part, self._at_once, self._quiet = part, at_once, quiet
        self._caption = caption
        self._shown_step: int | None = None  # what the part shows, also if it is the newest step
        self._is_behind = self._follows = self._dimmed = False
        self._since: float | None = None
        self._behind_since = self._changed = 0.0
        self._late = -math.inf  # when the part was late last
        self._other, self._other_since = "", 0.0  # what the part is of instead, and since when
        self._text = ""
        # Whether the step is written over the part. If not, the part says it itself, in a sentence: under the
        # veil that could not be read from the last row.
        self.writes = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        part.installEventFilter(self)
        self.hide()

    def show_step(self, step: int | None, now: int | None, follows: bool, since: float | None = None) -> None:
        """Set the step of the part, and `now`, the step of everything else; None hides the mark.

        follows: whether steps follow one another (training, animation): the part catches up and falls behind
        since:   when the window got that step, by `time.monotonic()`; None if it is not known
        """
        clock = time.monotonic()
        behind = step is not None and now is not None and step != now
        if behind and not self._is_behind:
            self._behind_since = clock
        if step != self._shown_step:
            self._changed = clock
        if step is None or now is None or not follows:
            self._late = -math.inf
        self._shown_step, self._is_behind = step, behind
        self._follows, self._since = follows, since
        self.look(clock)
        _clock().follow(self, behind or self.isVisibleTo(self._part))

    def show_other(self, text: str) -> None:
        """Dim the part, because it is about something else than the rest, and say what; "" for the same.

        As with another step: not before a quarter of a second.
        """
        clock = time.monotonic()
        if text and not self._other:
            self._other_since = clock
        self._other = text
        self.look(clock)
        _clock().follow(self, bool(text) or self._is_behind or self.isVisibleTo(self._part))

    @property
    def part(self) -> QWidget:
        """What it marks."""
        return self._part

    @property
    def step(self) -> int | None:
        """The earlier step that the part shows; None if it is not behind."""
        return self._shown_step if self._is_behind else None

    @property
    def dimmed(self) -> bool:
        """Whether the part is dimmed."""
        return self._dimmed and self.isVisibleTo(self._part)

    @property
    def written(self) -> str:
        """What is written over the part now; "" for nothing."""
        return "" if self.isHidden() else self._text

    def text(self) -> str:
        """Which step the part shows, and how old it is if that is known; "" if the part is not behind."""
        return self._describe(time.monotonic()) if self._is_behind else ""

    def look(self, clock: float) -> None:
        """Show, dim or hide the mark as it is time for; clock: by `time.monotonic()`."""
        behind = self._is_behind and clock - self._behind_since >= SHORT_SECONDS
        if self._shown_step is None or not self.writes:
            told = dimmed = False
        elif self._follows:
            told, dimmed = self._look_while_it_follows(clock)
            dimmed = dimmed or (self._at_once and behind)
        else:
            told = dimmed = behind
        if self._other and clock - self._other_since >= SHORT_SECONDS:
            self._show(True, True, self._other)
            return
        self._show(told or dimmed, dimmed, self._describe(clock) if told else "")

    def _look_while_it_follows(self, clock: float) -> tuple[bool, bool]:
        """Whether the step of the part is told, and whether the part is dimmed."""
        age = clock - (self._changed if self._since is None else self._since) if self._is_behind else 0.0
        if self._quiet:
            return age >= VERY_LATE_SECONDS, age >= VERY_LATE_SECONDS
        if age >= LATE_SECONDS:
            self._late = clock
        return clock - self._late < CALM_SECONDS, age >= VERY_LATE_SECONDS

    def _describe(self, clock: float) -> str:
        if self._shown_step is None:
            return ""
        step = f"{self._shown_step:,}"
        if self._since is None:
            return self.tr("of step {}").format(step)
        seconds = max(0, int(clock - self._since))
        if not seconds:
            return self.tr("step {}").format(step)
        if seconds < _MOST_SECONDS:
            return self.tr("step {}, {} s ago").format(step, seconds)
        return self.tr("step {}, {} min ago").format(step, seconds // _MINUTE)

    def _show(self, marked: bool, dimmed: bool, text: str) -> None:
        if (marked, dimmed, text) == (not self.isHidden(), self._dimmed, self._text):
            return
        self._dimmed, self._text = dimmed, text
        if self._caption is not None:
            self._caption.set_tag(text)
        if not marked:
            self.hide()
            return
        self._place()
        self.update()
        if self.isHidden():
            self.raise_()
            self.show()

    def _place(self) -> None:
        """Cover the part if it is dimmed, otherwise only the place of the text."""
        self.setGeometry(self._part.rect() if self._dimmed else self._text_box().toAlignedRect())

    def _text_box(self) -> QRectF:
        """The place of the text in the upper right corner of the part, in its coordinates; empty without."""
        theme = current_theme()
        if not self._text or self._caption is not None:
            return QRectF()
        size, gap = tag_size(self._text), theme.px(theme.spacing)
        width = min(size.width(), self._part.width() - 2 * gap)
        return QRectF(self._part.width() - width - gap, gap, width, size.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the part."""
        if watched is self._part and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            if self._dimmed:
                veil = QColor(theme.panel)
                veil.setAlpha(_DIMNESS)
                painter.fillRect(self.rect(), veil)
            box = self._text_box()
            if not box.isEmpty():
                paint_tag(painter, box.translated(-self.x(), -self.y()), self._text)


class _Clock(QTimer):
    """Looks at all marks of parts that are behind: one timer for all, which runs only while there are any."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._marks: WeakSet[StepMark] = WeakSet()
        self.setInterval(_LOOK_MILLISECONDS)
        self.timeout.connect(self._look)

    def follow(self, mark: StepMark, follow: bool) -> None:
        """Look at this mark from now on, or no longer."""
        if follow:
            self._marks.add(mark)
            if not self.isActive():
                self.start()
        else:
            self._marks.discard(mark)

    def _look(self) -> None:
        now = time.monotonic()
        for mark in list(self._marks):
            if not shiboken6.isValid(mark):
                self._marks.discard(mark)
            elif mark.part.isVisible():
                mark.look(now)
        if not self._marks:
            self.stop()


def _clock() -> _Clock:
    """The clock of this application."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application.findChild(_Clock) or _Clock(application)

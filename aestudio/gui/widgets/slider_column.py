"""A page of latent sliders, one below the other; only as many exist as fit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.slider_painting import slider_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from aestudio.gui.widgets.slider_row import SliderKey, SliderRow

LEAST = 2
_GAP = 3
# Making a slider takes a millisecond or two, so a page is made over a few turns of the event loop:
# animations need not wait for all of it.
_AT_ONCE = 2
_ONE_NUMBER_SECONDS = 1.0  # digits typed so closely are one number


class SliderColumn(QWidget):
    """All signals are emitted only after an action of the user.

    value_changed(key, float); switched(key, name, on); removed(key): of one slider
    paged(pages): PageUp, PageDown, or Up and Down beyond the ends; jumped(number): a number was typed
    resized(): the number of sliders that fit may have changed
    """

    value_changed = Signal(object, float)
    switched = Signal(object, str, bool)
    removed = Signal(object)
    paged = Signal(int)
    jumped = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Latent dimensions"))
        self._pool: list[LatentSlider] = []
        self._rows: tuple[SliderRow, ...] = ()
        self._values: tuple[float, ...] = ()
        self._sigmas: tuple[float | None, ...] = ()
        self._playing: frozenset[SliderKey] = frozenset()
        self._typed, self._typed_at = "", 0.0
        self._focus_wanted: int | None = None
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._make_more)

    @property
    def sliders(self) -> tuple[LatentSlider, ...]:
        """The sliders that are shown."""
        return tuple(self._pool[: len(self._rows)])

    @property
    def rows(self) -> tuple[SliderRow, ...]:
        return self._rows

    @property
    def capacity(self) -> int:
        """How many sliders fit."""
        step = slider_places(self.width(), False).height + current_theme().px(_GAP)
        return max(LEAST, (self.height() + current_theme().px(_GAP)) // step)

    def height_of(self, count: int, width: int | None = None) -> int:
        """The height that `count` sliders need, at this column's width or another."""
        gap = current_theme().px(_GAP)
        wide = self.width() if width is None else width
        return count * (slider_places(wide, False).height + gap) - gap

    def sizeHint(self) -> QSize:
        return QSize(current_theme().px(320), self.height_of(max(LEAST, len(self._rows))))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(260), self.height_of(LEAST))

    # ---- what it shows ------------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[SliderRow]) -> None:
        """Set the sliders of the page, from the top; without a signal."""
        self._rows = tuple(rows)
        for slider, row in zip(self._pool, self._rows, strict=False):
            slider.set_row(row)
        if len(self._pool) < len(self._rows):
            self._make_more()
        self._show_all()

    def set_values(self, values: Sequence[float], sigmas: Sequence[float | None]) -> None:
        """Set the values of the page and the bars behind the handles, without a signal."""
        self._values, self._sigmas = tuple(values), tuple(sigmas)
        for slider, value, sigma in zip(self._pool, self._values, self._sigmas, strict=False):
            slider.set_value(value)
            slider.set_sigma(sigma)

    def set_playing(self, playing: frozenset[SliderKey]) -> None:
        """Set which sliders an animation moves."""
        self._playing = playing
        for slider in self.sliders:
            slider.set_playing(slider.row.key in playing)

    def focus_slider(self, place: int) -> None:
        """Focus a slider of the page, or the last one if there are fewer."""
        self._focus_wanted = None
        sliders = self.sliders
        if place >= len(sliders) and len(sliders) < len(self._rows):
            self._focus_wanted = place  # it is still to be made
        elif sliders:
            sliders[min(place, len(sliders) - 1)].slider.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _make_more(self) -> None:
        for _ in range(min(_AT_ONCE, len(self._rows) - len(self._pool))):
            place = len(self._pool)
            slider = LatentSlider(self._rows[place], self)
            slider.value_changed.connect(lambda value, s=slider: self.value_changed.emit(s.row.key, value))
            slider.switched.connect(lambda name, on, s=slider: self.switched.emit(s.row.key, name, on))
            slider.removed.connect(lambda s=slider: self.removed.emit(s.row.key))
            if place < len(self._values):
                slider.set_value(self._values[place])
                slider.set_sigma(self._sigmas[place])
            self._pool.append(slider)
        self._show_all()
        if self._focus_wanted is not None:
            self.focus_slider(self._focus_wanted)
        if len(self._pool) < len(self._rows):
            self._more.start()

    def _show_all(self) -> None:
        self._lay_out()
        for place, slider in enumerate(self._pool):
            slider.setVisible(place < len(self._rows))
        self.set_playing(self._playing)

    def _lay_out(self) -> None:
        height, gap = slider_places(self.width(), False).height, current_theme().px(_GAP)
        for place, slider in enumerate(self._pool):
            slider.setGeometry(0, place * (height + gap), self.width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self.resized.emit()

    # ---- keys -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the focused slider ignored: go to a slider, a page or a number."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        text = event.text()
        if event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
        elif event.key() in pages:
            self.paged.emit(pages[Qt.Key(event.key())])
        elif len(text) == 1 and text in "0123456789":
            self._type(text)
        else:
            event.ignore()

    def _step(self, by: int) -> None:
        focused = [place for place, slider in enumerate(self.sliders) if slider.slider.hasFocus()]
        place = (focused[0] if focused else 0) + by
        if 0 <= place < len(self._rows):
            self.focus_slider(place)
        else:
            self.paged.emit(by)

    def _type(self, digit: str) -> None:
        now = time.monotonic()
        goes_on = now - self._typed_at < _ONE_NUMBER_SECONDS
        self._typed, self._typed_at = (self._typed + digit if goes_on else digit), now
        self.jumped.emit(int(self._typed))

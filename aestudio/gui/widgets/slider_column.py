"""A page of latent sliders in a column; only as many widgets are created as fit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.local_keys import DIGITS, LocalKey, LocalKeys
from aestudio.gui.widgets.slider_heading import SliderHeadingButton
from aestudio.gui.widgets.slider_painting import ROW_HEIGHT, slider_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent

    from aestudio.gui.widgets.slider_row import SliderHeading, SliderKey, SliderRow

MINIMUM_SLIDERS = 2
# Creating a slider takes 1 to 2 ms. A page is therefore created over several turns of the event loop, so that
# the first frame, and animations, do not wait for it. On the screen a usual page is created at once: another
# model would begin with some of its sliders.
_SLIDERS_PER_TURN, _ON_THE_SCREEN = 2, 10
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Column of sliders"),
    LocalKey(
        "sliders.previous", ("Up",), lambda: translate("keys", "selects the slider above, or turns a page")
    ),
    LocalKey(
        "sliders.next", ("Down",), lambda: translate("keys", "selects the slider below, or turns a page")
    ),
    LocalKey("sliders.previous_page", ("PgUp",), lambda: translate("keys", "turns to the previous page")),
    LocalKey("sliders.next_page", ("PgDown",), lambda: translate("keys", "turns to the next page")),
    LocalKey("sliders.number", DIGITS, lambda: translate("keys", "goes to the dimension of that number")),
)
_NUMBER_SECONDS = 1.0  # digits typed within this time of each other form one number
_NOTCH = 120  # of a wheel, in eighths of a degree


class SliderColumn(QWidget):
    """Signals are emitted only after an action of the user, except `resized`.

    value_changed(key, float), switched(key, name, on), removed(key): of one slider
    heading_clicked(group): of a heading above sliders
    paged(pages):   PageUp, PageDown, or Up and Down beyond the ends
    wheeled(pages): the wheel over sliders that do not have the focus; `has_pages`: whether there are others
    jumped(number): a number was typed
    resized():      the number of sliders that fit may have changed
    """

    value_changed = Signal(object, float)
    switched = Signal(object, str, bool)
    removed = Signal(object)
    heading_clicked = Signal(int)
    paged = Signal(int)
    wheeled = Signal(int)
    jumped = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Latent dimensions"))
        self.figures = QWidget(self)
        """The place of names and meters, over the sliders: what is measured, and can be marked as old."""
        self.figures.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pool: list[LatentSlider] = []
        self._rows: tuple[SliderRow, ...] = ()
        self._headings: tuple[tuple[int, SliderHeading], ...] = ()
        self._heading_pool: list[SliderHeadingButton] = []
        self._values: tuple[float, ...] = ()
        self._sigmas: tuple[float | None, ...] = ()
        self._playing: frozenset[SliderKey] = frozenset()
        self._known = True
        self.has_pages = False
        self._row_height = 0  # 0: the usual one
        self._turned = 0  # of the wheel, in eighths of a degree
        self._typed, self._typed_at = "", 0.0
        self._pending_focus: int | None = None
        self._create_timer = QTimer(self)
        self._create_timer.setSingleShot(True)
        self._create_timer.setInterval(0)
        self._create_timer.timeout.connect(self._create_sliders)

    @property
    def sliders(self) -> tuple[LatentSlider, ...]:
        """The sliders that are shown."""
        return tuple(self._pool[: len(self._rows)])

    @property
    def rows(self) -> tuple[SliderRow, ...]:
        return self._rows

    @property
    def capacity(self) -> int:
        """The number of sliders that fit."""
        return max(MINIMUM_SLIDERS, self.height() // self.row_height)

    @property
    def row_height(self) -> int:
        """The height of a slider."""
        return self._row_height or self.height_of(1)

    def set_row_height(self, height: int) -> None:
        """Give every slider this height; 0 for the usual one."""
        before, self._row_height = self.row_height, height
        if self.row_height != before:
            self._lay_out()
            self.resized.emit()

    @staticmethod
    def height_of(count: int) -> int:
        """The height of this number of sliders as they usually are."""
        return count * current_theme().px(ROW_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(current_theme().px(320), self.height_of(max(MINIMUM_SLIDERS, len(self._rows))))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(260), self.height_of(MINIMUM_SLIDERS))

    # ---- state ----

    @property
    def headings(self) -> tuple[SliderHeadingButton, ...]:
        """The headings that are shown."""
        return tuple(self._heading_pool[: len(self._headings)])

    def set_rows(self, rows: Sequence[SliderRow], headings: Sequence[tuple[int, SliderHeading]] = ()) -> None:
        """Set the sliders of the page, from the top; without a signal.

        headings: each with the number of sliders above it; one takes the place of a slider
        """
        self._rows, self._headings = tuple(rows), tuple(headings)
        while len(self._heading_pool) < len(self._headings):
            button = SliderHeadingButton(self)
            button.toggled_group.connect(self.heading_clicked)
            self._heading_pool.append(button)
        for button, (_, heading) in zip(self._heading_pool, self._headings, strict=False):
            button.show_heading(heading)
        for slider, row in zip(self._pool, self._rows, strict=False):
            slider.set_row(row)
        if len(self._pool) < len(self._rows):
            self._create_sliders()
        self._update_sliders()

    def set_values(self, values: Sequence[float], sigmas: Sequence[float | None]) -> None:
        """Set the values of the page and the bars behind the handles, without a signal."""
        self._values, self._sigmas = tuple(values), tuple(sigmas)
        for slider, value, sigma in zip(self._pool, self._values, self._sigmas, strict=False):
            slider.set_value(value)
            slider.set_sigma(sigma)

    def set_known(self, known: bool) -> None:
        """Whether the values are known: if not, the sliders show none and cannot be moved."""
        self._known = known
        for slider in self._pool:
            slider.set_known(known)

    def set_playing(self, playing: frozenset[SliderKey]) -> None:
        """Set which sliders an animation moves."""
        self._playing = playing
        for slider in self.sliders:
            slider.set_playing(slider.row.key in playing)

    def focus_slider(self, index: int) -> None:
        """Focus a slider of the page, or the last one if there are fewer."""
        self._pending_focus = None
        sliders = self.sliders
        if index >= len(sliders) and len(sliders) < len(self._rows):
            self._pending_focus = index  # not created yet
        elif sliders:
            sliders[min(index, len(sliders) - 1)].slider.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _create_sliders(self) -> None:
        most = _ON_THE_SCREEN if self._pool and self.isVisible() else _SLIDERS_PER_TURN
        for _ in range(min(most, len(self._rows) - len(self._pool))):
            index = len(self._pool)
            slider = LatentSlider(self._rows[index], self)
            slider.value_changed.connect(lambda value, s=slider: self.value_changed.emit(s.row.key, value))
            slider.switched.connect(lambda name, on, s=slider: self.switched.emit(s.row.key, name, on))
            slider.removed.connect(lambda s=slider: self.removed.emit(s.row.key))
            if index < len(self._values):
                slider.set_value(self._values[index])
                slider.set_sigma(self._sigmas[index])
            slider.set_known(self._known)
            self._pool.append(slider)
        self._update_sliders()
        if self._pending_focus is not None:
            self.focus_slider(self._pending_focus)
        if len(self._pool) < len(self._rows):
            self._create_timer.start()

    def _update_sliders(self) -> None:
        self._lay_out()
        for index, slider in enumerate(self._pool):
            slider.setVisible(index < len(self._rows))
        for index, button in enumerate(self._heading_pool):
            button.setVisible(index < len(self._headings))
        self.set_playing(self._playing)

    def _lay_out(self) -> None:
        height = self.row_height
        for index, slider in enumerate(self._pool):
            above = index + sum(before <= index for before, _ in self._headings)
            slider.setGeometry(0, above * height, self.width(), height)
        lines = len(self._rows) + len(self._headings)
        self.figures.setGeometry(0, 0, slider_layout(self.width()).slider.left(), lines * height)
        self.figures.raise_()
        for index, (before, _) in enumerate(self._headings):
            button = self._heading_pool[index]
            lower = min(height, button.sizeHint().height())
            button.setGeometry(0, (before + index + 1) * height - lower, self.width(), lower)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.updateGeometry()
            self._lay_out()
            self.resized.emit()

    # ---- mouse ----

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn pages, one for each notch; with a single page the wheel scrolls what is around."""
        if not self.has_pages:
            event.ignore()
            return
        event.accept()
        turned = event.angleDelta().y()
        self._turned = turned if self._turned * turned < 0 else self._turned + turned
        pages = int(self._turned / _NOTCH)
        if pages:
            self._turned -= pages * _NOTCH
            self.wheeled.emit(-pages)

    # ---- keyboard ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle keys that the focused slider ignored: select a slider, a page or a number."""
        match KEYS.command(event):
            case "sliders.previous":
                self._step(-1)
            case "sliders.next":
                self._step(1)
            case "sliders.previous_page":
                self.paged.emit(-1)
            case "sliders.next_page":
                self.paged.emit(1)
            case "sliders.number":
                self._type(event.text())
            case _:
                event.ignore()

    def _step(self, offset: int) -> None:
        focused = [index for index, slider in enumerate(self.sliders) if slider.slider.hasFocus()]
        index = (focused[0] if focused else 0) + offset
        if 0 <= index < len(self._rows):
            self.focus_slider(index)
        else:
            self.paged.emit(offset)

    def _type(self, digit: str) -> None:
        now = time.monotonic()
        continues = now - self._typed_at < _NUMBER_SECONDS
        self._typed, self._typed_at = (self._typed + digit if continues else digit), now
        self.jumped.emit(int(self._typed))

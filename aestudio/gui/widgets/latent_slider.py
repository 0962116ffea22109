"""The slider of one latent dimension in one line: name, meter, track and value box.

Its buttons appear at the end of the name while the pointer is on the name, in a width of their own, so that
nothing moves; keys and a menu do the same. What is switched on stays visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.fine_slider import STEPS, FineSlider
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.number_box import NumberBox
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.slider_button import SliderButton
from aestudio.gui.widgets.slider_painting import (
    SliderLayout,
    buttons_that_fit,
    paint_activity,
    paint_meter,
    paint_names,
    slider_layout,
)
from aestudio.gui.widgets.slider_row import SliderRow

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QPoint
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

_EMPTY = SliderRow(("axis", 0), "", -3.0, 3.0)
# Keys that the track leaves to the latent slider and its column.
_PARENT_KEYS = {
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}
_SWITCHES = {
    "slider.mute": "muted",
    "slider.solo": "soloed",
    "slider.lock": "locked",
    "slider.animate": "playing",
}
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Slider"),
    LocalKey("slider.move", ("Left", "Right"), lambda: translate("keys", "moves it")),
    LocalKey("slider.reset", ("Home",), lambda: translate("keys", "resets it")),
    LocalKey("slider.mute", ("M",), lambda: translate("keys", "mutes it")),
    LocalKey("slider.solo", ("S",), lambda: translate("keys", "mutes all others")),
    LocalKey("slider.lock", ("L",), lambda: translate("keys", "locks it")),
    LocalKey("slider.animate", ("A",), lambda: translate("keys", "animates it")),
    LocalKey("slider.remove", ("Del",), lambda: translate("keys", "removes a direction of your own")),
)


class SliderTrack(FineSlider):
    """Left and Right move it; the other keys go to the parent widgets."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PARENT_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class LatentSlider(QWidget):
    """The name, meter, track, value box, buttons and menu of one latent dimension.

    `value_changed(float)`, `switched(name, on)`, `removed()` are emitted only after an action of the user.

    Names of switches: "muted", "soloed", "locked", "playing". A value beyond the range is kept and shown
    in the box; the track then shows its end.
    """

    value_changed = Signal(float)
    switched = Signal(str, bool)
    removed = Signal()

    def __init__(self, row: SliderRow | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = _EMPTY
        self._value = 0.0
        self._known = True
        self._sigma: float | None = None
        self._revealed = False
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider = SliderTrack(self, narrow=True)
        set_role(self.slider, "row")
        self.box = NumberBox(decimals=2, parent=self)
        self.box.minus = "\N{MINUS SIGN}"  # as long as a plus, and as on the axes of the map
        set_role(self.box, "slider")
        self.box.lineEdit().setTextMargins(0, 0, 3, 0)
        self.buttons = {
            "muted": SliderButton("M", self),
            "soloed": SliderButton("S", self),
            "locked": SliderButton("lock", self),
            "playing": SliderButton("play", self),
        }
        for name, button in self.buttons.items():
            button.clicked.connect(lambda on, name=name: self._switch(name, on))
        self.reset_button = SliderButton("reset-slider", self, checkable=False)
        self.remove_button = SliderButton("trash", self, checkable=False)
        for part in (self.slider, self.box):
            part.installEventFilter(self)
        self.slider.moved.connect(self._slid)
        self.slider.double_clicked.connect(self.reset)
        self.box.valueChanged.connect(self._set_by_user)
        self.reset_button.clicked.connect(self.reset)
        self.remove_button.clicked.connect(self.removed)
        self.set_row(row or _EMPTY)

    # ---- state ----

    @property
    def row(self) -> SliderRow:
        return self._row

    @property
    def value(self) -> float:
        return self._value

    def set_row(self, row: SliderRow) -> None:
        """Show a row without a signal; raises ValueError if low >= high."""
        if not row.low < row.high:
            raise ValueError(f"low must be below high, not {row.low} and {row.high}")
        if row == self._row:
            return
        self._row = row
        for name in ("muted", "soloed", "locked"):
            self.buttons[name].setChecked(getattr(row, name))
        self.slider.set_dimmed(row.held)
        self.slider.set_origin(self._position(row.neutral))
        self.box.setSingleStep((row.high - row.low) / 100)
        self._update_position()
        self._update_texts()
        self._lay_out()
        self.update()

    def set_value(self, value: float) -> None:
        """Show a value, without a signal."""
        if value != self._value:
            self._value = float(value)
            self._update_position()

    def set_known(self, known: bool) -> None:
        """Whether its value is known: if not, none is shown, and nothing moves it."""
        if known == self._known:
            return
        self._known = known
        self.slider.set_known(known)
        self.box.set_known(known)
        for button in (self.buttons["playing"], self.reset_button):
            button.setEnabled(known)
        self._update_texts()

    def set_sigma(self, sigma: float | None) -> None:
        """Set the bar behind the handle: sigma to each side, in the slider's unit; None removes it."""
        if sigma != self._sigma:
            self._sigma = sigma
            self._update_spread()

    def set_playing(self, playing: bool) -> None:
        """Show whether an animation moves it."""
        if playing != self.buttons["playing"].isChecked():
            self.buttons["playing"].setChecked(playing)
            self._lay_out()

    def reveal(self, on: bool) -> None:
        """Show all buttons, and the meter's number, or only the buttons that are switched on."""
        if on != self._revealed:
            self._revealed = on
            self._lay_out()
            self.update()

    def reset(self) -> None:
        """Return to the neutral value, as if the user had moved it there."""
        self._set_by_user(self._row.neutral)

    def _update_position(self) -> None:
        self.slider.set_position(self._position(self._value))
        self._update_spread()
        if self.box.value() != round(self._value, self.box.decimals()):
            self.box.show_value(self._value)

    def _update_spread(self) -> None:
        extent = self._row.high - self._row.low
        self.slider.set_spread(None if self._sigma is None else STEPS * self._sigma / extent)

    def _position(self, value: float) -> int:
        share = (value - self._row.low) / (self._row.high - self._row.low)
        return round(min(1.0, max(0.0, share)) * STEPS)

    def _slid(self, position: int) -> None:
        self._set_by_user(self._row.low + (self._row.high - self._row.low) * position / STEPS)

    def _set_by_user(self, value: float) -> None:
        if self._known and value != self._value:
            self.set_value(value)
            self.value_changed.emit(self._value)

    def _switch(self, name: str, on: bool) -> None:
        self._lay_out()
        self.switched.emit(name, on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home resets; M, S, L, A and Delete are the buttons; other keys go to the column."""
        command = KEYS.command(event)
        button = _SWITCHES.get(command, "")
        if command == "slider.reset":
            self.reset()
        elif button in self._switches:
            self.buttons[button].click()
        elif command == "slider.remove" and self._row.removable:
            self.removed.emit()
        else:
            event.ignore()

    def offer_at(self, at: QPoint | None) -> Offer:
        """What the buttons do, and what this dimension is, with the numbers of the row."""
        row = self._row
        lines = f"{row.symbol} {row.name}".strip(), self.activity_text(), row.meter_help
        titles = {
            "muted": self.tr("Mute: hold at {:.2f}\tM").format(row.neutral),
            "soloed": self.tr("Solo: hold all others\tS"),
            "locked": self.tr("Lock: keep its value\tL"),
            "playing": self.tr("Animate\tA"),
        }
        switches = [
            Entry(titles[name], self.buttons[name].click, self.buttons[name].isChecked())
            for name in self._switches
        ]
        why_not = self.tr("It is there already.") if self._value == row.neutral else ""
        why_not = self.tr("It is locked.") if self.buttons["locked"].isChecked() else why_not
        reset = Entry(self.tr("Reset to {:.2f}\tHome").format(row.neutral), self.reset, obstacle=why_not)
        remove = (Entry(self.tr("Remove\tDel"), self.removed.emit),) if row.removable else ()
        part = self.help_at(at) if at is not None else row.help
        return Offer(
            what="\n".join(line for line in lines if line),
            text=f"{self._value:.6g}" if self._known else "",
            terms=("attribute_vector",) if row.removable else ("latent_dimension",),
            help="\n".join(dict.fromkeys(filter(None, (*lines, *part.splitlines())))),
            entries=(*switches, reset, *remove),
        )

    @property
    def _switches(self) -> tuple[str, ...]:
        """Names of the switches that it has: a direction can only be animated."""
        return ("playing",) if self._row.removable else tuple(self.buttons)

    # ---- texts ----

    def _update_texts(self) -> None:
        row = self._row
        name = f"{row.symbol} {row.name}".strip()
        unit = f" {row.unit}" if row.unit else ""
        bounds = self.tr("{}: from {:.2f} to {:.2f}{}").format(row.symbol, row.low, row.high, unit)
        keys = self.tr(
            "Left and Right move it, Home or a double click resets it, Up and Down select another slider"
        )
        unknown = self.tr("Its value is not known yet: the code of the image is being computed.")
        self.slider.setToolTip(f"{bounds}\n{keys if self._known else unknown}")
        self.slider.setAccessibleName(name)
        self.slider.setAccessibleDescription(f"{self.activity_text()} {row.meter_help}".strip())
        typed = self.tr("{}\nA value beyond this range may be typed").format(bounds)
        self.box.setToolTip(typed if self._known else unknown)
        self.box.setAccessibleName(self.tr("Value of {}").format(row.symbol))
        self.reset_button.set_tip(self.tr("Reset {} to {:.2f} (Home)").format(row.symbol, row.neutral))
        self.remove_button.set_tip(self.tr("Remove {} (Delete)").format(row.name or row.symbol))
        tips = {
            "muted": self.tr("Mute {}: it is held at {:.2f} (M)").format(row.symbol, row.neutral),
            "soloed": self.tr("Solo {}: all others are held at their neutral value (S)").format(row.symbol),
            "locked": self.tr("Lock {}: it keeps its value whatever else moves (L)").format(row.symbol),
            "playing": self.tr("Animate {} over its range (A); options are in the menu").format(row.symbol),
        }
        for switch, tip in tips.items():
            self.buttons[switch].set_tip(tip)

    def activity_text(self) -> str:
        """The meaning of the activity mark, or "" without one."""
        if self._row.active is None:
            return ""
        return self.tr("Active.") if self._row.active else self.tr("Collapsed: the codes hardly differ here.")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the buttons while the pointer is on the name, and the tooltip of the part under it."""
        point = event.position().toPoint()
        self.reveal(point.x() < self._layout().meter.left())
        self.setToolTip(self.help_at(point))

    def leaveEvent(self, event: QEvent) -> None:
        self.reveal(False)
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide the buttons while the pointer is on the track or the value: the whole name is seen then."""
        if event.type() == QEvent.Type.Enter:
            self.reveal(False)
        return super().eventFilter(watched, event)

    def help_at(self, point: QPoint) -> str:
        """The tooltip of the part that is painted at this point: activity mark, meter or name."""
        layout, row = self._layout(), self._row
        if layout.activity.adjusted(-4, -4, 4, 4).contains(point):
            return "" if row.active is None else self._activity_help(row.active)
        if layout.meter.contains(point):
            return explained(row.meter_help, row.meter_term) if row.meter_term else row.meter_help
        lines = [f"{row.symbol} {row.name}".strip(), "" if row.help == row.symbol else row.help]
        if layout.meter.isEmpty():
            lines.append(row.meter_help)
        return "\n".join(line for line in lines if line)

    def _activity_help(self, active: bool) -> str:
        text = self.activity_text()
        return explained(text, "active_dimension") if active else explained(text, "collapsed")

    # ---- layout ----

    def sizeHint(self) -> QSize:
        return QSize(current_theme().px(320), slider_layout(self.width()).height)

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(260), self.sizeHint().height())

    def _layout(self) -> SliderLayout:
        return slider_layout(self.width(), len(self._shown_buttons()), self.height())

    def _shown_buttons(self) -> list[SliderButton]:
        """The buttons that are shown now, from the left: as many as fit, first those that are switched on."""
        switches = [self.buttons[name] for name in self._switches]
        others = [self.reset_button, self.remove_button] if self._row.removable else [self.reset_button]
        on = [button for button in switches if button.isChecked()]
        wanted = [*on, *(button for button in (*switches, *others) if button not in on)]
        fitting = (wanted if self._revealed else on)[: buttons_that_fit(self.width())]
        return [button for button in (*switches, *others) if button in fitting]

    def _lay_out(self) -> None:
        shown = self._shown_buttons()
        layout = slider_layout(self.width(), len(shown), self.height())
        self.slider.setGeometry(layout.slider)
        self.box.setGeometry(layout.box)
        for button in (*self.buttons.values(), self.reset_button, self.remove_button):
            button.setVisible(button in shown)
        for button, rectangle in zip(shown, layout.buttons, strict=True):
            button.setGeometry(rectangle)
        self.update(0, 0, layout.meter.left(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.updateGeometry()
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self._layout()
        dirty: QRect = event.rect()
        with painting(self) as painter:
            # A moving slider repaints the part below it: only the parts that were touched are drawn again.
            if dirty.intersects(layout.activity):
                paint_activity(painter, layout.activity, self._row)
            if dirty.intersects(layout.names):
                paint_names(painter, layout.names, self._row)
            if dirty.intersects(layout.meter):
                paint_meter(painter, layout.meter, self._row, self._revealed)

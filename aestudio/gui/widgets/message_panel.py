"""A message inside the window: what happened, where, what to do, and buttons for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from aestudio.gui.theme.icons import icon_pixmap
from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.flow_layout import FlowLayout
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import aligned, column, fill, row
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

MessageKind = Literal["problem", "warning", "note"]
_ICONS: dict[MessageKind, str] = {"problem": "warning", "warning": "warning", "note": "info"}
_SIDE = 22


class MessagePanel(QFrame):
    """Shows one message, or nothing. `chosen(name)`: a button was pressed; `dismissed()`: the cross was.

    Text is plain: file names with angle brackets are shown literally. It can be selected and copied.
    """

    chosen = Signal(str)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: MessageKind = "problem"
        self._mark = PlainLabel()
        self._what, self._where, self._advice = PlainLabel(), PlainLabel(), PlainLabel()
        set_role(self._what, "label")
        set_role(self._where, "muted")
        self._close = IconButton("close", self.tr("Dismiss this message"), side=14)
        self._close.clicked.connect(self._dismiss)
        theme = current_theme()
        self._buttons = FlowLayout(gap=theme.px(theme.padding))  # in a narrow panel the buttons wrap
        set_role(self, "problem")
        self._lay_out()
        self.hide()

    def show_message(
        self,
        what: str,
        *,
        where: str = "",
        advice: str = "",
        kind: MessageKind = "problem",
        actions: tuple[tuple[str, str, str], ...] = (),
    ) -> None:
        """Show a message with buttons, each (name, icon, text); the first one is the recommended action."""
        self._kind = kind
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        for label, text in ((self._what, what), (self._where, where), (self._advice, advice)):
            label.setText(text)
            label.setVisible(bool(text))
        self._set_actions(actions)
        self.setAccessibleName(what)
        self.setAccessibleDescription(f"{where} {advice}".strip())
        self._update_icon()
        self.show()

    def clear(self) -> None:
        """Show nothing."""
        self.hide()

    def _lay_out(self) -> None:
        theme = current_theme()
        labels = (self._what, self._where, self._advice)
        for label in labels:
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row(
            aligned(self._mark, Qt.AlignmentFlag.AlignTop),
            fill(column(*labels, theme.padding, self._buttons, gap=theme.spacing)),
            aligned(self._close, Qt.AlignmentFlag.AlignTop),
            gap=12,
            margins=(theme.margin, theme.margin, theme.padding, theme.margin),
            on=self,
        )

    def _set_actions(self, actions: tuple[tuple[str, str, str], ...]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for position, (name, icon_name, text) in enumerate(actions):
            button = TextButton(icon_name, text, role="" if position else "primary")
            button.setObjectName(name)
            button.clicked.connect(self._pressed)
            self._buttons.addWidget(button)

    def _pressed(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(sender.objectName())

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _update_icon(self) -> None:
        theme = current_theme()
        colour = {"problem": theme.bad, "warning": theme.warn, "note": theme.accent}[self._kind]
        pixmap = icon_pixmap(_ICONS[self._kind], colour, theme.px(_SIDE), self.devicePixelRatioF())
        self._mark.setPixmap(pixmap)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._update_icon()

"""One digit, large: original, reconstruction, signed error, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from aestudio.gui.theme.colours import as_shown, error_picture
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.digit_view import DigitView

if TYPE_CHECKING:
    from aestudio.analysis.reconstructions import Reconstructions
    from aestudio.data.digits import Digits

_SMALLEST = 84


class EnlargedTriple(QWidget):
    """A square of three pictures and one text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Reconstructions | None = None
        self._ink_on_paper = False
        self.original, self.picture, self.error = (DigitView(smallest=_SMALLEST) for _ in range(3))
        for view, name, tip in (
            (self.original, self.tr("Original"), self.tr("The image as it is in the dataset")),
            (self.picture, self.tr("Reconstruction"), self.tr("What comes back through the code")),
            (self.error, self.tr("Error"), self.tr("Reconstruction minus original, pixel by pixel")),
        ):
            view.set_caption(name)
            view.set_hint("")
            view.setAccessibleName(name)
            view.setToolTip(tip)
        self._name, self._where, self._loss, self._squared = (QLabel() for _ in range(4))
        set_role(self._name, "heading")
        set_role(self._where, "muted")
        set_role(self._loss, "label")
        set_role(self._squared, "muted")
        self._lay_out()

    def _lay_out(self) -> None:
        theme = current_theme()
        text = QWidget()
        column = QVBoxLayout(text)
        column.setContentsMargins(theme.px(8), 0, 0, theme.px(24))
        column.setSpacing(theme.px(4))
        column.addStretch(1)
        for label in (self._name, self._where, self._loss, self._squared):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            column.addWidget(label)
        column.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(4))
        for place, widget in enumerate((self.original, self.picture, self.error, text)):
            grid.addWidget(widget, place // 2, place % 2)
        for line in (0, 1):
            grid.setColumnStretch(line, 1)
            grid.setRowStretch(line, 1)

    def show_triple(self, value: Reconstructions, digits: Digits, ink_on_paper: bool) -> None:
        """Show the first of these reconstructions."""
        if value is self._value and ink_on_paper == self._ink_on_paper:
            return
        self._value, self._ink_on_paper = value, ink_on_paper
        self._paint_pictures()
        index = int(value.indices[0])
        named = digits.labels is not None
        name = digits.class_names[int(digits.labels[index])] if digits.labels is not None else ""
        self._name.setText(self.tr("Class {}").format(name) if named else "")
        self._where.setText(self.tr("image {}").format(f"{index:,}"))
        nats = value.loss_unit == "nats"
        self._loss.setText(self.tr("{} nats").format(f"{value.loss[0]:.1f}") if nats else "")
        self._squared.setText(self.tr("sq. error {}").format(f"{value.squared_error[0]:.2f}"))
        self._squared.setToolTip(self.tr("Squared error summed over the 784 pixels, each from 0 to 1"))
        self._loss.setToolTip(self.tr("Reconstruction loss of this image in nats"))

    def _paint_pictures(self) -> None:
        value = self._value
        if value is None:
            return
        self.original.set_digit(as_shown(np.asarray(value.originals[0]), self._ink_on_paper))
        self.picture.set_digit(as_shown(value.pictures[0], self._ink_on_paper))
        self.error.set_digit(error_picture(value.errors[0] / 255.0, current_theme()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if is_theme_change(event):
            self._paint_pictures()

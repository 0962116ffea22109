"""Asks what a set of images is opened for: to be looked at, or to train on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class DataQuestion(QDialog):
    """Two answers, and Cancel; blocks neither the training nor the program."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open images"))
        self.look = TextButton("image", self.tr("Look at it"), role="primary")
        self.look.setToolTip(self.tr("Shows the images, and what the present model makes of them"))
        self.train = TextButton("play", self.tr("Train on it"), role="")
        self.train.setToolTip(self.tr("Loads the images and opens the recipe of the next training"))
        self.cancel = TextButton("close", self.tr("Cancel"), role="quiet")
        for button in (self.look, self.train):
            button.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        text = label(
            self.tr("These images replace the data set that is loaded now; its files stay."), "muted"
        )
        text.setWordWrap(True)
        self.look.setDefault(True)
        column(
            label(one_line(name, 60), "heading"),
            text,
            row(fill(), self.cancel, self.train, self.look),
            gap=16,
            margins=24,
            on=self,
        )

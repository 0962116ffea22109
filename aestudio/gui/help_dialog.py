"""Help: every shortcut in a table, and what this program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout

from aestudio import __version__
from aestudio.gui.actions import shortcut_table
from aestudio.gui.theme.style import current_theme, set_role

if TYPE_CHECKING:
    from aestudio.gui.main_window import MainWindow


def _dialog(window: MainWindow, title: str) -> tuple[QDialog, QVBoxLayout]:
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    column = QVBoxLayout(dialog)
    margin = current_theme().px(24)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(current_theme().px(16))
    heading = QLabel(title)
    set_role(heading, "heading")
    column.addWidget(heading)
    return dialog, column


def _finish(dialog: QDialog, column: QVBoxLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    column.addWidget(buttons)
    dialog.open()


def show_shortcuts(window: MainWindow) -> None:
    """The list of shortcuts; it does not stop the training, nor the window."""
    translate = QCoreApplication.translate
    dialog, column = _dialog(window, translate("help", "Keyboard shortcuts"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(current_theme().px(24))
    grid.setVerticalSpacing(current_theme().px(4))
    for row, (keys, text, help_text) in enumerate(shortcut_table(window.commands)):
        for place, words in enumerate((keys, text, help_text)):
            label = QLabel(words)
            set_role(label, ("label", "", "muted")[place])
            grid.addWidget(label, row, place)
    column.addLayout(grid)
    more = QLabel(
        translate(
            "help",
            "Sliders: arrow keys, Page Up and Page Down. "
            "Map: arrow keys move the cursor, Home shows all of it.",
        )
    )
    set_role(more, "muted")
    column.addWidget(more)
    _finish(dialog, column)


def show_about(window: MainWindow) -> None:
    """Version, licence, and the data that the pretrained models were trained on."""
    translate = QCoreApplication.translate
    dialog, column = _dialog(window, "AE Studio")
    text = QLabel(
        translate(
            "help",
            "Version {}\n\nPick an autoencoder, train it on MNIST, walk through its latent space.\n\n"
            "Licence: MIT. The pretrained models were trained by this program on MNIST\n"
            "(LeCun, Cortes, Burges; CC BY-SA 3.0).",
        ).format(__version__)
    )
    column.addWidget(text)
    _finish(dialog, column)

"""The dialogs of the Help menu: the table of shortcuts, and the version and licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QScrollArea,
    QWidget,
)

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.layouts import column, fill, label
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.window.menu_bar import shortcut_rows
from aestudio.version import __version__

if TYPE_CHECKING:
    from aestudio.gui.widgets.layouts import Item
    from aestudio.gui.window.commands.command import CommandTable


_LIST = 920  # logical pixels in which most explanations have one line
_AROUND = 64  # pixels of the window that a dialog leaves free on each side


def _open_dialog(window: QWidget, title: str, *content: Item) -> None:
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    column(label(title, "heading"), *content, buttons, gap=16, margins=24, on=dialog)
    dialog.open()


def show_shortcuts(window: QWidget, commands: CommandTable) -> None:
    """Open the list of shortcuts; it blocks neither the training nor the window."""
    from aestudio.gui.window.local_key_tables import local_key_tables

    translate = QCoreApplication.translate
    table = QWidget()
    set_role(table, "content")
    grid = QGridLayout(table)
    grid.setHorizontalSpacing(current_theme().px(24))
    grid.setVerticalSpacing(current_theme().px(8))
    for row, (keys, text, help_text) in enumerate(shortcut_rows(commands)):
        name, explanation = label(text, ""), label(help_text, "muted")
        for part in (name, explanation):
            part.setWordWrap(True)  # in a small window
        for place, part in enumerate((label(keys, ""), name, explanation)):
            grid.addWidget(part, row, place, Qt.AlignmentFlag.AlignTop)  # in line with the first of its lines
    grid.setColumnStretch(1, 2)
    grid.setColumnStretch(2, 3)
    for keys_of_widget in local_key_tables():
        grid.addWidget(label(keys_of_widget.title(), "caption"), grid.rowCount(), 0, 1, 3)
        for keys, meaning in keys_of_widget.rows():
            row = grid.rowCount()
            grid.addWidget(label(keys, ""), row, 0)
            told = label(meaning, "")
            told.setWordWrap(True)
            grid.addWidget(told, row, 1, 1, 2)
    scroll = QScrollArea()  # the list is higher than the screen of a laptop
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidget(table)
    bar = scroll.verticalScrollBar().sizeHint().width()
    space = window.size() - QSize(2 * _AROUND, 3 * _AROUND)
    wanted = max(table.sizeHint().width() + bar, current_theme().px(_LIST))
    scroll.setMinimumWidth(min(wanted, space.width()))
    scroll.setMinimumHeight(min(table.sizeHint().height(), window.height() // 2, space.height()))
    _open_dialog(window, translate("help", "Keyboard shortcuts"), fill(scroll))


def show_about(window: QWidget) -> None:
    """Open version, licence, and the data that the pretrained models were trained on."""
    translate = QCoreApplication.translate
    text = PlainLabel(
        translate(
            "help",
            "Version {}\n\nPick an autoencoder, train it on MNIST, walk through its latent space.\n\n"
            "Licence: MIT. The pretrained models were trained by this program on MNIST\n"
            "(LeCun, Cortes, Burges; CC BY-SA 3.0).",
        ).format(__version__)
    )
    _open_dialog(window, "AE Studio", text)

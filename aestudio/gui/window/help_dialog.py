"""Help: every shortcut in a table, and what this program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.window.actions import shortcut_table
from aestudio.version import __version__

if TYPE_CHECKING:
    from aestudio.gui.window.actions import Command


def _dialog(window: QWidget, title: str) -> tuple[QDialog, QVBoxLayout]:
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    column = QVBoxLayout(dialog)
    margin = current_theme().px(24)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(current_theme().px(16))
    heading = PlainLabel(title)
    set_role(heading, "heading")
    column.addWidget(heading)
    return dialog, column


def _finish(dialog: QDialog, column: QVBoxLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    column.addWidget(buttons)
    dialog.open()


def _panels() -> list[tuple[str, str, str]]:
    """(keys, text, help) of the panels under the map."""
    from aestudio.gui.views.latent.panel import discover_panels, panel_keys

    native = QKeySequence.SequenceFormat.NativeText
    words = QCoreApplication.translate("help", "Latent: {}")
    return [
        (panel_keys(place).toString(native), words.format(panel.title()), panel.help())
        for place, panel in enumerate(discover_panels())
    ]


def show_shortcuts(window: QWidget, commands: tuple[Command, ...]) -> None:
    """The list of shortcuts; it does not stop the training, nor the window."""
    translate = QCoreApplication.translate
    dialog, column = _dialog(window, translate("help", "Keyboard shortcuts"))
    table = QWidget()
    set_role(table, "content")
    grid = QGridLayout(table)
    grid.setHorizontalSpacing(current_theme().px(24))
    grid.setVerticalSpacing(current_theme().px(4))
    rows = [*shortcut_table(commands), *_panels()]
    for row, (keys, text, help_text) in enumerate(rows):
        for place, words in enumerate((keys, text, help_text)):
            label = PlainLabel(words)
            set_role(label, ("label", "", "muted")[place])
            grid.addWidget(label, row, place)
    scroll = QScrollArea()  # a laptop's screen has no room for all of them
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(table)
    bar = scroll.verticalScrollBar().sizeHint().width()
    scroll.setMinimumWidth(table.sizeHint().width() + bar)
    scroll.setMinimumHeight(min(table.sizeHint().height(), window.height() // 2))
    column.addWidget(scroll, 1)
    more = PlainLabel(
        translate(
            "help",
            "Sliders: arrow keys, M mute, S solo, L lock, A animate, Home back, "
            "Page Up and Down turn pages.\n"
            "Map: arrow keys move the cursor, + and − zoom, L lasso, Home shows all.\n"
            "Grid: arrow keys, + and −, Enter.",
        )
    )
    set_role(more, "muted")
    column.addWidget(more)
    _finish(dialog, column)


def show_about(window: QWidget) -> None:
    """Version, licence, and the data that the pretrained models were trained on."""
    translate = QCoreApplication.translate
    dialog, column = _dialog(window, "AE Studio")
    text = PlainLabel(
        translate(
            "help",
            "Version {}\n\nPick an autoencoder, train it on MNIST, walk through its latent space.\n\n"
            "Licence: MIT. The pretrained models were trained by this program on MNIST\n"
            "(LeCun, Cortes, Burges; CC BY-SA 3.0).",
        ).format(__version__)
    )
    column.addWidget(text)
    _finish(dialog, column)

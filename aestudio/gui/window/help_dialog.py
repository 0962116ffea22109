"""The dialogs of the Help menu: the table of shortcuts, and the version and licence."""

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
    QWidget,
)

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.layouts import column, fill, label
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.window.actions import shortcut_table
from aestudio.version import __version__

if TYPE_CHECKING:
    from aestudio.gui.widgets.layouts import Item
    from aestudio.gui.window.actions import Command


def _open_dialog(window: QWidget, title: str, *content: Item) -> None:
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    column(label(title, "heading"), *content, buttons, gap=16, margins=24, on=dialog)
    dialog.open()


def _panels() -> list[tuple[str, str, str]]:
    """Return (keys, text, help) of the panels of the Latent view."""
    from aestudio.gui.views.latent.panel import discover_panels, panel_keys

    native = QKeySequence.SequenceFormat.NativeText
    title = QCoreApplication.translate("help", "Latent: {}")
    return [
        (panel_keys(index).toString(native), title.format(panel.title()), panel.help())
        for index, panel in enumerate(discover_panels())
    ]


def show_shortcuts(window: QWidget, commands: tuple[Command, ...]) -> None:
    """Open the list of shortcuts; it blocks neither the training nor the window."""
    translate = QCoreApplication.translate
    table = QWidget()
    set_role(table, "content")
    grid = QGridLayout(table)
    grid.setHorizontalSpacing(current_theme().px(24))
    grid.setVerticalSpacing(current_theme().px(4))
    rows = [*shortcut_table(commands), *_panels()]
    for row, (keys, text, help_text) in enumerate(rows):
        grid.addWidget(label(keys, "label"), row, 0)
        grid.addWidget(label(text, ""), row, 1)
        grid.addWidget(label(help_text, "muted"), row, 2)
    scroll = QScrollArea()  # the list is higher than the screen of a laptop
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(table)
    bar = scroll.verticalScrollBar().sizeHint().width()
    scroll.setMinimumWidth(table.sizeHint().width() + bar)
    scroll.setMinimumHeight(min(table.sizeHint().height(), window.height() // 2))
    other_keys = label(
        translate(
            "help",
            "Sliders: arrow keys, M mute, S solo, L lock, A animate, Home resets, "
            "Page Up and Down turn pages.\n"
            "Map: arrow keys move the cursor, + and − zoom, L lasso, Home shows all.\n"
            "Grid: arrow keys, + and −, Enter.",
        )
    )
    _open_dialog(window, translate("help", "Keyboard shortcuts"), fill(scroll), other_keys)


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

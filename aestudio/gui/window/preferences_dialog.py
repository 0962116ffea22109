"""Edit > Preferences: what applies to every run, and where all is kept; each change is seen at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout

from aestudio.gui.state.preferences import TEXT_SIZES
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.layouts import column, label
from aestudio.paths import cache_folder, runs_folder, settings_folder, user_recipes_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.window.commands.target import CommandTarget

_WIDTH = 420


def show_preferences(target: CommandTarget, window: QWidget) -> None:
    """Open the preferences; they block neither the training nor the window."""
    PreferencesDialog(target, window).open()


class PreferencesDialog(QDialog):
    """Runs the commands of the View menu, so that both always say the same."""

    def __init__(self, target: CommandTarget, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Preferences"))
        commands = target.commands
        schemes = ("dark", "light", "system")
        self.theme = ChoiceBox(
            self.tr("Theme"),
            self.tr("Light on dark, dark on light, or as the system is set"),
            ((scheme, commands[f"theme.{scheme}"].text) for scheme in schemes),
        )
        holder = target.theme_holder
        self.theme.setEnabled(holder is not None)
        if holder is not None:
            self.theme.show_value(holder.scheme)
        self.theme.chosen.connect(lambda scheme: commands.run("theme.choose", scheme=scheme))
        self.text_size = ChoiceBox(
            self.tr("Text size"),
            commands["text.choose"].help,
            ((size, self.tr("{} %").format(size)) for size in TEXT_SIZES),
        )
        self.text_size.show_value(target.session.state.text_size)
        self.text_size.chosen.connect(lambda size: commands.run("text.choose", size=size))
        self.ink = QCheckBox(self.tr("Ink on paper"))
        self.ink.setToolTip(commands["images.ink_on_paper"].help)
        self.ink.setChecked(target.session.state.ink_on_paper)
        self.ink.clicked.connect(lambda _: commands.run("images.ink_on_paper"))
        form = QFormLayout()
        form.setHorizontalSpacing(current_theme().px(16))
        form.setVerticalSpacing(current_theme().px(8))
        form.addRow(label(self.tr("Theme")), self.theme)
        form.addRow(label(self.tr("Text size")), self.text_size)
        form.addRow(label(self.tr("Grey images")), self.ink)
        for title, folder in (
            (self.tr("Runs"), runs_folder()),
            (self.tr("Own recipes"), user_recipes_folder()),
            (self.tr("Data sets"), cache_folder() / "datasets"),
            (self.tr("Settings"), settings_folder()),
        ):
            path = ElidedLabel(str(folder))
            path.setMinimumWidth(current_theme().px(_WIDTH) // 2)
            form.addRow(label(title), path)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        title = label(self.tr("Preferences"), "heading")
        column(title, form, buttons, gap=16, margins=24, on=self)
        self.setMinimumWidth(min(current_theme().px(_WIDTH), window.width() - current_theme().px(32)))

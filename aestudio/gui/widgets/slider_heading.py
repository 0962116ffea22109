"""The heading of a group of latent sliders: a click folds or unfolds the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.widgets.slider_row import SliderHeading


class SliderHeadingButton(TextButton):
    """toggled_group(group): the user clicked it."""

    toggled_group = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("chevron-down", "", parent)
        self.setProperty("role", "quiet")
        self.setStyleSheet("text-align: left; padding: 1px 4px;")  # no higher than a slider
        self._heading: SliderHeading | None = None
        self.clicked.connect(self._toggle)

    def show_heading(self, heading: SliderHeading) -> None:
        """Show the heading of another group."""
        if heading == self._heading:
            return
        self._heading = heading
        name = one_line(heading.text)
        self.setText(name)
        self.set_icon("chevron-right" if heading.folded else "chevron-down")
        tip = self.tr("Show the sliders of {}") if heading.folded else self.tr("Hide the sliders of {}")
        self.setToolTip(tip.format(name))
        self.setAccessibleName(tip.format(name))

    def _toggle(self) -> None:
        if self._heading is not None:
            self.toggled_group.emit(self._heading.group)

"""Why Start is disabled, in one line beside it; a click shows the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy

from aestudio.errors import BadChoice
from aestudio.gui.theme.style import is_theme_change, set_role
from aestudio.gui.widgets.plain_text import LiteralText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent, QSize
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


class StartReason(LiteralText, QPushButton):
    """One line, never cut: the first of several texts that fits into the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: tuple[str, ...] = ()
        set_role(self, "reason")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_texts(self, texts: Sequence[str], tooltip: str) -> None:
        """Show the first text that fits, the last one in any case; without any, nothing."""
        self._texts = tuple(texts)
        self.setToolTip(tooltip)
        self.setVisible(bool(texts))
        self._fit()

    def _fit(self) -> None:
        fitting = [text for text in self._texts if self.fontMetrics().horizontalAdvance(text) <= self.width()]
        self.setText(next(iter(fitting), self._texts[-1] if self._texts else ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._fit()

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        size.setHeight(self.fontMetrics().height() + 2)  # that of the progress, whose place it takes
        return size


def start_texts(state: StudioState) -> tuple[str, ...]:
    """Why Start is disabled, the longest text first; () if it is not, or only for seconds."""
    if state.torch_phase == "failed":
        return (translate("StartReason", "torch could not be loaded"),)
    fields = [field for field in state.invalid if not field.startswith("compare.")]
    if not fields or state.training.phase == "running":
        return ()
    titles = tuple(dict.fromkeys(_title_of(field, state) for field in fields))
    if len(titles) == 1:
        return (
            translate("StartReason", "{}: not a valid value").format(titles[0]),
            translate("StartReason", "{}: not valid").format(titles[0]),
            translate("StartReason", "A value is not valid"),
        )
    return (
        translate("StartReason", "Not valid: {}").format(", ".join(titles)),
        translate("StartReason", "{} values are not valid").format(len(titles)),
    )


def _title_of(field: str, state: StudioState) -> str:
    """The title of the setting that an invalid field is about."""
    name = field.rpartition(".")[2]
    try:
        return state.recipe.info(name).title
    except BadChoice:
        return name

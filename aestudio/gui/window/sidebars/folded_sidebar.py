"""A folded sidebar: a narrow column of buttons, with what is needed most while it is folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.window.sidebars.start_button import (
    enable_start,
    progress_share,
    start_look,
    training_title,
    with_title,
)
from aestudio.gui.window.sidebars.training_bar import TrainingBar

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate

FOLDED_WIDTH = 48
_BAR_HEIGHT = 4
_MARGINS = (6, 8, 6, 12)


class TrainingButtons(QWidget):
    """Start or Pause as an icon, the progress as a thin bar, and Stop.

    They are about the compared runs while these are trained.
    """

    def __init__(self, session: Session, parent: QWidget | None = None, *, across: bool = False) -> None:
        """across: the buttons are in a row above the bar, not in a column."""
        super().__init__(parent)
        self._session = session
        self._shown = Shown()
        self.start = IconButton("play", self.tr("Start"), role="primary")
        self.start.clicked.connect(self._toggle)
        self.bar = TrainingBar()
        keep_length(self.bar, lambda bar, theme: bar.setFixedHeight(theme.px(_BAR_HEIGHT)))
        self.stop = IconButton("stop", "")
        self.stop.clicked.connect(self._stop)
        if across:
            column(row(self.start, self.stop, gap=2), self.bar, gap=2, on=self)
        else:
            column(self.start, self.bar, self.stop, gap=6, on=self)

    def _toggle(self) -> None:
        self._session.training.toggle(group=self._session.state.trained_group)

    def _stop(self) -> None:
        self._session.training.stop(group=self._session.state.trained_group)

    def show_state(self, state: StudioState) -> None:
        """Show the phase on the buttons and the progress on the bar."""
        group = state.trained_group
        look, phase = start_look(state, group), state.trained_phase
        self.bar.show_share(progress_share(state, group))
        if not self._shown.differs(look.icon, look.tip, look.enabled, phase):
            return
        stop = self.tr("Stop and keep the run (Ctrl+Shift+S)")
        self.stop.set_tip(with_title(stop, state) if group == "training" else stop)
        self.start.set_icon(look.icon, f"{look.text}: {look.tip}")
        enable_start(self.start, look.enabled, self.bar)
        self.stop.setEnabled(phase not in ("idle", "ended", "stopping"))


class UprightLabel(QWidget):
    """A muted line of text that is read from below, for a place that is narrow."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.set_text(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def _font(self) -> QFont:
        return font(current_theme(), current_theme().caption_size)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        return QSize(metrics.height(), metrics.horizontalAdvance(self.text) + current_theme().px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setFont(self._font())
            painter.setPen(QColor(current_theme().muted))
            metrics = painter.fontMetrics()
            painter.translate(self.rect().center())
            painter.rotate(-90)
            width = metrics.horizontalAdvance(self.text)
            painter.drawText(QPoint(-width // 2, (metrics.ascent() - metrics.descent()) // 2), self.text)


class FoldedSidebar(QFrame):
    """A column of buttons, the first of which opens the sidebar, and its name at the foot."""

    def __init__(
        self, open_button: IconButton, parts: tuple[QWidget, ...], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self.open = open_button
        self.name = UprightLabel(name)
        column(open_button, *parts, fill(), self.name, gap=12, margins=_MARGINS, on=self)
        for button in self.findChildren(IconButton):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class FoldedRecipe(FoldedSidebar):
    """Of the left sidebar: open it, Start or Pause with the progress, Stop, and the gallery of recipes."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.training = TrainingButtons(session)
        self.gallery = IconButton("layers", "")
        self._recipe_shown = Shown()
        tip = translate("FoldedSidebar", "Open the recipe of the next training (Ctrl+B)")
        super().__init__(
            IconButton("fold-right", tip),
            (self.training, self.gallery),
            training_title(active=False),
            parent,
        )

    def show_state(self, state: StudioState) -> None:
        """Show the training, and the recipe in the tooltip."""
        self.training.show_state(state)
        if self._recipe_shown.differs(state.recipe, state.training.active):
            active = state.training.active
            self.name.set_text(training_title(active))
            tip = self.tr("{}: {}. Opens the gallery of recipes (Ctrl+G)")
            self.gallery.set_tip(tip.format(training_title(active), one_line(state.recipe.title)))
            self.gallery.setEnabled(not active)


class FoldedInspector(FoldedSidebar):
    """Of the right sidebar: open it, or open it at the kept runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.runs = IconButton("folder", translate("FoldedSidebar", "Open the list of kept runs"))
        super().__init__(
            IconButton("fold-left", translate("FoldedSidebar", "Open the inspector (Ctrl+I)")),
            (self.runs,),
            translate("FoldedSidebar", "Inspector and runs"),
            parent,
        )

    def show_state(self, state: StudioState) -> None:
        """Nothing depends on the state."""

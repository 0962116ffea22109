"""One twin: its name, the digit and what comes back, the map of its codes, and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.compare.words import progress
from aestudio.gui.widgets.digit_view import DigitView
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from aestudio.gui.inference.requests.comparison_request import ComparedMap
    from aestudio.gui.inference.requests.exploration_request import Inspected
    from aestudio.gui.state.comparison_state import ComparedRun
    from aestudio.gui.theme.tokens import ColourRole

COLOURS: tuple[ColourRole, ...] = ("accent", "warn", "good", "text")
SMALLEST, GAP = 56, 2
_PERCENT = 100


class ComparisonColumn(QWidget):
    """All columns have the same rows, so that runs are compared along a line.

    opened(): its run is to be opened in the window
    """

    opened = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from aestudio.gui.views.compare.linked_map import LinkedMap

        self._images_shown, self._head_shown = Shown(), Shown()
        self.title = ElidedLabel()
        self.title.set_mode(Qt.TextElideMode.ElideRight)
        self.status = ElidedLabel(muted=True)
        self.status.set_mode(Qt.TextElideMode.ElideRight)
        self.open = IconButton("folder", self.tr("Open this run in the window"))
        self.open.clicked.connect(self.opened)
        self.original = self._digit(self.tr("The image that all compared runs are given"))
        self.returned = self._digit(self.tr("This run's reconstruction of the image"))
        self.pointed = self._digit(self.tr("What its decoder makes of the code at the cursor"))
        self.names = [self._name(self.tr("Digit")), self._name(self.tr("Reconstruction")), self._name("")]
        self.without = label("")
        self.without.setWordWrap(True)
        self.without.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.map = LinkedMap()
        self.figures = [self._figure(), self._figure()]
        self._lay_out(_Dot(COLOURS[number % len(COLOURS)]))

    def _digit(self, tip: str) -> DigitView:
        view = DigitView(smallest=SMALLEST)
        view.set_hint("")
        view.setToolTip(tip)
        view.setAccessibleName(tip)
        return view

    def _name(self, text: str) -> ElidedLabel:
        caption = ElidedLabel(text, muted=True)
        caption.set_alignment(Qt.AlignmentFlag.AlignHCenter)
        caption.set_mode(Qt.TextElideMode.ElideRight)
        return caption

    def _figure(self) -> ElidedLabel:
        metric = ElidedLabel()
        metric.set_mode(Qt.TextElideMode.ElideRight)
        return metric

    def _lay_out(self, dot: QWidget) -> None:
        theme = current_theme()
        pictures = QWidget()
        self._grid = grid = QGridLayout(pictures)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(GAP))
        grid.setVerticalSpacing(theme.px(2))
        for place, view in enumerate((self.original, self.returned, self.pointed)):
            grid.addWidget(view, 0, place)
            grid.addWidget(self.names[place], 1, place)
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(0, 1)
        self.pictures = QStackedWidget()
        self.pictures.addWidget(pictures)
        self.pictures.addWidget(self.without)
        column(
            row(dot, fill(self.title), self.open, gap=6),
            self.status,
            fill(self.pictures, 2),
            fill(self.map, 5),
            *self.figures,
            gap=4,
            on=self,
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def set_narrow(self, narrow: bool) -> None:
        """Leave the digit itself out if three images do not fit: the board shows it."""
        self.original.setVisible(not narrow)
        self.names[0].setVisible(not narrow)
        grid = self._grid
        grid.setColumnStretch(0, 0 if narrow else 1)

    # ---- eyes -------------------------------------------------------------------------------------

    def show_run(self, compared_run: ComparedRun, step: int, can_open: bool) -> None:
        """Its name, how far it is, and its newest loss."""
        training = compared_run.training
        parts = (training, step, can_open)
        if not self._head_shown.differs(*parts):
            return
        self.title.set_text(compared_run.title)
        self.status.set_text(progress(compared_run, step))
        bad = training.ended is not None and training.ended.reason == "diverged"
        self.status.set_colour("bad" if bad or training.problem is not None else "muted")
        explained = training.problem or (training.ended.advice if training.ended is not None else "")
        self.status.setToolTip(str(explained) or progress(compared_run, step))
        self.open.setEnabled(can_open)
        series = training.validation if len(training.validation) else training.training
        term = compared_run.recipe.objective.terms()[0]
        # At the end the figure belongs to the weights that are kept, not to the last step of all.
        last = series.last(term.name, None if training.ended is None else training.ended.step)
        self.figures[0].set_text("" if last is None else f"{term.title} {last:.4g}")
        self.figures[0].setToolTip(f"{term.title} [{term.unit}]")

    def show_digit(self, seen: Inspected | None, ink: bool) -> None:
        """The digit and its reconstruction; for a classifier its prediction."""
        if not self._images_shown.differs(seen, ink):
            return
        if seen is not None and seen.probabilities is not None:
            best = int(seen.probabilities.argmax())
            says = self.tr("Names the digit and decodes nothing. It says {} ({} %).")
            self.without.setText(says.format(best, f"{_PERCENT * float(seen.probabilities[best]):.0f}"))
        self.pictures.setCurrentIndex(1 if seen is not None and seen.probabilities is not None else 0)
        self.original.set_digit(None if seen is None else as_shown(seen.original, ink))
        shown = None if seen is None or seen.reconstruction is None else as_shown(seen.reconstruction, ink)
        self.returned.set_digit(shown)
        self.names[0].set_text(self.tr("Digit {}").format(seen.label) if seen is not None else "")

    def show_pointed(self, picture: NDArray[np.uint8] | None, text: str, ink: bool) -> None:
        """The image at the cursor, and its caption."""
        self.pointed.set_digit(None if picture is None else as_shown(picture, ink))
        self.names[2].set_text(text)

    def show_map(self, found: ComparedMap | None, decodes: bool) -> None:
        """The codes of the first digits."""
        if found is None:
            self.map.show_none(self.tr("The map comes with the first codes."))
            self.figures[1].set_text("")
            return
        self.map.show_codes(found)
        if found.plane is None:
            self.map.set_empty_text(
                self.tr("A map needs two numbers; this code is a single one.")
                if decodes
                else self.tr("There is no code to map.")
            )
        text = "" if found.squared_error is None else self.tr("Squared error {}")
        self.figures[1].set_text(text.format(f"{found.squared_error:.4g}") if text else "")
        self.figures[1].setToolTip(self.tr("Per image, of the test digits on the map"))


class _Dot(QWidget):
    """The colour of the run's curve."""

    def __init__(self, role: ColourRole) -> None:
        super().__init__()
        self._role = role
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        side = current_theme().px(10)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(current_theme(), self._role)))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.setFixedSize(self.sizeHint())
            self.update()

"""The bar above the view: the tabs, and what is on show, beside them or in a line of its own.

While another run hides the training, that is named at the right end of the header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.window.model_header import MOST_LINES, ModelHeader

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.hidden_training_chip import HiddenTrainingChip

_GAP, _LINE_GAP = 8, 2
_LEAST_BESIDE = 280  # logical pixels beside the tabs, of which two lines hold most headings
_FULL = (
    1280  # width of a window, in logical pixels, from which a header below the tabs may have several lines
)
_CHIP_SHARE = 0.5  # of the width of the bar, at most


class ViewBar(QWidget):
    """Tabs on the left. The header is beside them, in one line or two; in a narrow window it is below them.

    Its height follows from its width alone, so that what is below it is laid out once, and that a model with
    a long title takes nothing from the view.

    first, last: buttons at both ends, which are hidden in most windows
    """

    def __init__(
        self,
        tabs: QTabBar,
        first: tuple[QWidget, ...] = (),
        last: tuple[QWidget, ...] = (),
        hidden_training: HiddenTrainingChip | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tabs, self.header = tabs, ModelHeader()
        self._first, self._last = (*first, tabs), last
        self._presented = False
        self.hidden_training = hidden_training
        chip = () if hidden_training is None else (hidden_training,)
        for part in (*first, tabs, self.header, *chip, *last):
            part.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def below(self) -> bool:
        """Whether the header has a line of its own."""
        return self._is_below(self.width())

    def show_state(self, state: StudioState, *, comparison: bool) -> None:
        """Show what is on show."""
        wider = state.presentation != self._presented
        self._presented = state.presentation
        wider |= self.header.show_state(state, comparison=comparison)
        if self.hidden_training is not None:
            wider |= self.hidden_training.show_state(state, comparison=comparison)
        if wider:
            self.arrange()

    # ---- sizes ----------------------------------------------------------------------------------------

    def _shown(self, parts: tuple[QWidget, ...]) -> list[QWidget]:
        return [part for part in parts if not part.isHidden()]

    def _taken(self) -> int:
        """The width of the tabs and buttons, with a gap after each."""
        shown = self._shown((*self._first, *self._last))
        return sum(part.sizeHint().width() + current_theme().px(_GAP) for part in shown)

    def _beside_header(self) -> int:
        """The width that the training takes which is hidden, with a gap; 0 without one."""
        chip = self.hidden_training
        return 0 if chip is None or chip.isHidden() else chip.sizeHint().width() + current_theme().px(_GAP)

    def _beside_tabs(self, width: int) -> int:
        """The width that the tabs leave."""
        return width - self._taken() - current_theme().px(_GAP)

    def _is_below(self, width: int) -> bool:
        """Whether the header has a line of its own, whatever the title, or everything below would move when
        another model is shown: except for a name of two lines and more, which would be cut beside the tabs.
        That is for an audience any name, and in a window that is not small what only a user calls a run.
        """
        beside, least = self._beside_tabs(width), current_theme().px(_LEAST_BESIDE)
        if beside < least or self.header.height_of_two > self._line():
            return True
        return (self._presented or not self._is_small()) and not self.header.fits_in_two(beside)

    def _is_small(self) -> bool:
        return self.window().width() < current_theme().px(_FULL)

    def _chip_is_below(self, width: int) -> bool:
        """Whether the hidden training has a line of its own: below the header, which it would cut."""
        beside = self._beside_header()
        if not beside:
            return False
        if self._is_below(width):
            return self.header.needed_width + beside > width
        return not self.header.fits_in_two(self._beside_tabs(width) - beside)

    def _header_height(self, width: int) -> int:
        """The height of the header below the tabs, with the hidden training beside it if that fits there."""
        small = self._is_small() and not self._presented
        height, chip = self.header.height_in(width, 1 if small else MOST_LINES), self.hidden_training
        if chip is None or chip.isHidden() or self._chip_is_below(width):
            return height
        return max(height, chip.sizeHint().height())

    def _below_height(self, width: int) -> int:
        """The height of all that is below the tabs."""
        gap, chip = current_theme().px(_LINE_GAP), self.hidden_training
        height = gap + self._header_height(width) if self._is_below(width) else 0
        return height + gap + chip.sizeHint().height() if chip and self._chip_is_below(width) else height

    def _line(self) -> int:
        return max(part.sizeHint().height() for part in self._shown((*self._first, *self._last)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._line() + self._below_height(width)

    def sizeHint(self) -> QSize:
        needed = self._taken() + current_theme().px(_GAP) + self.header.needed_width + self._beside_header()
        return QSize(needed, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """The tabs decide, not the header, which can be shortened."""
        return QSize(self._taken(), self._line())

    # ---- layout ---------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Put the header beside the tabs, or below them."""
        self.updateGeometry()
        px, line = current_theme().px, self._line()
        left, right = 0, self.width()
        for part in self._shown(self._first):
            width = part.sizeHint().width()
            self._centre(part, left, width, line)
            left += width + px(_GAP)
        for part in reversed(self._shown(self._last)):
            width = part.sizeHint().width()
            self._centre(part, right - width, width, line)
            right -= width + px(_GAP)
        sides, below = Qt.AlignmentFlag, self.below
        top, height = (line + px(_LINE_GAP), self._header_height(self.width())) if below else (0, line)
        right = self.width() if below else right
        if self._chip_is_below(self.width()):
            self._place_chip_at(0, top + height + px(_LINE_GAP))
        else:
            right = self._place_chip(right, top, height)
        left = 0 if below else left + px(_GAP)
        self.header.setGeometry(left, top, max(0, right - left), height)
        self.header.set_alignment(sides.AlignLeft if below else sides.AlignRight)

    def _place_chip_at(self, left: int, top: int) -> None:
        """Put the hidden training into a line of its own."""
        chip = self.hidden_training
        if chip is not None:
            hint = chip.sizeHint()
            chip.setGeometry(left, top, min(self.width() - left, hint.width()), hint.height())

    def _place_chip(self, right: int, top: int, line: int) -> int:
        """Put the hidden training at this right end; return the end of what is left for the header."""
        chip = self.hidden_training
        if chip is None or chip.isHidden():
            return right
        hint = chip.sizeHint()
        most = max(chip.minimumSizeHint().width(), round(_CHIP_SHARE * self.width()))
        width, height = min(hint.width(), most), min(line, hint.height())
        chip.setGeometry(right - width, top + (line - height) // 2, width, height)
        return right - width - current_theme().px(_GAP)

    @staticmethod
    def _centre(part: QWidget, left: int, width: int, line: int) -> None:
        height = min(line, part.sizeHint().height())
        part.setGeometry(left, (line - height) // 2, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def event(self, event: QEvent) -> bool:
        """Make place for a part that has changed its size."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return handled

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.arrange()

"""The header of the sliders: their basis, order, filter and page, and the animation menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QToolButton, QWidget

from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.views.latent.sliders.slider_animation import MODES, RATES, SWEEP_SECONDS
from aestudio.gui.views.shared.kept_choice import keep_option, kept_option
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import fill, row
from aestudio.gui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.workspace import Basis
    from aestudio.gui.views.latent.sliders.slider_animation import SliderAnimator

WIDE = 420  # from this width on, the names of the two bases are written out, and pages still fit


class SliderHeader(QWidget):
    """Emits what the user chose; `LatentSliders` carries it out.

    basis_chosen("dimensions" or "components"); sort_chosen(by information); filter_changed(text);
    paged(pages); clear_requested()
    """

    basis_chosen = Signal(str)
    sort_chosen = Signal(bool)
    filter_changed = Signal(str)
    paged = Signal(int)
    clear_requested = Signal()

    def __init__(self, animator: SliderAnimator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._animator = animator
        animator.mode = kept_option("sliders.animation", MODES) or animator.mode
        animator.rate = kept_option("sliders.frames", RATES) or animator.rate
        animator.seconds = kept_option("sliders.seconds", SWEEP_SECONDS) or animator.seconds
        self._components_tip = self.tr(
            "Components: a slider for each principal component, in standard deviations"
        )
        self._sort_tip = self.tr("Sort by information, the most informative slider first")
        self.bases: dict[Basis, QPushButton] = {
            "dimensions": self._basis_button(
                "dimensions", self.tr("Dimensions: a slider for each dimension of the code")
            ),
            "components": self._basis_button("components", self._components_tip),
        }
        self.sort = IconButton("sort", self._sort_tip, side=16)
        self.sort.setCheckable(True)
        self.sort.clicked.connect(self.sort_chosen)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        set_role(self.filter, "narrow")  # its placeholder fits at its smallest width
        keep_length(self.filter, lambda box, theme: box.setMinimumWidth(theme.px(44)))
        self.filter.setAccessibleName(self.tr("Filter the sliders"))
        self.filter.setToolTip(
            self.tr("Only sliders with these words: a name, active, collapsed, muted, soloed, locked, silent")
        )
        self.filter.textChanged.connect(self.filter_changed)
        self.previous = IconButton("chevron-left", self.tr("Previous page (PageUp in a slider)"), side=14)
        self.previous.clicked.connect(lambda: self.paged.emit(-1))
        self.next = IconButton("chevron-right", self.tr("Next page (PageDown in a slider)"), side=14)
        self.next.clicked.connect(lambda: self.paged.emit(1))
        self.page = NumberLabel("00/00", role="muted")
        self.page.setToolTip(self.tr("Page of sliders"))
        self.page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.options = IconButton("sliders", self.tr("Animation, and clearing mute, solo and lock"), side=16)
        self.options.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.setAccessibleName(self.tr("Animation of the sliders"))
        # Filled when first opened: creating its entries took a third of the time to show the sliders.
        self.menu.aboutToShow.connect(self._fill_menu)
        self.options.setMenu(self.menu)
        self._lay_out()

    def _basis_button(self, basis: Basis, tip: str) -> QPushButton:
        button = QPushButton()
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        set_role(button, "segment")
        button.clicked.connect(lambda: self._choose_basis(basis))
        return button

    def _choose_basis(self, basis: Basis) -> None:
        for name, button in self.bases.items():
            button.setChecked(name == basis)
        self.basis_chosen.emit(basis)

    def _lay_out(self) -> None:
        pages = (self.previous, self.page, self.next)
        row(*self.bases.values(), 4, fill(self.filter), self.sort, *pages, self.options, gap=2, on=self)
        self._set_basis_texts()

    def _set_basis_texts(self) -> None:
        wide = self.width() >= current_theme().px(WIDE)
        self.bases["dimensions"].setText(self.tr("Dimensions") if wide else self.tr("z"))
        self.bases["components"].setText(self.tr("Components") if wide else self.tr("PC"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_basis_texts()

    def sizeHint(self) -> QSize:
        """As high with the page buttons as without: they depend on how many sliders fit below."""
        return QSize(super().sizeHint().width(), self._highest())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._highest())

    def _highest(self) -> int:
        buttons = (*self.bases.values(), self.sort, self.previous, self.options)
        return max(part.sizeHint().height() for part in (*buttons, self.filter, self.page))

    # ---- display ------------------------------------------------------------------------------------

    def show_choice(self, basis: Basis, components: bool, by_information: bool, without: str = "") -> None:
        """Show the basis, whether components exist, and how the sliders are sorted.

        without: why there is no statistics of codes, a sentence; "" if there is, or will be soon
        """
        for name, button in self.bases.items():
            button.setChecked(name == basis)
        self.bases["components"].setEnabled(components)
        self.sort.setChecked(by_information)
        self.sort.setEnabled(not without)
        for part, tip in ((self.bases["components"], self._components_tip), (self.sort, self._sort_tip)):
            part.setToolTip(f"{tip}\n{without}" if without else tip)

    def show_page(self, page: int, pages: int) -> None:
        """Show the number of the page, which is counted from 0."""
        for part in (self.previous, self.page, self.next):
            part.setVisible(pages > 1)
        self.page.set_text(f"{page + 1}/{pages}")
        self.previous.setEnabled(page > 0)
        self.next.setEnabled(page < pages - 1)

    # ---- the menu -------------------------------------------------------------------------------------

    def _fill_menu(self) -> None:
        menu, animator = self.menu, self._animator
        if not menu.isEmpty():
            return
        titles = {
            "once": self.tr("Once: up, down, and back to where it began"),
            "loop": self.tr("Loop: from the low end to the high one, over and over"),
            "back_and_forth": self.tr("Back and forth"),
        }
        menu.addSection(self.tr("Animation"))
        self._add_choices(menu, ((titles[mode], mode) for mode in MODES), animator.mode, self._set_mode)
        rates = menu.addMenu(self.tr("Frames per second"))
        self._add_choices(rates, ((str(rate), rate) for rate in RATES), animator.rate, self._set_rate)
        sweeps = menu.addMenu(self.tr("Seconds from end to end"))
        self._add_choices(
            sweeps,
            ((f"{seconds:g}", seconds) for seconds in SWEEP_SECONDS),
            animator.seconds,
            self._set_seconds,
        )
        menu.addAction(self.tr("Stop all"), animator.stop_all)
        menu.addSeparator()
        menu.addAction(self.tr("Clear mute, solo and lock everywhere"), self.clear_requested.emit)

    def _add_choices(
        self, menu: QMenu, entries: Iterable[tuple[str, object]], chosen: object, choose: Callable
    ) -> None:
        group = QActionGroup(menu)
        for text, value in entries:
            action = QAction(text, menu)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(lambda _=False, value=value: choose(value))
            group.addAction(action)
            menu.addAction(action)

    def _set_mode(self, mode: str) -> None:
        self._animator.mode = mode  # type: ignore[assignment]
        keep_option("sliders.animation", mode)

    def _set_rate(self, rate: int) -> None:
        self._animator.rate = rate
        keep_option("sliders.frames", rate)

    def _set_seconds(self, seconds: float) -> None:
        self._animator.seconds = seconds
        keep_option("sliders.seconds", seconds)

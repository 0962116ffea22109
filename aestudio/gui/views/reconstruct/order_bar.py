"""Above the triples: which digits, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.views.reconstruct.order import Order, OrderKind
from aestudio.gui.widgets.class_bar import ClassBar
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import boxed, fill, label, row
from aestudio.gui.widgets.number_box import WholeBox

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.datasets.dataset import ImageSet

_WIDE = 900  # logical pixels from which on there is room for one row
_KINDS: tuple[OrderKind, ...] = ("random", "class", "index", "worst", "selection")


class OrderBar(QWidget):
    """Five orders, and what the chosen one needs: beside them, or below them where there is little room.

    `changed()` comes only from the person.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = Order(seed=int(np.random.default_rng().integers(2**31)))
        self._digits: ImageSet | None = None
        self._group = QButtonGroup(self)
        self._more = QStackedWidget()
        self._more.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(current_theme().px(8))
        for kind, (text, tip) in zip(_KINDS, self._texts(), strict=True):
            button = QPushButton(text)
            button.setObjectName(kind)
            button.setCheckable(True)
            button.setToolTip(tip)
            self._group.addButton(button, _KINDS.index(kind))
        self._rows.addLayout(row(*self._group.buttons(), fill(), gap=4))
        self._rows.addWidget(self._more, 1)
        self.again = TextButton("dice", self.tr("Draw again"), tip=self.tr("Draw other digits at random"))
        self.again.clicked.connect(self._draw_again)
        self.classes = ClassBar()
        self.classes.chosen_changed.connect(self._choose_classes)
        self.start = WholeBox()
        self.start.valueChanged.connect(self._start_at)
        self._status, self._selected = label(""), label("")
        self._add_pages()
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._choose_kind)

    def _texts(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Random"), self.tr("Digits drawn at random from the test set")),
            (self.tr("By class"), self.tr("Digits of the chosen classes, drawn at random")),
            (self.tr("By index"), self.tr("Digits in the order of the test set, from a number on")),
            (self.tr("Worst first"), self.tr("Digits with the greatest loss per image first")),
            (self.tr("Selection"), self.tr("The digits of the test set that are selected on the map")),
        )

    def _add_pages(self) -> None:
        self.start.setAccessibleName(self.tr("First image"))
        self.start.setAlignment(Qt.AlignmentFlag.AlignRight)
        keep_length(self.start, lambda box, theme: box.setMinimumWidth(theme.px(96)))
        from_image = label(self.tr("from image"))
        for page in (
            row(self.again, fill()),
            row(self.classes, fill()),
            row(from_image, self.start, fill()),
            row(self._status, fill()),
            row(self._selected, fill()),
        ):
            self._more.addWidget(boxed(page))

    def minimumSizeHint(self) -> QSize:
        """That of two rows: one row is only there while there is room for it."""
        orders = self._rows.itemAt(0)
        assert orders is not None
        width = max(orders.minimumSize().width(), self._more.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= current_theme().px(_WIDE)
        ways = QBoxLayout.Direction
        self._rows.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        super().resizeEvent(event)

    @property
    def order(self) -> Order:
        """What is chosen now."""
        return self._order

    def choose(self, kind: OrderKind) -> None:
        """Press one of the five buttons."""
        self._group.button(_KINDS.index(kind)).click()

    def set_digits(self, digits: ImageSet) -> None:
        """Offer this set's classes and indices; no signal."""
        if digits is self._digits:
            return
        self._digits = digits
        last = max(0, len(digits) - 1)
        self.start.blockSignals(True)
        self.start.setRange(0, last)
        self.start.blockSignals(False)
        self.start.setToolTip(self.tr("Number of the first image, 0 to {}").format(f"{last:,}"))
        self._order = replace(self._order, classes=(), start=self.start.value())
        labelled = digits.labels is not None
        self._group.button(_KINDS.index("class")).setEnabled(labelled)
        if labelled:
            self.classes.set_names(digits.class_names)
            self.classes.set_chosen(())
        elif self._order.kind == "class":
            self._group.button(0).setChecked(True)
            self._show_kind("random")

    def set_status(self, text: str) -> None:
        """What there is to say about the worst-first order."""
        if text != self._status.text():
            self._status.setText(text)

    def set_selected(self, text: str) -> None:
        """What there is to say about the order by selection."""
        if text != self._selected.text():
            self._selected.setText(text)

    def _show_kind(self, kind: OrderKind) -> None:
        self._order = replace(self._order, kind=kind)
        self._more.setCurrentIndex(_KINDS.index(kind))

    def _choose_kind(self, position: int) -> None:
        self._show_kind(_KINDS[position])
        self.changed.emit()

    def _draw_again(self) -> None:
        self._order = replace(self._order, seed=self._order.seed + 1)
        self.changed.emit()

    def _choose_classes(self, classes: tuple[int, ...]) -> None:
        self._order = replace(self._order, classes=classes)
        self.changed.emit()

    def _start_at(self, start: int) -> None:
        self._order = replace(self._order, start=start)
        self.changed.emit()

"""The bar above the triples: which images are shown, and in which order."""

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
from aestudio.gui.views.shared.kept_choice import keep_option, kept_option
from aestudio.gui.widgets.class_bar import ClassBar
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import boxed, fill, label, row
from aestudio.gui.widgets.number_box import WholeBox

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.datasets.dataset import ImageSet

_WIDE = 900  # logical pixels; from this width on, one row is enough for everything
_KINDS: tuple[OrderKind, ...] = ("random", "class", "index", "worst", "selection")
_KEPT: tuple[OrderKind, ...] = ("random", "index", "worst")  # the others need a choice that is not kept


class OrderBar(QWidget):
    """Five orders, and beside them, or below them if the bar is narrow, the options of the chosen one.

    `changed()`: by the user only; `tagged_wanted()`: select the images that have a tag
    below: where the classes are if there is no space for them in the bar; the view places it above the images
    """

    changed = Signal()
    tagged_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = Order(seed=int(np.random.default_rng().integers(2**31)))
        self._images: ImageSet | None = None
        self._group = QButtonGroup(self)
        self._options = QStackedWidget()
        self._options.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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
        self._rows.addWidget(self._options, 1)
        self.below = boxed(row(fill()))
        self.below.hide()
        self.again = TextButton("dice", self.tr("Draw again"), tip=self.tr("Choose other images at random"))
        self.again.clicked.connect(self._shuffle)
        self.classes = ClassBar()
        self.classes.chosen_changed.connect(self._choose_classes)
        self.start = WholeBox()
        self.start.valueChanged.connect(self._choose_start)
        self._worst_text, self._selection_text = label(""), ElidedLabel(muted=True)
        self._selection_text.set_mode(Qt.TextElideMode.ElideRight)
        self.tagged = TextButton("pin", self.tr("Tagged"), tip=self.tr("Select the images that have a tag"))
        self.tagged.clicked.connect(self.tagged_wanted)
        self._add_pages()
        kept = kept_option("reconstruct.order", _KEPT) or _KINDS[0]
        self._group.button(_KINDS.index(kept)).setChecked(True)
        self._show_kind(kept)
        self._group.idClicked.connect(self._choose_kind)

    def _texts(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Random"), self.tr("Images chosen at random from the test set")),
            (self.tr("By class"), self.tr("Images of the chosen classes, in random order")),
            (self.tr("By index"), self.tr("Images in the order of the test set, from an index on")),
            (self.tr("Worst first"), self.tr("Images with the greatest loss first")),
            (self.tr("Selection"), self.tr("The images of the test set that are selected on the map")),
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
            row(self._worst_text, fill()),
            row(self.tagged, fill(self._selection_text)),
        ):
            self._options.addWidget(boxed(page))

    def minimumSizeHint(self) -> QSize:
        """That of two rows: a single row is shown only if the bar is wide enough."""
        width = max(self._width_of_orders(), self._options.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def _width_of_orders(self) -> int:
        orders = self._rows.itemAt(0)
        assert orders is not None
        return orders.minimumSize().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, directions = event.size().width(), QBoxLayout.Direction
        wide = width >= current_theme().px(_WIDE)
        self._place_classes(in_bar=wide)
        needed = self._width_of_orders() + self._rows.spacing() + self._options.minimumSizeHint().width()
        one_row = wide or width >= needed
        self._rows.setDirection(directions.LeftToRight if one_row else directions.TopToBottom)
        super().resizeEvent(event)

    def _place_classes(self, in_bar: bool) -> None:
        page = self._options.widget(_KINDS.index("class"))
        place = page if in_bar and page is not None else self.below
        if self.classes.parentWidget() is not place:
            layout = place.layout()
            assert isinstance(layout, QBoxLayout)
            layout.insertWidget(0, self.classes)
        self.below.setVisible(not in_bar and self._order.kind == "class")

    @property
    def order(self) -> Order:
        """The current choice."""
        return self._order

    def choose(self, kind: OrderKind) -> None:
        """Click one of the five buttons."""
        self._group.button(_KINDS.index(kind)).click()

    def set_images(self, images: ImageSet) -> None:
        """Offer this set's classes and indices; emits no signal."""
        if images is self._images:
            return
        self._images = images
        last = max(0, len(images) - 1)
        self.start.show_value(self.start.value(), 0, last)
        self.start.setToolTip(self.tr("Index of the first image, 0 to {}").format(f"{last:,}"))
        self._order = replace(self._order, classes=(), start=self.start.value())
        labelled = images.labels is not None
        self._group.button(_KINDS.index("class")).setEnabled(labelled)
        if labelled:
            self.classes.set_names(images.class_names)
            self.classes.set_chosen(())
        elif self._order.kind == "class":
            self._group.button(0).setChecked(True)
            self._show_kind("random")

    def set_worst_text(self, text: str) -> None:
        """Set the text beside the worst-first order."""
        if text != self._worst_text.text():
            self._worst_text.setText(text)

    def set_selection_text(self, text: str) -> None:
        """Set the text beside the order by selection."""
        self._selection_text.set_text(text)

    def _show_kind(self, kind: OrderKind) -> None:
        self._order = replace(self._order, kind=kind)
        self._options.setCurrentIndex(_KINDS.index(kind))
        self.below.setVisible(kind == "class" and self.classes.parentWidget() is self.below)

    def _choose_kind(self, position: int) -> None:
        self._show_kind(_KINDS[position])
        if _KINDS[position] in _KEPT:
            keep_option("reconstruct.order", _KINDS[position])
        self.changed.emit()

    def _shuffle(self) -> None:
        self._order = replace(self._order, seed=self._order.seed + 1)
        self.changed.emit()

    def _choose_classes(self, classes: tuple[int, ...]) -> None:
        self._order = replace(self._order, classes=classes)
        self.changed.emit()

    def _choose_start(self, start: int) -> None:
        self._order = replace(self._order, start=start)
        self.changed.emit()

"""The picker of a codebook: the places of a code, the entries to put there, and how often each is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.entry_cells import EntryCells
from aestudio.gui.widgets.layouts import boxed, column, fill, row
from aestudio.gui.widgets.usage_bars import UsageBars

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QSize

    from aestudio.analysis.entry_usage import EntryUsage

_PLACE = 40  # logical pixels of a place, at most
_ROW = 8  # places in a row of a code that is no grid
_HEIGHT, _LEAST = 250, 168
_PERCENT = 100


class CodebookPicker(QWidget):
    """Select a place on the left, choose its entry on the right.

    chosen(place, entry): by the user
    """

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._grid = 1, True
        self._order: tuple[int, ...] = ()
        self._usage: EntryUsage | None = None
        self._without = ""
        self._usage_shown = Shown()
        self.places = EntryCells(1, smallest=8, largest=_PLACE)
        self.places.setAccessibleName(self.tr("Places of the code"))
        self.places.setToolTip(self.tr("Click a place, or use the arrow keys, then choose its entry"))
        self.places.set_text(self._place_text)
        self.places.selected_changed.connect(self._show_entry_of_place)
        self.entries = EntryCells(0, smallest=18)
        self.entries.setAccessibleName(self.tr("Entries of the codebook"))
        self.entries.setToolTip(self.tr("Click an entry, or use the arrow keys, to put it at the place"))
        self.entries.set_text(self._entry_text)
        self.entries.selected_changed.connect(self._choose)
        self.bars = UsageBars()
        self.bars.setToolTip(
            self.tr("How often each entry is taken by the encoded images, the most frequent first")
        )
        self.place_caption, self.entry_caption, self.usage = ElidedLabel(), ElidedLabel(), ElidedLabel()
        for caption in (self.place_caption, self.entry_caption, self.usage):
            caption.set_mode(Qt.TextElideMode.ElideRight)
        self._lay_out()

    def _lay_out(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(boxed(column(self.entries, fill(), gap=0)))
        self._scroll.viewport().installEventFilter(self)
        left = column(self.place_caption, fill(self.places), gap=4)
        right = column(self.entry_caption, fill(self._scroll), gap=4)
        column(fill(row(fill(left, 4), fill(right, 3), gap=12)), self.usage, self.bars, gap=4, on=self)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        hint.setHeight(current_theme().px(_HEIGHT))
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        hint.setHeight(current_theme().px(_LEAST))
        return hint

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the entries fill the height that there is for them."""
        if event.type() == QEvent.Type.Resize and watched is self._scroll.viewport():
            self.entries.set_available_height(self._scroll.viewport().height())
        return super().eventFilter(watched, event)

    # ---- display --------------------------------------------------------------------------------------

    def show_code(self, code: tuple[int, ...], shape: tuple[int, ...], choices: int) -> None:
        """Show the entry of each place of a grid; shape: (h, w), or (n,) for a list of places."""
        self._columns = max(1, shape[-1] if len(shape) > 1 else min(_ROW, len(code)))
        self._grid = len(shape) > 1
        if len(self._order) != choices:
            self._order, self._usage = tuple(range(choices)), None
            self.entries.set_entries(self._order)
            self._show_usage_text()
        self.places.set_entries(code, self._columns)
        if self.places.selected < 0 and code:
            self.places.set_selected(0)
        self._show_entry_of_place(self.places.selected)

    def show_usage(self, usage: EntryUsage | None, *, keep_order: bool, without: str = "") -> None:
        """Show how often each entry is taken; keep_order: do not sort the entries anew under the mouse.

        without: why it is not known, a sentence; "" if it is known soon
        """
        if not self._usage_shown.differs(usage, keep_order, len(self._order), without):
            return
        self._without = without
        if usage is None or len(usage.counts) != len(self._order):
            usage = None
        first = self._usage is None
        self._usage = usage
        if usage is not None:
            counts, order = usage.counts, usage.order.tolist()
            shares = counts / max(1, int(counts.sum()))
            self.bars.set_usage(order, shares[usage.order].tolist())
            if first or not keep_order:
                self._order = tuple(order)
            unused = frozenset(entry for entry in order if not counts[entry])
            self.entries.set_entries(self._order, dimmed=unused)
        else:
            self.bars.set_usage((), ())
        self._show_usage_text()
        self._show_entry_of_place(self.places.selected)

    def _show_usage_text(self) -> None:
        usage = self._usage
        if usage is None:
            later = self.tr("The usage of the entries appears when images are encoded.")
            self.usage.set_text(self._without or later)
            self.usage.setToolTip("")
            return
        text = self.tr("{} of {} entries used · perplexity {}")
        numbers = f"{usage.used:,}", f"{len(usage.counts):,}", f"{usage.perplexity:.1f}"
        self.usage.set_text(text.format(*numbers))
        self.usage.setToolTip(
            self.tr(
                "Over {} images. Perplexity: exp(−Σ p log p) of the entries' shares p. It is the number of\n"
                "entries if all are taken equally often, and less the more often some are taken."
            ).format(f"{usage.images:,}")
        )

    def _show_entry_of_place(self, place: int) -> None:
        code = self.places.entries
        if not 0 <= place < len(code):
            return
        entry = code[place]
        if entry in self._order:
            self.entries.set_selected(self._order.index(entry))
        self.place_caption.set_text(self._place_name(place))
        self.entry_caption.set_text(self.tr("Entry {} of {}").format(entry, len(self._order)))

    def _place_name(self, place: int) -> str:
        if not self._grid:
            return self.tr("Place {}").format(place + 1)
        line, position = divmod(place, self._columns)
        return self.tr("Row {}, column {}").format(line + 1, position + 1)

    def _place_text(self, place: int) -> str:
        return self.tr("{}: entry {}").format(self._place_name(place), self.places.entries[place])

    def _entry_text(self, index: int) -> str:
        entry = self.entries.entries[index]
        text = self.tr("Entry {}").format(entry)
        if self._usage is None:
            return text
        counts = self._usage.counts
        share = counts[entry] / max(1, int(counts.sum()))
        used = self.tr("{}: {} % of all places").format(text, f"{_PERCENT * share:.2g}")
        return used if counts[entry] else self.tr("{}: never taken").format(text)

    def _choose(self, index: int) -> None:
        place = self.places.selected
        if 0 <= place < len(self.places.entries):
            self.chosen.emit(place, self.entries.entries[index])

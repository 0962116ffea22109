"""The metrics of the shown model in a small table: of which step, and over how many test images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from aestudio.gui.inference.requests.metrics_request import QuickMetrics
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.shown_evaluation import live_at, same_weights, shown_evaluation
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.train.metric_rows import EXACT, QUICK, MetricRow, metric_rows
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.glossary import explanation
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from PySide6.QtCore import QPoint

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.widgets.plain_text import PlainLabel
    from aestudio.training.events import Snapshot

TASK = "evaluation"
IMAGES = 500
"""Of the test set, as long as nobody asked for all: 0.06 s of work for `vae`, 0.15 s for `conv-vae`."""
WIDTH = 280  # logical pixels: "Loss [squared error per image]" and a number of nine characters are whole
_GAP, _ROWS, _BUTTON = 0, 5, 22  # between rows; of a VAE, the most; height of the heading's line


class MetricsPanel(QWidget):
    """`wanted()`: measure on all test images; `cancelled()`: stop that."""

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._names: list[ElidedLabel] = []
        self._values: list[PlainLabel] = []
        self._running = False
        self.caption = ElidedLabel(muted=True)
        self.caption.set_mode(Qt.TextElideMode.ElideRight)
        self.button = IconButton("refresh", self.tr("Measure on all test images"), side=14)
        self.button.clicked.connect(self._toggle)
        self.table = QWidget()
        self._grid = QGridLayout(self.table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(current_theme().px(_GAP))
        self._grid.setColumnStretch(0, 1)
        title = FixedCaption(1)
        title.set_text(self.tr("Metrics"))
        set_role(title, "label")
        self.mark = ChannelMark(self.table, QuickMetrics.channel, quiet=True, caption=title)
        column(row(fill(title), self.button), self.caption, self.table, fill(), gap=_GAP, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        keep_length(self.button, lambda button, theme: button.setFixedHeight(theme.px(_BUTTON)))
        keep_length(self, lambda panel, theme: panel.setFixedWidth(theme.px(WIDTH)))

    def least_height(self) -> int:
        """The height of a full table, whatever it shows now, so that the layout does not depend on it."""
        line = self.caption.sizeHint().height() + current_theme().px(_GAP)
        return current_theme().px(_BUTTON) + (1 + _ROWS) * line

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What the table shows: name and value of each metric."""
        pairs = zip(self._names, self._values, strict=True)
        return tuple((name.text, value.text()) for name, value in pairs if not name.isHidden())

    def offer_at(self, at: QPoint | None) -> Offer:
        """Its rows as a table."""
        del at
        rows = self.rows
        if not rows:
            return Offer()
        header = self.tr("metric"), self.caption.text
        return Offer(what=self.tr("Metrics"), values=lambda: ValueTable(header, rows), source="run")

    def _toggle(self) -> None:
        (self.cancelled if self._running else self.wanted).emit()

    def request(self, state: StudioState, snapshot: Snapshot | None) -> QuickMetrics | None:
        """What the table needs of this snapshot; None if all test images were measured, or it is hidden."""
        dataset = state.dataset
        if self.isHidden() or snapshot is None or dataset is None or not len(dataset.test):
            return None
        if shown_evaluation(state) is not None:
            return None
        count = min(IMAGES, len(dataset.test))
        return QuickMetrics(snapshot, dataset.test, count, live_at(state.shown_run, snapshot.step))

    def show_state(self, state: StudioState) -> None:
        """Show what is known best: over all test images, or over the first ones."""
        exact, quick = shown_evaluation(state), state.results.get(QuickMetrics.channel)
        task, problem = state.tasks.get(TASK), state.problem(QuickMetrics.channel)
        under_way, first = state.test_set.under_way, quick is None and QuickMetrics.channel in state.pending
        known = exact, quick, task, problem, first
        if self._shown.differs(*known, state.snapshot, state.dataset, under_way):
            self._show(state, exact)
        self.mark.show_state(state, visible=exact is None)

    def _show(self, state: StudioState, exact: Mapping[str, Any] | None) -> None:
        table = state.value(QuickMetrics.channel) if exact is None else exact
        recipe = None if state.snapshot is None else state.snapshot.recipe
        rows: tuple[MetricRow, ...] = ()
        if table is not None and recipe is not None:
            rows = metric_rows(table, recipe, QUICK if exact is None else EXACT)
        self._show_rows(rows)
        self._show_button(state, exact is not None)
        self.caption.set_text(self._caption(state, table))
        self.caption.setToolTip(self._help(state, exact is not None))

    def _show_rows(self, rows: tuple[MetricRow, ...]) -> None:
        while len(self._names) < len(rows):
            name, value = ElidedLabel(muted=True), label("", "")
            name.set_mode(Qt.TextElideMode.ElideRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(name, len(self._names), 0)
            self._grid.addWidget(value, len(self._names), 1, Qt.AlignmentFlag.AlignRight)
            self._names.append(name)
            self._values.append(value)
        for number, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            there = number < len(rows)
            name.setVisible(there)
            value.setVisible(there)
            if there:
                name.set_text(rows[number].title)
                name.setToolTip(explanation(*rows[number].terms))
                value.setToolTip(explanation(*rows[number].terms))
                value.setText(rows[number].text)

    def _show_button(self, state: StudioState, exact: bool) -> None:
        other = state.test_set.under_way
        self._running = _is_measured(state)
        possible = state.snapshot is not None and state.dataset is not None and other is None
        self.button.setVisible(self._running or not exact)
        self.button.setEnabled(self._running or possible)
        if self._running:
            self.button.set_icon("close", self.tr("Stop measuring"))
        elif other is not None:
            tip = self.tr("Another model is being measured: {}, step {}")
            self.button.set_icon("refresh", tip.format(one_line(other.run), f"{other.step:,}"))
        else:
            count = 0 if state.dataset is None else len(state.dataset.test)
            tip = self.tr("Measure on all {} test images, as `aestudio evaluate`").format(f"{count:,}")
            self.button.set_icon("refresh", tip)

    def _caption(self, state: StudioState, table: Mapping[str, Any] | None) -> str:
        """Of which step the numbers are, and over how many test images."""
        progress = state.tasks.get(TASK)
        if progress is not None and _is_measured(state):
            done, total, _ = progress
            share = f"{100 * done / total:.0f} %" if total else "..."
            if table is None:
                return self.tr("measuring: {}").format(share)
            text = self.tr("step {}, {} images; all: {}")
            return text.format(f"{table['step']:,}", f"{table['images']:,}", share)
        if table is None:
            problem = state.problem(QuickMetrics.channel)
            if problem or QuickMetrics.channel not in state.pending:
                return problem or ("" if state.dataset is not None else self.tr("no test images yet"))
            return self.tr("being measured ...")
        text = self.tr("step {}, {} test images")
        return text.format(f"{table['step']:,}", f"{table['images']:,}")

    def _help(self, state: StudioState, exact: bool) -> str:
        if state.problem(QuickMetrics.channel) and not exact:
            return state.problem(QuickMetrics.channel)
        if exact:
            return self.tr("Over the whole test set, the same as by `aestudio evaluate`")
        return self.tr(
            "Over the first images of the test set, quick enough to follow a training; the button beside it "
            "measures on all of them"
        )


def _is_measured(state: StudioState) -> bool:
    """Whether the shown weights are being measured on all test images, and not those of another run."""
    under_way, snapshot = state.test_set.under_way, state.snapshot
    return under_way is not None and snapshot is not None and same_weights(under_way, snapshot)

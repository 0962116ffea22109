"""Where plot, legend and scales of a map lie: the larger square of data wins."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from aestudio.gui.plots.class_map_layout import MapParts, boxes_of

MARGINS = (62, 48)  # of axes and titles, across and down
GAP = 8


@dataclass(frozen=True)
class Legend:
    column: int = 40
    lines: int = 26

    def column_width(self, height: int) -> int:
        return self.column

    def lines_height(self, width: int) -> int:
        return self.lines


def data_side(plot: QRect) -> int:
    across, down = plot.width() - MARGINS[0], plot.height() - MARGINS[1]
    assert across == down
    return across


def test_a_wide_panel_has_the_legend_beside_the_plot() -> None:
    plot, legend, _ = boxes_of(MapParts(700, 500, GAP, MARGINS, 0, Legend()))
    assert data_side(plot) == 500 - MARGINS[1]
    assert legend.left() == plot.right() + 1 + GAP
    assert legend.right() < 700


def test_a_high_panel_has_the_legend_right_below_the_plot() -> None:
    plot, legend, _ = boxes_of(MapParts(400, 700, GAP, MARGINS, 0, Legend()))
    assert data_side(plot) == 400 - MARGINS[0]
    assert legend.top() == plot.bottom() + 1 + GAP
    assert legend.width() == 400


def test_a_list_of_classes_is_always_below() -> None:
    plot, legend, _ = boxes_of(MapParts(700, 500, GAP, MARGINS, 0, Legend(column=0)))
    assert legend.top() > plot.bottom()


def test_without_a_square_the_plot_fills_its_place() -> None:
    plot, legend, scales = boxes_of(MapParts(1600, 1000, GAP, None, 20, None))
    assert plot == QRect(0, 0, 1600, 1000 - 20 - GAP)
    assert legend.height() == 0
    assert scales == QRect(0, 980, 1600, 20)


@given(
    st.integers(200, 2000),
    st.integers(160, 1400),
    st.sampled_from([0, 22]),
    st.sampled_from([None, Legend(), Legend(150, 54), Legend(0, 28)]),
)
def test_nothing_overlaps_and_all_is_inside(
    width: int, height: int, scales: int, legend: Legend | None
) -> None:
    boxes = [
        box for box in boxes_of(MapParts(width, height, GAP, MARGINS, scales, legend)) if not box.isEmpty()
    ]
    whole = QRect(0, 0, width, height)
    for number, box in enumerate(boxes):
        assert whole.contains(box)
        assert not any(box.intersects(other) for other in boxes[:number])

"""Plots as tables and figures: every number that is drawn, with its unit, as the plots were given them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.curves import Curve
from aestudio.gui.plots.map_layers import PointValues
from aestudio.gui.plots.point_colours import PointColours
from aestudio.gui.theme.tokens import LIGHT
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_curves_share_their_x(qtbot: QtBot) -> None:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    assert plot.offer_at(None).values is None
    assert plot.offer_at(None).figure is None
    plot.set_axis_titles("Epochs", "Loss [nats per image]")
    first = Curve("training", np.array([0.5, 1.0, 1.5]), np.array([9.0, np.nan, 7.0]))
    plot.set_curves((first, Curve("validation", np.array([1.0, 2.0]), np.array([8.0, 6.0]))))
    table = plot.values()
    assert table.header == ("Epochs", "training [nats per image]", "validation [nats per image]")
    rows = list(table.rows)
    assert [row[0] for row in rows] == [0.5, 1.0, 1.5, 2.0]
    assert [row[2] for row in rows] == ["", 8.0, "", 6.0]
    assert (rows[0][1], rows[2][1], rows[3][1]) == (9.0, 7.0, "")
    assert np.isnan(rows[1][1])  # type: ignore[call-overload]


def test_a_map_lists_its_visible_points(qtbot: QtBot) -> None:
    chart = ClassMap()
    qtbot.addWidget(chart)
    chart.resize(500, 400)
    random = np.random.default_rng(2)
    xy = random.normal(size=(30, 2)).astype(np.float32)
    labels = (np.arange(30) % 3).astype(np.int64)
    loss = PointValues(random.random(30).astype(np.float32), "Loss", "nats")
    chart.set_points(xy, labels, ("a", "b", "c"))
    chart.set_axis_titles("z₁", "z₂")
    offer = chart.offer_at(None)
    assert offer.values is not None
    table = offer.values()
    assert table.header == ("index", "z₁", "z₂", "class")
    assert [(row[0], row[3]) for row in table.rows] == [(n, "abc"[n % 3]) for n in range(30)]
    chart.set_points(xy, labels, ("a", "b", "c"), loss)
    chart._point_colours = replace(chart._point_colours, shown=frozenset({1}))
    offer = chart.offer_at(None)
    assert offer.values is not None
    assert offer.figure is not None
    table = offer.values()
    assert table.header[-1] == "Loss [nats]"
    assert np.allclose([row[4] for row in table.rows], loss.values[labels == 1])  # type: ignore[arg-type]
    assert np.allclose([row[1:3] for row in table.rows], xy[labels == 1])  # type: ignore[arg-type]


def test_the_figure_of_a_map_has_a_dot_for_each_visible_point(qtbot: QtBot) -> None:
    chart = ClassMap()
    qtbot.addWidget(chart)
    xy = np.array([[0, 0], [1, 0], [0, 1], [5, 5], [2, np.nan]], np.float32)
    chart.set_points(xy, None, ())
    offer = chart.offer_at(None)
    assert offer.figure is not None
    svg = offer.figure()("svg").decode()
    grey = f"#{int(PointColours(1).colours(LIGHT)[0]) & 0xFFFFFF:06x}"
    groups = [part for part in svg.split("<g ") if f'fill="{grey}"' in part and "<path" in part]
    dots = sum(part.count("M") for part in groups)
    assert dots == 4  # one has no place
    chart.set_point_style("hidden")
    assert chart.offer_at(None).figure is None


def test_the_view_describes_the_point_under_the_pointer(qtbot: QtBot) -> None:
    chart = ClassMap()
    qtbot.addWidget(chart)
    chart.resize(500, 400)
    chart.show()
    xy = np.array([[0, 0], [4, 0], [0, 4], [4, 4]], np.float32)
    chart.set_points(xy, None, ())
    chart.describe = lambda index: Offer(digit=index)
    for index in range(4):
        at = chart.plot.mapTo(chart, chart.pixel_of_point(index).toPoint())
        assert chart.offer_at(at).digit == index
    middle = chart.plot.mapTo(chart, chart.plot.pixel_of(2, 2).toPoint())
    assert chart.offer_at(middle).digit is None

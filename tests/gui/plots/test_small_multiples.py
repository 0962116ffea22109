"""SmallMultiples: one plot per term, sharing x."""

import itertools

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.curves import Curve
from aestudio.gui.plots.end_labels import EndLabel, EndRow
from aestudio.gui.plots.small_multiples import SmallMultiples, SmallPlot
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme


def term(title, count=50):
    x = np.arange(count, dtype=float)
    return SmallPlot(title, (Curve("Training", x, x + 1),))


@pytest.fixture
def row(qtbot):
    made = SmallMultiples()
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    made.set_terms((term("Reconstruction"), term("KL")))
    return made


def test_one_titled_plot_per_term(row):
    first = row.plots[0]
    assert [plot.accessibleName() for plot in row.plots] == ["Reconstruction", "KL"]
    row.set_terms((term("Reconstruction"), term("KL"), term("Penalty")))
    assert len(row.plots) == 3
    row.set_terms((term("Reconstruction"),))
    assert row.plots == (first,)


def test_zooming_one_zooms_all(row, qtbot):
    first, second = row.plots
    first.view_box.setXRange(10, 20, padding=0)
    with qtbot.waitSignal(row.x_range_chosen) as chosen:
        first.view_box.sigRangeChangedManually.emit([True, True])
    assert chosen.args == [(10, 20)]
    assert second.view_box.viewRange()[0] == [10, 20]
    second.fit()
    assert first.view_box.viewRange()[0] == second.view_box.viewRange()[0]
    assert first.view_box.viewRange()[0][1] >= 49


def test_the_mark_moves_in_all(row, qtbot):
    first, second = row.plots
    with qtbot.waitSignal(row.x_hovered):
        first.hover(first.pixel_of(25, 20))
    assert second._cross.isVisible()
    assert second._cross.value() == pytest.approx(25, abs=1)
    first.hover_ended()
    assert not second._cross.isVisible()


def test_settings_apply_to_new_plots(row):
    row.set_smoothing(0.5)
    row.set_logarithmic(True)
    row.set_expected_end(400)
    row.set_terms((term("a"), term("b"), term("c")))
    assert [plot.view_box.viewRange()[0] for plot in row.plots] == [[0, 50]] * 3
    assert row.plots[2]._logarithmic
    assert row.plots[2]._smoothing == 0.5


def test_the_values_above_a_plot_are_removed_with_its_curves(row):
    [_, kl] = row._cells
    assert kl.values.shown == ("50.00",)
    row.set_terms((term("Reconstruction"), SmallPlot("KL", ())))
    assert kl.values.shown == ()


def test_plots_are_made_in_advance_and_reused(qtbot):
    row = SmallMultiples()
    qtbot.addWidget(row)
    row.resize(900, 200)
    row.show()
    qtbot.waitUntil(lambda: len(row.findChildren(CurvePlot)) == 3)
    assert not any(plot.isVisible() for plot in row.findChildren(CurvePlot))
    row.set_terms((term("a"), term("b")))
    assert len(row.findChildren(CurvePlot)) == 3
    assert all(plot.isVisible() for plot in row.plots)
    row.set_terms((term("a"),))
    assert [plot.isVisible() for plot in row.findChildren(CurvePlot)].count(True) == 1
    row.set_terms((term("a"), term("b")))
    assert set(row.plots) <= set(row.findChildren(CurvePlot))
    assert len(row.findChildren(CurvePlot)) == 3
    assert row.plots[1].view_box.viewRange()[0][1] >= 49


def test_a_title_is_whole_with_its_unit_or_without(row):
    """Where the unit has no space it is left out, and is in the tooltip."""
    terms = tuple(term(title)._replace(unit="nats per image") for title in ("Reconstruction", "KL"))
    row.set_terms(terms)
    for width, texts in (
        (900, ["Reconstruction [nats per image]", "KL [nats per image]"]),
        (390, ["Reconstruction", "KL"]),
    ):
        row.resize(width, 200)
        row.grab()
        titles = [cell.title for cell in row._cells]
        assert [title.text for title in titles] == texts
        assert [title.shown for title in titles] == texts, "nothing is elided"
        assert titles[0].toolTip() == "Reconstruction [nats per image]"
    assert row.plots[0].accessibleName() == "Reconstruction [nats per image]"


def test_six_plots_fit_beside_an_open_sidebar_of_a_small_window(row, qtbot):
    """At 1024 pixels the inspector leaves the view 696: the plots are narrower and closer to each other."""
    row.set_terms(tuple(term(f"Term {number}") for number in range(6)))
    assert row.minimumSizeHint().width() <= 696
    view = QWidget()  # the layout of a window would keep it as wide as the larger gap needs
    qtbot.addWidget(view)
    view.resize(1200, 200)
    row.setParent(view)
    view.show()
    row.show()
    for width, gap in ((1100, 16), (696, 8), (1100, 16)):
        row.resize(width, 160)
        qtbot.wait(1)
        places = [plot.parentWidget().geometry() for plot in row.plots]
        assert {right.left() - left.right() - 1 for left, right in itertools.pairwise(places)} == {gap}
        assert all(place.width() >= 104 for place in places)
        assert places[-1].right() < width
    row.setParent(None)


def test_plots_of_a_group_share_a_heading(row):
    """The first plot of each group has it; without groups no line is kept free for headings."""
    cells = [plot.parentWidget() for plot in row.plots]
    assert not any(cell.group.isVisible() for cell in cells)
    critic = [term(title)._replace(group="Critic") for title in ("Loss", "Accuracy")]
    row.set_terms((*critic, term("Loss")._replace(group="Generator"), term("Other")))
    cells = [plot.parentWidget() for plot in row.plots]
    assert [cell.group.text() for cell in cells] == ["Critic", "", "Generator", ""]
    assert all(cell.group.isVisible() for cell in cells), "so that the plots are equally high"
    assert row.plots[2].accessibleName() == "Generator: Loss"
    row.set_terms((term("Reconstruction"),))
    assert not row.plots[0].parentWidget().group.isVisible()


@pytest.mark.parametrize("width", [180, 280, 330, 600])
def test_long_values_above_a_plot_do_not_overlap(qtbot, width):
    row = EndRow()
    qtbot.addWidget(row)
    row.resize(width, 18)
    row.set_labels(
        (
            EndLabel("Training", "0.004300", "#4cc2ff", 0.0, "(0.004340)"),
            EndLabel("Validation", "0.006114", "#f2b84b", 0.0),
        )
    )
    step, _ = row._step_and_smoothed()
    metrics = QFontMetricsF(font(current_theme()))
    assert row.shown
    for text in row.shown:
        assert metrics.horizontalAdvance(text) < step - current_theme().px(10)

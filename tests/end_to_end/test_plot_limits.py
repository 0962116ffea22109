"""Every plot of every view with much wheel input: it stays within its limits and can be reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.map_plot import MapPlot
from aestudio.gui.plots.rate_curve import RateCurve
from aestudio.gui.plots.themed_plot import ThemedPlot
from tests.end_to_end.conftest import LONG, small
from tests.gui.plots.mouse_input import go_far

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person

# opening a menu offscreen
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)
NOTCHES = 60
# The plots of each view, so that none is forgotten.
PLOTS = {"train": {CurvePlot}, "latent": {MapPlot}, "compress": {RateCurve}, "compare": {CurvePlot, MapPlot}}


def _train(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(latent_size=2, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait_computed()


def _compare(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(latent_size=2, epochs=LONG))
    view = person.window.view
    person.click(view.set_up.presets["ae against vae"])
    person.click(view.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "running" and view.empty_reason.reason is None)
    person.wait(lambda: all(column.map.shown is not None for column in view.board.columns))
    person.click(view.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "paused")
    person.wait_computed()


@pytest.mark.thorough
def test_plots_stay_within_their_limits(person: Person) -> None:
    _train(person)
    for name in person.window.views:
        person.show(name)
        if name == "compare":
            _compare(person)
        person.wait_computed()
        plots = person.window.view.findChildren(ThemedPlot)
        assert {type(plot) for plot in plots if plot.isVisible()} == PLOTS.get(name, set())
        for plot in plots:
            if isinstance(plot, CurvePlot):
                plot.set_logarithmic(True)
            plot.show_all()
            go_far(plot, NOTCHES)
            assert plot.moved
            plot.show_all()
            assert not plot.moved

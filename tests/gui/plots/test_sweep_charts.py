"""The charts of a sweep: where they draw what, against numbers computed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.gui.plots.bars import ShareBars
from aestudio.gui.plots.parallel_plot import ParallelPlot
from aestudio.gui.plots.setting_curves import SettingCurves
from aestudio.gui.plots.setting_heat_map import HeatMapPlot
from aestudio.gui.theme.style import current_theme
from aestudio.sweeps.sweep_folder import TrialResult
from aestudio.sweeps.sweep_results import sweep_results
from aestudio.sweeps.sweep_summary import SweepSummary, summary_of
from tests.sweeps.scored import score_of
from tests.sweeps.test_plan import plan_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SIZES, BETAS = (2, 8, 64), (0.5, 2.0)


@pytest.fixture
def summary() -> SweepSummary:
    settings = tuple({"latent_size": size, "beta": beta} for size in SIZES for beta in BETAS)
    plan = plan_of(folds=2, settings=settings)
    known = {
        trial.number: TrialResult(
            trial.number, "", {"squared_error": score_of(**trial.settings, fold=trial.fold)}, 1.0, 10
        )
        for trial in plan.trials
        if trial.settings != {"latent_size": 64, "beta": 2.0}
    }
    return summary_of(plan, sweep_results(plan, known))


def test_a_curve_and_its_band_are_where_their_numbers_say(qtbot: QtBot, summary: SweepSummary) -> None:
    chart = SettingCurves()
    qtbot.addWidget(chart)
    chart.resize(800, 400)
    chart.show_curves(summary.curves, "Squared error")
    low, high = chart.span
    scores = [score_of(2, beta, fold) for beta in BETAS for fold in (1, 2)]
    mean, error = np.mean(scores), np.std(scores, ddof=1) / 2
    assert low < mean - error < mean + error < high
    box = chart.panel_rect(0)
    at = chart.point(0, 0, float(mean))
    assert at.y() == pytest.approx(box.bottom() - (mean - low) / (high - low) * box.height())
    assert box.left() < at.x() < box.center().x()
    said = f"Latent size (numbers): 2\nSquared error: {mean:.2f} ± {error:.2g} (4 runs)"
    assert chart.help_at(at.toPoint()) == said
    assert chart.help_at(QPoint(0, 0)) is None
    assert len(list(chart.table().rows)) == 5


def test_the_best_cell_has_the_accent_and_one_without_runs_none(qtbot: QtBot, summary: SweepSummary) -> None:
    chart = HeatMapPlot()
    qtbot.addWidget(chart)
    chart.resize(600, 400)
    chart.show_map(summary.heat_maps[0], "Squared error", higher=False)
    image = chart.grab().toImage()

    def colour(down: int, across: int) -> str:
        cell = chart.cell_rect(down, across)
        return image.pixelColor(cell.left() + 6, cell.top() + 6).name().lower()

    theme = current_theme()
    assert colour(0, 1) == theme.accent.lower()  # 8 numbers and the small beta
    assert colour(1, 0) == theme.raised.lower()  # the worst
    assert colour(1, 2) not in (theme.accent.lower(), theme.raised.lower())
    assert "no run yet" in (chart.help_at(chart.cell_rect(1, 2).center().toPoint()) or "")
    chosen: list[tuple[int, int]] = []
    chart.chosen.connect(lambda down, across: chosen.append((down, across)))
    for cell in ((1, 2), (0, 2)):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.cell_rect(*cell).center().toPoint())
    assert chosen == [(0, 2)]


def test_keys_go_to_better_and_worse_candidates(qtbot: QtBot, summary: SweepSummary) -> None:
    chart = ParallelPlot()
    qtbot.addWidget(chart)
    chart.resize(600, 400)
    chart.show_lines((*summary.axes, summary.axes[0]), summary.lines, higher=False)
    chart.chosen.connect(chart.select)
    order = sorted(summary.lines, key=lambda line: line.places[-1])
    chart.select(order[1].candidate)
    for key, wanted in ((Qt.Key.Key_Up, 0), (Qt.Key.Key_Up, 0), (Qt.Key.Key_Down, 1), (Qt.Key.Key_Down, 2)):
        qtbot.keyClick(chart, key)
        assert chart._selected == order[wanted].candidate


def test_shares_are_bars_of_their_length(qtbot: QtBot) -> None:
    chart = ShareBars()
    qtbot.addWidget(chart)
    chart.set_shares((("a", 0.25), ("b", 0.5)))
    assert [(bar.name, bar.length, bar.value, bar.strong) for bar in chart.bars] == [
        ("b", 0.5, "50 %", True),
        ("a", 0.25, "25 %", False),
    ]

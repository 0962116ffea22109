"""The table of metrics: which rows a model has, and the numbers as `aestudio evaluate` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.analysis.collapse import CollapseChange, CollapseReport
from aestudio.analysis.evaluation_metrics import evaluate
from aestudio.cli.output import metrics_table
from aestudio.gui.state.run_state import RunState
from aestudio.gui.views.shared.collapse_text import advice, change_text, collapse_line, names
from aestudio.gui.views.train.metric_rows import QUICK, MetricRow, metric_rows
from aestudio.gui.views.train.metrics_panel import MetricsPanel
from aestudio.gui.widgets.glossary import term
from aestudio.recipes.library import find_recipe
from aestudio.training.events import LiveChange
from tests.settling import settle
from tests.small_models import SMALL, untrained

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("vae", ["mse", "psnr", "ssim", "elbo", "active"]),
        ("deep-ae", ["mse", "psnr", "ssim", "loss", "active"]),
        ("digit-classifier", ["loss", "accuracy"]),
    ],
)
def test_each_model_has_the_rows_that_mean_something(few_digits: Dataset, name: str, keys: list[str]) -> None:
    settings = {} if name == "digit-classifier" else SMALL
    snapshot = untrained(name, **settings)
    table = evaluate(snapshot, few_digits.test).to_json()
    rows = metric_rows(table, snapshot.recipe)
    assert [row.key for row in rows] == keys
    printed = metrics_table(table)
    for row in rows:
        for key in row.terms:
            assert term(key).sentence()
        value = row.text.partition(" of ")[0].removeprefix("−")
        assert f"  {value}" in printed or f"  -{value}" in printed
    if "active" in keys:
        assert rows[-1].text.endswith(" of 6")


def test_names_of_losses_are_whole_beside_the_longest_number(qtbot: QtBot) -> None:
    panel = MetricsPanel()
    qtbot.addWidget(panel)
    panel.show()
    names = ("Loss [squared error per image]", "Cross-entropy [nats per image]", "Critic's accuracy [share]")
    for name in names:
        panel._show_rows((MetricRow("loss", name, "0.0374824"),))
        settle(panel)
        shown = panel._names[0]
        assert shown.fontMetrics().horizontalAdvance(name) <= shown.width()


def test_fewer_images_have_fewer_digits_and_what_is_unknown_is_a_dash() -> None:
    recipe = find_recipe("vae")
    table = {"mse_per_pixel": 0.012345678, "psnr": None, "ssim": 0.8, "terms": {"negative_elbo": 102.34567}}
    assert [row.text for row in metric_rows(table, recipe, QUICK)] == ["0.01235", "–", "0.8", "−102.3"]
    assert metric_rows(table, recipe)[-1].text == "−102.346"
    assert metric_rows({"terms": {"negative_elbo": 195612.3}}, recipe, QUICK)[-1].text == "−195,600"
    assert metric_rows({"terms": {"negative_elbo": 1.59e8}}, recipe, QUICK)[-1].text == "−1.59×10⁸"
    assert metric_rows({"terms": {"negative_elbo": float("nan")}}, recipe, QUICK)[-1].text == "NaN"
    assert metric_rows({}, recipe) == ()


def test_a_collapse_in_words() -> None:
    assert names([2, 6]) == "z3, z7"
    assert names(list(range(9))) == "z1, z2, z3, z4 and 5 more"
    both = CollapseReport(dimensions=((2, 1200), (6, 1200), (8, 2000)))
    assert collapse_line(both) == ("z3, z7 collapsed at step 1,200; z9 collapsed at step 2,000", True)
    again = CollapseReport(changes=(CollapseChange(2400, "active again", (2,)),))
    assert collapse_line(again) == ("z3 again active at step 2,400", False)
    whole = CollapseReport(dimensions=((2, 1200),), since=1400)
    assert collapse_line(whole) == ("No better than the mean image since step 1,400", True)
    assert (
        change_text(CollapseChange(1400, "no better")) == "No better than the mean image from step 1,400 on"
    )
    assert collapse_line(CollapseReport()) == ("", False)


def test_the_advice_names_what_the_model_has() -> None:
    low = CollapseReport(dimensions=((2, 1200),))
    run = RunState(changes=(LiveChange(5, "beta", 8.0),))
    assert "lower β (now 8)" in advice(low, untrained("vae", **SMALL).architecture, run)
    assert "lower β (now 1)" in advice(low, untrained("vae", **SMALL).architecture, RunState())
    assert "β" not in advice(low, untrained("deep-ae", **SMALL).architecture, run)
    assert advice(CollapseReport(), untrained("vae", **SMALL).architecture, run) == ""

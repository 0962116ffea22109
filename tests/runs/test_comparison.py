"""Settings, curves and metrics of several kept runs, against independent computations."""

from __future__ import annotations

import csv
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.collapse import CollapseChange, CollapseReport
from aestudio.errors import BadChoice, StudioError
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.recipes.other_objectives import with_objective
from aestudio.runs.compared_collapse import collapse_of, collapse_words
from aestudio.runs.compared_curves import ComparedChange, compared_changes, compared_curves
from aestudio.runs.compared_metrics import Estimate, compared_metrics, estimate, linear_psnr, measure
from aestudio.runs.compared_settings import compared_settings, run_labels
from aestudio.runs.comparison_files import write_collapses, write_curves, write_metrics, write_settings
from aestudio.runs.index import shipped_models
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import rewrite
from aestudio.runs.run_metrics import metrics_of
from aestudio.runs.run_record import change_record, write_record
from aestudio.training.events import CodeUse, LiveChange, MetricPoint
from tests.runs.conftest import quick_recipe, train_and_keep
from tests.runs.test_run_rows import record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.metrics_file import Point


def made(name: str, recipe: Recipe, points: Sequence[Point] = (), **values: Any) -> KeptRun:
    """A run of this recipe without weights."""
    folder = runs_folder() / name
    folder.mkdir(parents=True)
    write_record(folder, record_of(name, recipe=recipe, **values))
    rewrite(folder, points)
    return KeptRun.at(folder)


def validation(step: int, epoch: float, **terms: float) -> MetricPoint:
    return MetricPoint("validation", step, epoch, terms)


# ---- settings ------------------------------------------------------------------------------------


def test_only_settings_that_differ_are_listed() -> None:
    vae = find_recipe("vae")
    runs = [made("a", vae), made("b", vae.with_settings({"beta": 4.0, "seed": 3}), seed=3)]
    rows = compared_settings(runs)
    assert [(row.name, row.values, row.texts) for row in rows] == [
        ("beta", (1.0, 4.0), ("1", "4")),
        ("seed", (0, 3), ("0", "3")),
    ]
    assert rows[0].unit == "× KL"
    every = compared_settings(runs, every=True)
    assert {row.name for row in every} >= {"recipe", "dataset", "latent_size", "epochs", "hidden"}
    assert [row.name for row in every if row.differs] == ["beta", "seed"]


def test_another_objective_lacks_settings() -> None:
    vae = find_recipe("vae")
    rows = compared_settings([made("a", vae), made("b", with_objective(vae, "reconstruction"))])
    texts = {row.name: row.texts for row in rows}
    assert texts["objective"] == (vae.objective.title, "Autoencoder")
    assert texts["beta"] == ("1", "–")
    assert "latent_size" not in texts


def test_a_setting_that_was_moved_says_so() -> None:
    vae = find_recipe("vae")
    rows = compared_settings([made("a", vae), made("b", vae, live={"beta": 4.0})])
    assert [(row.name, row.values, row.texts) for row in rows] == [
        ("beta", (1.0, 4.0), ("1", "4 (1 at first)"))
    ]


def test_all_shipped_models_can_be_compared() -> None:
    rows = {row.name: row.texts for row in compared_settings(shipped_models())}
    assert rows["latent_size"] == tuple(str(run.recipe.value("latent_size")) for run in shipped_models())


def test_how_many_and_which() -> None:
    runs = [made(str(number), find_recipe("vae")) for number in range(9)]
    for wrong in ([], runs[:1], runs):
        with pytest.raises(StudioError, match=f"2 to 8 runs are compared, not {len(wrong)}"):
            compared_settings(wrong)
    assert compared_settings(runs[:8]) == ()
    with pytest.raises(StudioError, match="compared with itself"):
        compared_curves([runs[0], runs[0]])
    (runs[1].folder / "run.json").write_text("{")
    with pytest.raises(StudioError, match=r"run\.json"):
        compared_settings([runs[0], KeptRun.at(runs[1].folder)])


def test_equal_names_are_told_apart() -> None:
    vae = find_recipe("vae")
    one, other = made("one", vae), made("other", vae.with_settings({"beta": 4.0}))
    assert run_labels([one, other]) == ("VAE", "VAE, beta 4")
    created = one.require_record().created
    change_record(other.folder, recipe=vae, created=created.replace(year=created.year - 1))
    earlier = KeptRun.at(other.folder)
    assert run_labels([one, earlier])[0] == f"VAE ({created.astimezone():%Y-%m-%d %H:%M})"
    assert len(set(run_labels([one, earlier]))) == 2
    change_record(other.folder, created=created)
    assert run_labels([one, KeptRun.at(other.folder)]) == ("VAE (one)", "VAE (other)")


# ---- curves --------------------------------------------------------------------------------------


def test_curves_share_an_axis_and_nothing_is_invented() -> None:
    vae = find_recipe("vae")
    one = made(
        "one", vae, [validation(10, 1.0, loss=5.0), validation(20, 2.0, loss=4.0), LiveChange(20, "beta", 2)]
    )
    other = made("other", vae, [validation(15, 1.5, loss=7.0), validation(20, 2.0, loss=math.nan)])
    (curve,) = compared_curves([one, other])
    assert (curve.split, curve.term, curve.title, curve.unit) == (
        "validation",
        "loss",
        "Loss",
        "nats per image",
    )
    np.testing.assert_array_equal(curve.x, [10, 15, 20])
    np.testing.assert_array_equal(curve.values, [[5, np.nan, 4], [np.nan, 7, np.nan]])
    assert curve.runs == (True, True)


def test_every_point_of_real_runs_is_in_the_arrays(kept: KeptRun, tmp_path: Path) -> None:
    copy = KeptRun.at(Path(shutil.copytree(kept.folder, tmp_path / "copy")))
    curves = compared_curves([kept, copy])
    lines = [json.loads(line) for line in (kept.folder / "metrics.jsonl").read_text().splitlines()]
    expected = sum(len(line["terms"]) for line in lines)
    assert sum(int(np.isfinite(curve.values[0]).sum()) for curve in curves) == expected
    for curve in curves:
        np.testing.assert_array_equal(curve.values[0], curve.values[1])
        points = {line["step"]: line["terms"][curve.term] for line in lines if line["split"] == curve.split}
        assert dict(zip(curve.x.tolist(), curve.values[0].tolist(), strict=True)) == points
    terms = [term.name for term in kept.recipe.objective.terms()]
    assert [(curve.split, curve.term) for curve in curves] == [
        (split, term) for split in ("validation", "training") for term in terms
    ]


def test_other_units_are_other_curves() -> None:
    one = made("one", find_recipe("vae"), [validation(10, 1.0, loss=100.0, kl=5.0)])
    other = made("other", find_recipe("deep-ae"), [validation(10, 1.0, loss=30.0)])
    curves = {(curve.term, curve.unit): curve.runs for curve in compared_curves([one, other])}
    assert curves == {
        ("loss", "nats per image"): (True, False),
        ("loss", "squared error per image"): (False, True),
        ("kl", "nats per image"): (True, False),
    }


def test_changed_settings_lie_where_their_steps_do() -> None:
    vae = find_recipe("vae")
    values: Any = {"training_images": 58_000, "steps_per_epoch": 100}
    one = made("one", vae, [validation(100, 1.0, loss=5.0), LiveChange(150, "beta", 4.0)], **values)
    other = made("other", vae, [LiveChange(50, "beta", 2.0), LiveChange(150, "beta", 1.0)], **values)
    for axis, places in (
        ("step", [50, 150, 150]),
        ("epoch", [0.5, 1.5, 1.5]),
        ("images", [29e3, 87e3, 87e3]),
    ):
        found = compared_changes([one, other], axis)  # type: ignore[arg-type]
        assert [change.x for change in found] == places
        assert [(change.run, change.change.value) for change in found] == [(1, 2.0), (0, 4.0), (1, 1.0)]


def test_which_dimensions_collapsed_and_since_when() -> None:
    def use(step: int, *variance: float) -> MetricPoint:
        code_use = CodeUse(variance, (), 0.01, 0.07, 512)
        return MetricPoint("validation", step, step / 400, {"loss": 1.0}, code_use)

    vae = find_recipe("vae").with_settings({"latent_size": 3})
    points = [use(400, 1, 1, 1), use(800, 1, 0.001, 1), use(1200, 1, 0.001, 0.002), use(1600, 1, 0, 0)]
    words = [collapse_words(collapse_of(made(name, vae, points[:n]))) for name, n in (("a", 4), ("b", 2))]
    assert words == ["z2 since step 800; z3 since step 1200", "none"]
    assert collapse_words(collapse_of(made("c", vae, [validation(400, 1.0, loss=5.0)]))) == "–"


def test_axes() -> None:
    vae = find_recipe("vae")
    one = made("one", vae, [validation(450, 1.0, loss=5.0)], training_images=58_000)
    other = made(
        "other",
        vae.with_settings({"batch_size": 64}),
        [validation(907, 1.0, loss=6.0)],
        training_images=58_000,
    )
    assert [len(curve.x) for curve in compared_curves([one, other])] == [2]
    for axis, x in (("epoch", 1.0), ("images", 58_000)):
        (curve,) = compared_curves([one, other], axis)  # type: ignore[arg-type]
        np.testing.assert_array_equal(curve.x, [x])
        np.testing.assert_array_equal(curve.values, [[5.0], [6.0]])
    with pytest.raises(BadChoice, match="axis cannot be 'time'"):
        compared_curves([one, other], "time")  # type: ignore[arg-type]


# ---- metrics -------------------------------------------------------------------------------------


def test_the_interval_is_that_of_the_mean() -> None:
    values = np.random.default_rng(0).gamma(2.0, 50.0, 4000)
    found = estimate(values)
    assert found is not None
    assert (found.images, found.mean) == (4000, pytest.approx(values.mean()))
    # Independent: the spread of the means of drawn-again sets.
    again = np.random.default_rng(1).choice(values, (2000, 4000)).mean(axis=1)
    low, high = np.quantile(again, [0.025, 0.975])
    assert found.low == pytest.approx(low, abs=0.2)
    assert found.high == pytest.approx(high, abs=0.2)
    assert estimate(np.array([3.0])) == Estimate(3.0, None, None, 1)
    assert estimate(np.array([])) is None
    assert estimate(np.array([1.0, np.inf])) is None


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Estimate(102.347, 101.847, 102.847, 10), "102.35 ± 0.50"),
        (Estimate(0.91234, 0.91134, 0.91334, 10), "0.9123 ± 0.0010"),
        (Estimate(1234.5, 1134.5, 1334.5, 10), "1234 ± 100"),
        (Estimate(5.0, 5.0, 5.0, 10), "5 ± 0"),
        (Estimate(5.25, None, None, 1), "5.25"),
    ],
)
def test_an_estimate_as_text(found: Estimate, text: str) -> None:
    assert found.text == text


@pytest.fixture
def pair(few_digits: Dataset, kept: KeptRun, tmp_path: Path) -> list[KeptRun]:
    """Two runs that were trained on the same digits, with betas of 1 and 4."""
    return [kept, train_and_keep(few_digits, tmp_path / "other", quick_recipe(beta=4.0))]


def test_metrics_are_those_of_evaluate_with_intervals(pair: list[KeptRun], few_digits: Dataset) -> None:
    rows = {row.name: row for row in compared_metrics([measure(run, few_digits) for run in pair])}
    assert list(rows) == ["mse", "psnr", "ssim", "elbo", "image_loss", "active_dimensions"]
    for number, run in enumerate(pair):
        expected = metrics_of(run, few_digits)
        active = rows["active_dimensions"].estimates[number]
        assert active is not None
        assert active.text == f"{expected['active_dimensions']} of {expected['latent_dimensions']}"
        for name, value, precision in (
            ("mse", expected["mse_per_pixel"], 1e-9),
            ("psnr", expected["psnr"], 1e-9),
            ("ssim", expected["ssim"], 1e-9),
            ("elbo", -expected["test_negative_elbo"], 1e-6),  # the term is summed in single precision
        ):
            found = rows[name].estimates[number]
            assert found is not None
            assert found.mean == pytest.approx(value, rel=precision)
            assert found.images == len(few_digits.test)
            assert found.low is not None
            assert found.low < found.mean < (found.high or 0)
    assert rows["image_loss"].unit == "nats per image"


def test_differences_are_paired(pair: list[KeptRun], few_digits: Dataset) -> None:
    one, other = (measure(run, few_digits) for run in pair)
    row = compared_metrics([one, other])[0]
    first, second = row.estimates
    difference = row.differences[1]
    assert row.differences[0] is None
    assert first is not None
    assert second is not None
    assert difference is not None
    assert difference.mean == pytest.approx(second.mean - first.mean)
    values = other.values["mse"] - one.values["mse"]
    half = 1.96 * np.std(values, ddof=1) / np.sqrt(len(values))
    assert (difference.high or 0) - difference.mean == pytest.approx(half, rel=1e-4)
    elsewhere = compared_metrics([one, replace(other, images="other images")])
    assert elsewhere[0].differences == (None, None)


def test_the_interval_of_psnr_is_that_of_the_whole_set() -> None:
    """Against the spread of the PSNR of sets that are drawn again; the mean of the images' own is another."""
    errors = np.random.default_rng(0).gamma(2.0, 0.01, 3000)
    found = estimate(linear_psnr(errors))
    assert found is not None
    assert found.mean == pytest.approx(-10 * math.log10(errors.mean()), rel=1e-12)
    again = np.random.default_rng(1).choice(errors, (2000, 3000)).mean(axis=1)
    low, high = np.quantile(-10 * np.log10(again), [0.025, 0.975])
    assert found.low == pytest.approx(low, abs=0.01)
    assert found.high == pytest.approx(high, abs=0.01)
    assert estimate(linear_psnr(np.zeros(3))) is None


def test_an_autoencoder_has_no_elbo(few_digits: Dataset, kept: KeptRun, tmp_path: Path) -> None:
    other = train_and_keep(few_digits, tmp_path / "ae", quick_recipe("deep-ae", epochs=1))
    rows = {
        row.name: row.estimates
        for row in compared_metrics([measure(run, few_digits) for run in (kept, other)])
    }
    assert [one is None for one in rows["elbo"]] == [False, True]


def test_losses_of_other_units_are_other_metrics(pair: list[KeptRun], few_digits: Dataset) -> None:
    one, other = (measure(run, few_digits) for run in pair)
    rows = compared_metrics([one, replace(other, unit="squared error per image")])
    losses = [(row.unit, [own is None for own in row.estimates]) for row in rows if row.name == "image_loss"]
    assert losses == [("nats per image", [False, True]), ("squared error per image", [True, False])]


def test_what_reconstructs_nothing_has_no_metrics(few_digits: Dataset, tmp_path: Path) -> None:
    classifier = train_and_keep(few_digits, tmp_path / "c", quick_recipe("digit-classifier", epochs=1))
    measured = measure(classifier, few_digits)
    assert measured.values == {}
    assert compared_metrics([measured, measured]) == ()


# ---- files ---------------------------------------------------------------------------------------


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_hold_the_same_numbers(pair: list[KeptRun], few_digits: Dataset, tmp_path: Path) -> None:
    labels = run_labels(pair)
    settings, curves = compared_settings(pair), compared_curves(pair)
    metrics = compared_metrics([measure(run, few_digits) for run in pair])
    write_settings(tmp_path / "settings.csv", settings, labels)
    write_curves(tmp_path / "new folder" / "curves.csv", curves, labels)
    write_metrics(tmp_path / "metrics.csv", metrics, labels)
    assert [
        (row["setting"], row[labels[0]], row[labels[1]]) for row in read_csv(tmp_path / "settings.csv")
    ] == [("beta", "1", "4")]
    changes = (ComparedChange(1, 20.0, LiveChange(20, "beta", 2.0)),)
    write_curves(tmp_path / "changed.csv", curves, labels, changes)
    assert list(read_csv(tmp_path / "changed.csv")[-1].values()) == ["change", "beta", "", "20", "", "2.0"]
    report = CollapseReport((CollapseChange(40, "collapsed", (0, 2)),))
    write_collapses(tmp_path / "collapses.csv", (CollapseReport(), report), labels)
    assert [list(row.values()) for row in read_csv(tmp_path / "collapses.csv")] == [
        [labels[1], "40", "collapsed", "z1 z3"]
    ]
    rows = read_csv(tmp_path / "new folder" / "curves.csv")
    for curve in curves:
        own = [
            row
            for row in rows
            if (row["split"], row["term"], row["unit"]) == (curve.split, curve.term, curve.unit)
        ]
        np.testing.assert_array_equal([float(row["step"]) for row in own], curve.x)
        for number, label in enumerate(labels):
            values = [float(row[label]) if row[label] else np.nan for row in own]
            np.testing.assert_array_equal(values, curve.values[number])
    rows = read_csv(tmp_path / "metrics.csv")
    assert len(rows) == 2 * len(metrics)
    assert float(rows[0]["mean"]) == metrics[0].estimates[0].mean  # type: ignore[union-attr]
    assert rows[0]["difference"] == ""
    assert float(rows[1]["difference_low"]) == metrics[0].differences[1].low  # type: ignore[union-attr]


def test_a_name_is_no_formula(tmp_path: Path) -> None:
    vae = find_recipe("vae")
    runs = [made("one", vae), made("two", vae.with_settings({"beta": 4.0}))]
    runs = [run.rename(name) for run, name in zip(runs, ("=1+1", 'a,"b"\tc'), strict=True)]
    write_settings(tmp_path / "settings.csv", compared_settings(runs), run_labels(runs))
    (row,) = read_csv(tmp_path / "settings.csv")
    assert list(row)[3:] == ["'=1+1", 'a,"b" c']

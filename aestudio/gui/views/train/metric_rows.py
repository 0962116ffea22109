"""The metrics of a model as rows for people: from the table of `aestudio evaluate`. No Qt widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.gui.plots.numbers import number_text, tick_number
from aestudio.gui.widgets.glossary import OF_LOSSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.recipe import Recipe

translate = QCoreApplication.translate

EXACT, QUICK = 6, 4
"""Digits of a number over all test images, as `aestudio evaluate` prints it, and over some of them."""


@dataclass(frozen=True)
class MetricRow:
    """One metric: its name with its unit, its value, and the keys of the glossary that explain it.

    key: untranslated; text: "–" if it is not known
    """

    key: str
    title: str
    text: str
    terms: tuple[str, ...] = ()


def metric_rows(table: Mapping[str, Any], recipe: Recipe, digits: int = EXACT) -> tuple[MetricRow, ...]:
    """What a model is judged by: error and similarity of its images, the bound or loss, its dimensions.

    table: as `runs.run_metrics.metrics_of` or `Evaluation.to_json` gives it
    """
    rows: list[MetricRow] = []
    if table.get("mse_per_pixel") is not None:
        psnr = table.get("psnr")
        rows += [
            MetricRow(
                "mse",
                translate("metrics", "MSE per pixel"),
                _text(table["mse_per_pixel"], digits),
                ("squared_error",),
            ),
            MetricRow("psnr", translate("metrics", "PSNR [dB]"), _text(psnr, digits), ("psnr",)),
            MetricRow("ssim", translate("metrics", "SSIM"), _text(table.get("ssim"), digits), ("ssim",)),
        ]
    return (*rows, *_loss_rows(table, recipe, digits), *_dimension_rows(table))


def _loss_rows(table: Mapping[str, Any], recipe: Recipe, digits: int) -> list[MetricRow]:
    """The ELBO of a VAE; of another model the loss of an image, and the accuracy of a classifier."""
    terms: Mapping[str, float | None] = table.get("terms") or {}
    if terms.get("negative_elbo") is not None:
        value = terms["negative_elbo"]
        assert value is not None
        title = translate("metrics", "ELBO [nats per image]")
        return [MetricRow("elbo", title, _text(-value, digits), ("elbo", "nats"))]
    declared = {term.name: term for term in recipe.objective.terms()}
    first = recipe.objective.terms()[0].name
    rows: list[MetricRow] = []
    for name in dict.fromkeys((first, "accuracy", recipe.objective.accuracy_of_critic)):
        if name in terms and name in declared:
            term = declared[name]
            known = (OF_LOSSES[name],) if name in OF_LOSSES else ()
            unit = term.unit.removesuffix(" of images")  # the table says of which: the name stays whole
            rows.append(MetricRow(name, f"{term.title} [{unit}]", _text(terms[name], digits), known))
    return rows


def _dimension_rows(table: Mapping[str, Any]) -> list[MetricRow]:
    active, count = table.get("active_dimensions"), table.get("latent_dimensions")
    if active is None or count is None:
        return []
    text = translate("metrics", "{} of {}").format(active, count)
    return [MetricRow("active", translate("metrics", "Active dimensions"), text, ("active_dimension",))]


def _text(value: float | None, digits: int) -> str:
    """digits: those that count."""
    if value is None or not math.isfinite(value):
        return "–" if value is None else number_text(value)
    return tick_number(float(f"{value:.{digits}g}"), digits)

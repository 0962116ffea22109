"""Sample content of the plots, by the names of their modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.plots.bars import Accuracy, AccuracyBars, Size, SizeBars
from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.rate_curve import RateCurve
from aestudio.gui.plots.scale_bar import ScaleBar
from aestudio.gui.plots.small_multiples import SmallMultiples, SmallPlot
from aestudio.gui.widgets.layouts import boxed, column, fill
from tools.widget_gallery.sample import Sample
from tools.widget_gallery.sample_curves import sample_curves, sample_map, sample_terms

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def _bars() -> QWidget:
    accuracies, sizes = AccuracyBars(), SizeBars()
    accuracies.set_accuracies(
        (
            Accuracy("Pixels", 0.9788, 0.9758, 0.9814),
            Accuracy("Codes", 0.9312, 0.9261, 0.9360, strong=True),
            Accuracy("Reconstructions", 0.9504, 0.946, 0.9545),
        )
    )
    sizes.set_sizes(
        (
            Size("Original", 784 * 8, "28 × 28 pixels of 8 bits"),
            Size("PNG", 283 * 8, "lossless"),
            Size("JPEG", 402 * 8, "quality 50"),
            Size("Code", 60, "10 numbers of 6 bits", strong=True),
        )
    )
    return boxed(column(accuracies, sizes, fill(factor=0), gap=None, margins=None))


def _class_map() -> QWidget:
    plot = ClassMap()
    xy, labels = sample_map()
    plot.set_axis_titles("z₁", "z₂")
    plot.set_points(xy, labels, tuple("0123456789"))
    plot.set_cursor(0.8, -0.4)
    return plot


def _curve_plot() -> QWidget:
    plot = CurvePlot()
    plot.set_axis_titles(x="Epochs", y="Loss per image (nats)")
    plot.set_smoothing(0.1)
    plot.set_expected_end(10)
    plot.set_curves(sample_curves())
    plot.fit()
    return plot


def _rate_curve() -> QWidget:
    plot = RateCurve()
    plot.set_axis_titles("Bits per image", "Mean squared error per pixel")
    bits = np.array([10, 20, 30, 40, 50, 60, 80, 160, 320], dtype=float)
    plot.set_curve(bits, 0.0105 + 0.05 * np.exp(-bits / 18))
    plot.set_current(4)
    return plot


def _scale_bar() -> QWidget:
    bar = ScaleBar()
    bar.set_scale("Loss", "nats", 82.3, 214.9)
    return bar


def _small_multiples() -> QWidget:
    plots = SmallMultiples()
    plots.set_smoothing(0.1)
    plots.set_expected_end(10)
    plots.set_terms(tuple(SmallPlot(title, curves) for title, curves in sample_terms()))
    return plots


SAMPLES = {
    "bars": Sample(_bars, 720, 400),
    "class_map": Sample(_class_map, 760, 620),
    "curve_plot": Sample(_curve_plot, 1000, 560),
    "rate_curve": Sample(_rate_curve, 640, 400),
    "scale_bar": Sample(_scale_bar, 400, 60),
    "small_multiples": Sample(_small_multiples, 900, 220),
}

"""The label of an axis: the attribute that it changes, as in "slant, r = 0.93"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.glossary import explained

if TYPE_CHECKING:
    from aestudio.analysis.attribute_discovery import AxisName

translate = QCoreApplication.translate

_LISTED_MEASURES = 4  # in the tooltip
_FEW_IMAGES = 16  # a name measured on fewer images may still change


def measure_title(measure: str) -> str:
    """The shown name of a measure, translated: "area", or "class 3" for "class:3"."""
    name = measure.partition(":")[2]
    if name:
        return translate("axis names", "class {}").format(name)
    titles = {
        "class": translate("axis names", "class"),
        "area": translate("axis names", "area"),
        "length": translate("axis names", "stroke length"),
        "thickness": translate("axis names", "thickness"),
        "slant": translate("axis names", "slant"),
        "width": translate("axis names", "width"),
        "height": translate("axis names", "height"),
    }
    return titles.get(measure, measure)


def axis_text(name: AxisName | None) -> str:
    """The slider's label: "slant, r = 0.93", "mixed", "little effect", "no effect"; "" while unknown.

    "slant, r ≈ 0.9" while few images are measured: the name may still change.
    """
    if name is None:
        return ""
    if name.verdict == "measure" and name.images < _FEW_IMAGES:
        r = f"{name.r:.1f}".replace("-", "−")
        return translate("axis names", "{}, r ≈ {}").format(measure_title(name.measure), r)
    if name.verdict == "measure":
        r = f"{name.r:.2f}".replace("-", "−")
        return translate("axis names", "{}, r = {}").format(measure_title(name.measure), r)
    return {
        "mixed": translate("axis names", "mixed"),
        "little": translate("axis names", "little effect"),
        "nothing": translate("axis names", "no effect"),
    }[name.verdict]


def short_axis_text(name: AxisName | None) -> str:
    """The label without its number: "slant"; "" while unknown."""
    if name is None:
        return ""
    return measure_title(name.measure) if name.verdict == "measure" else axis_text(name)


def axis_help(name: AxisName | None) -> str:
    """The label's tooltip: how strongly the axis changes its attribute, and which others it changes."""
    if name is None:
        return translate("axis names", "What this axis moves has not been measured yet.")
    if name.verdict == "nothing":
        return translate("axis names", "The decoded image stays the same from end to end.")
    rows = [
        translate("axis names", "{}: r = {}, {} standard deviations").format(
            measure_title(measure), _signed(effect.r), _signed(effect.effect)
        )
        for measure, effect in name.strongest(_LISTED_MEASURES)
    ]
    heading = translate(
        "axis names",
        "From end to end, over {} test images (r with the position; change in the data's σ):",
    )
    return explained("\n".join([heading.format(name.images), *rows]), "r")


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")

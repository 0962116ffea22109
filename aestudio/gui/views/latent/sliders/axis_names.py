"""What an axis moves, in words: "slant, r = 0.93"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from aestudio.analysis.attribute_discovery import AxisName

translate = QCoreApplication.translate


def measure_title(measure: str) -> str:
    """A measure's name for people, translated: "area", or "class 3" for "class:3"."""
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
    """The strip's label: "slant, r = 0.93", "mixed", "moves little", "moves nothing"; "" while unknown.

    "slant, r ≈ 0.9" as long as few digits were looked at: the name may still become another.
    """
    if name is None:
        return ""
    if name.verdict == "measure" and name.digits < _FEW:
        r = f"{name.r:.1f}".replace("-", "−")
        return translate("axis names", "{}, r ≈ {}").format(measure_title(name.measure), r)
    if name.verdict == "measure":
        r = f"{name.r:.2f}".replace("-", "−")
        return translate("axis names", "{}, r = {}").format(measure_title(name.measure), r)
    return {
        "mixed": translate("axis names", "mixed"),
        "little": translate("axis names", "moves little"),
        "nothing": translate("axis names", "moves nothing"),
    }[name.verdict]


def axis_help(name: AxisName | None) -> str:
    """The label's tooltip: how far the axis moves what it is named for, and what else it moves."""
    if name is None:
        return translate("axis names", "What this axis moves has not been measured yet.")
    if name.verdict == "nothing":
        return translate("axis names", "The decoded digit stays the same from end to end.")
    rows = [
        translate("axis names", "{}: r = {}, {} standard deviations").format(
            measure_title(measure), _signed(found.r), _signed(found.effect)
        )
        for measure, found in name.strongest(_ROWS)
    ]
    heading = translate(
        "axis names",
        "From end to end, over {} test digits (r with the position; change in the data's own spread):",
    )
    return "\n".join([heading.format(name.digits), *rows])


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


_ROWS = 4
_FEW = 16

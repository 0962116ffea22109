"""The curves of compared kept runs for a plot or a figure, and the marks of what was changed during them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.views.shared.live_changes import change_texts
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.plots.change_marks import ChangeMark
    from aestudio.gui.plots.curves import Curve
    from aestudio.gui.state.compared_runs import ComparedRuns
    from aestudio.runs.compared_curves import ComparedCurve


def key_of(curve: ComparedCurve) -> str:
    """What tells a curve from the others."""
    return "\n".join((curve.split, curve.term, curve.unit))


def title_of(curve: ComparedCurve) -> str:
    """The split, the term and its unit: "Validation: KL [nats per image]"."""
    title = f"{curve.split.capitalize()}: {curve.title}"
    return f"{title} [{curve.unit}]" if curve.unit else title


def curves_of(chosen: ComparedCurve, labels: tuple[str, ...], longest: int) -> tuple[Curve, ...]:
    """One curve for each run that has it, in the colour of its number; the names stay distinct."""
    from aestudio.gui.plots.curves import Curve

    curves = []
    for number, (name, values) in enumerate(zip(_names(labels, longest), chosen.values, strict=True)):
        known = np.isfinite(values)
        if known.any():
            curves.append(Curve(name, chosen.x[known], values[known], number))
    return tuple(curves)


def _names(labels: tuple[str, ...], longest: int) -> list[str]:
    names = [one_line(name, longest) for name in labels]
    return [name if names.count(name) == 1 else f"{number + 1}: {name}" for number, name in enumerate(names)]


def marks_of(compared: ComparedRuns, chosen: ComparedCurve, longest: int) -> tuple[ChangeMark, ...]:
    """Where settings were changed while the runs of this curve were trained, in the colours of the runs."""
    from aestudio.gui.plots.change_marks import ChangeMark

    names = _names(compared.labels, longest)
    marks: list[ChangeMark] = []
    for number, (row, has) in enumerate(zip(compared.rows, chosen.runs, strict=True)):
        own = [one for one in compared.changes[chosen.axis] if one.run == number]
        if has and own:
            texts = change_texts(tuple(one.change for one in own), row.run.recipe)
            marks += [
                ChangeMark(one.x, text, one.change.step, names[number], number)
                for one, text in zip(own, texts, strict=True)
            ]
    return tuple(sorted(marks, key=lambda mark: mark.x))

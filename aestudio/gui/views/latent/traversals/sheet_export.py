"""The export of a sheet of traversals: a task that writes every axis, whichever rows the panel shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.latent.sliders.axis_names import short_axis_text
from aestudio.gui.views.latent.sliders.slider_content import symbol_of
from aestudio.gui.views.latent.traversals.sheet_content import axis_names, order_text
from aestudio.gui.views.shared.condition_text import shown_text

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.analysis.traversal_sheet import RankedAxes
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.requests.traversals_request import SheetRows
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

TASK = "export traversals"


@dataclass(frozen=True, eq=False)
class SheetToWrite:
    """The sheet that is shown, with all its rows. around: float32 (L,)"""

    request: SheetRows
    ranked: RankedAxes
    around: NDArray[np.float32]


def export_sheet(session: Session, sheet: SheetToWrite, path: Path) -> None:
    """Write the sheet as it is shown now on a thread; the status line reports the result."""
    state, request, ranked = session.state, sheet.request, sheet.ranked
    snapshot = request.snapshot
    names = axis_names(state, request.basis, len(ranked))
    named = [*names, *[None] * (len(ranked) - len(names))]
    heads = [
        f"{symbol_of(request.basis, number)} {short_axis_text(name)}".rstrip()
        for number, name in enumerate(named)
    ]
    notes = (
        translate("traversals", "{}, step {}").format(snapshot.run, f"{snapshot.step:,}"),
        ", ".join(filter(None, (_where(request), shown_text(state, request.condition)))),
        translate("traversals", "Sorted {}").format(order_text(ranked)),
    )
    ink = state.ink_on_paper

    def work(progress: Progress) -> tuple[int, int]:
        from aestudio.export.pictures.traversal_pages import export_traversals
        from aestudio.training.threads import use_threads

        use_threads()  # a new thread inherits the number of threads that the last training chose
        return export_traversals(
            snapshot,
            ranked,
            sheet.around,
            path,
            heads=heads,
            notes=notes,
            columns=request.columns,
            condition=request.condition,
            inverted=ink,
            progress=progress,
        )

    def report(message: TaskDone) -> None:
        if message.problem is not None:
            session.show_message(str(message.problem), "bad")
        elif message.cancelled:
            session.show_message(translate("traversals", "The export was cancelled; no file was written."))
        else:
            width, height = message.value
            text = translate("traversals", "Wrote {} axes to {}, {} × {} pixels.")
            session.show_message(text.format(f"{len(ranked):,}", path, width, height), "good")

    session.run_task(TASK, "the sheet of traversals was being written", work, report)


def _where(request: SheetRows) -> str:
    if request.around is not None:
        return translate("traversals", "Around a code")
    return translate("traversals", "Around the mean")

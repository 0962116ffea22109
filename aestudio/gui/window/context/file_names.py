"""Names that are proposed for files: the run, the step and what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.widgets.offer import Offer

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')  # in the names of files of one system or another
_LONGEST = 60  # characters of each part


def file_name(offer: Offer, state: StudioState, suffix: str, *, chart: bool = False) -> str:
    """ "conv-vae-2d, step 1200, Reconstruction.png"; without run and step for an image of the data set.

    chart: whether the file is about the plot, and not about one thing in it
    """
    what = offer.chart or offer.what if chart else offer.what or offer.chart
    parts = [what.replace("\n", ", ")]
    if chart or offer.source != "data":
        run, step = offer.run, offer.step
        if state.snapshot is not None:
            run = run or state.snapshot.run or state.snapshot.recipe.name
            run = f"SABOTAGED {run}" if state.shown_run.sabotage is not None else run
            step = state.snapshot.step if step is None else step
        parts = [run, "" if step is None else f"step {step}", *parts]
    elif state.data.dataset is not None:
        parts = [state.data.dataset.name, *parts]
    clean = (_FORBIDDEN.sub("-", one_line(part, _LONGEST)).strip(" .") for part in parts)
    return f"{', '.join(part for part in clean if part) or 'AE Studio'}.{suffix}"

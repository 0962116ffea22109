"""What a panel is: a `Panel` in `panels/NAME.py`, with its tab in `panels/NAME_tab.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.views.page import Page

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Panel(Page):
    """One method of exploring the latent space."""

    def path(self) -> NDArray[np.float32] | None:
        """Codes, float32 (M, L), of a line over the map while the panel is in front; None without one."""
        return None

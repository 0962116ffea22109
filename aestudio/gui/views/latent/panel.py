"""What a panel is: a file in `panels/` with a `Panel` is one tab under the map of the Latent view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.views.page import Page

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Panel(Page):
    """One method of exploring the latent space; its title has at most 17 characters."""

    noun: ClassVar[str] = "panel"
    package: ClassVar[str] = "aestudio.gui.views.latent.panels"
    modifier: ClassVar[str] = "Alt"

    def path(self) -> NDArray[np.float32] | None:
        """Codes, float32 (M, L), of a line over the map while the panel is in front; None without one."""
        return None

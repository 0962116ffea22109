"""What a view is: a folder NAME in `views/` with a `View` in NAME_view.py and its tab in NAME_tab.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.inference.work_share import SHARE
from aestudio.gui.views.page import Page

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


class View(Page):
    """A page of the window.

    share: of a core, what requests that only follow a training may take while the view is in front
    """

    share: ClassVar[float] = SHARE

    def show_point(self, state: StudioState) -> float | None:
        """Show at once what follows the pointer through the latent space; `show_state` comes a little later.

        Returns when the image was painted, by `time.perf_counter()`; None if no image was painted.
        """
        del state
        return None

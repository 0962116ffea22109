"""What a view is: a folder NAME in `views/` with a `View` in NAME_view.py is one tab of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.inference.work_share import SHARE
from aestudio.gui.views.page import Page

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


class View(Page):
    """A page of the window; its name is that of its folder.

    share: of a core, what requests that only follow a training may take while the view is in front
    shows_image: whether it shows the selected image, so that one can go to an image in it
    """

    noun: ClassVar[str] = "view"
    package: ClassVar[str] = "aestudio.gui.views"
    modifier: ClassVar[str] = "Ctrl"
    share: ClassVar[float] = SHARE
    shows_image: ClassVar[bool] = False

    def show_point(self, state: StudioState) -> float | None:
        """Show at once what follows the pointer through the latent space; `show_state` comes a little later.

        Returns when the image was painted, by `time.perf_counter()`; None if no image was painted.
        """
        del state
        return None

"""What each step of the tour points at, and what it says. A part that is not there yet is waited for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.tour import QUICK_RECIPE
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState, TourStep
    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.gui.window.tour.callout_place import Side

translate = QCoreApplication.translate


@dataclass(frozen=True)
class TourTarget:
    """What a step is about. free: what the user looks at meanwhile; sides: where the callout is best."""

    widget: QWidget
    free: tuple[QWidget, ...] = ()
    sides: tuple[Side, ...] = ("right", "left", "below", "above")


def latent_view(window: CommandTarget) -> LatentView | None:
    """The Latent view, if it is in front and could be made."""
    view = window.views.front
    return view if isinstance(view, LatentView) else None


def target_of(step: TourStep, window: CommandTarget) -> TourTarget | None:
    """What the step points at now; None if it is not on the screen."""
    if step in ("start", "train"):
        return TourTarget(window.start_button, (window.views.tabs,))
    view = latent_view(window)
    if view is None:
        return None
    explorer, panel = view.explorer, view.map
    if step == "slider":
        sliders = explorer.slider_column.sliders
        if not sliders:
            return None
        return TourTarget(sliders[0], (explorer.image, explorer.slider_column))
    if panel.mark is None:  # the plot is made with the first map
        return None
    return TourTarget(panel.map, (explorer.image,), ("left", "above", "below", "right"))


def line_of(step: TourStep, state: StudioState) -> str:
    """What the step says: a short sentence, or two."""
    if step == "slider":
        return translate("tour", "Drag a slider. The model draws another image for each value.")
    if step == "map":
        return translate(
            "tour",
            "Each point is an image. Drag across the map: the model draws what lies between.",
        )
    if step == "start":
        return translate("tour", "Start trains a model of your own.")
    line = translate("tour", "Press Start: “{}” is trained on your computer.")
    if state.recipe.name == QUICK_RECIPE:
        line = translate("tour", "Press Start. “{}” draws its first images within a minute.")
    return line.format(one_line(state.recipe.title))


def offer_of(step: TourStep) -> str:
    """The text of the button that does more than go on; "" for none."""
    return translate("tour", "Train your own") if step == "start" else ""

"""What the Grid panel has instead of a plane that the map draws already: controls of that layer.

One plane is one picture, decoded once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aestudio.gui.theme.style import set_role
from aestudio.gui.views.latent.map.map_planes import no_decoded_layer, wants_decoded
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.grid.grid_controls import GridControls


class PlaneOnMap(PlainLabel):
    """The sentence that says where the plane is; it passes the panel's choices on to the map."""

    def __init__(self, session: Session, controls: GridControls) -> None:
        super().__init__()
        self._session, self._controls = session, controls
        self.setText(self.tr("The images are on the map, under its points. Drag the cross there to decode."))
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        set_role(self, "muted")
        self.hide()
        controls.points_chosen.connect(lambda points: self._choose(points=points))
        controls.on_map_chosen.connect(lambda on_map: self._choose(decoded=on_map))

    def has_plane(self, state: StudioState) -> bool:
        """Whether the plane of the panel is on the map.

        Steps of the prior's probability, and rows of classes, are pictures that the map cannot have.
        """
        controls = self._controls
        return wants_decoded(state) and controls.spacing == "even" and not controls.row_per_class

    def show_state(self, state: StudioState, plane: bool) -> bool:
        """Show the controls of the layer, if there is one; return whether the plane is on the map.

        plane: whether there is a plane at all; otherwise the panel says why not
        """
        on_map, choice = plane and self.has_plane(state), state.map_choice
        self._controls.show_map(
            possible=not no_decoded_layer(state), on_map=on_map, across=choice.across, points=choice.points
        )
        if self.isHidden() == on_map:
            self.setVisible(on_map)
        return on_map

    def take_side(self) -> bool:
        """Give the chosen number of images to the map; False if the plane is not there."""
        on_map = self.has_plane(self._session.state)
        if on_map:
            self._choose(across=self._controls.side.value)
        return on_map

    def _choose(self, **choices: object) -> None:
        choice = self._session.state.map_choice
        self._session.explore.choose_map(replace(choice, **choices))

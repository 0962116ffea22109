"""The toolbar of the map: axes, colours of the points, set of images, and overlay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from aestudio.gui.state.capabilities import (
    is_discrete,
    no_data_support,
    no_map,
    no_reconstruction,
    no_sliders,
)
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.studio_state import MapChoice, PlaneChoice
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState

MIN_DIMENSIONS = 2
_MOST_COMPONENTS = 10
_NARROW, _WIDE = 352, 780  # logical pixels that two rows need, and one


class MapToolbar(QWidget):
    """The boxes and buttons above the map: in one row if it fits, else in two.

    plane_chosen(PlaneChoice), map_chosen(MapChoice): the new choice, complete
    lasso_switched(bool); fit_requested(): show all points
    """

    plane_chosen = Signal(object)
    map_chosen = Signal(object)
    lasso_switched = Signal(bool)
    fit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axes_of: tuple[int, str] = (0, "")
        self._in_one_row: bool | None = None
        self._choice = MapChoice()
        self._make_axes()
        self._make_options()
        self.lasso = IconButton("lasso", self.tr("Lasso: draw an outline around points to select them (L)"))
        self.lasso.setCheckable(True)
        self.lasso.toggled.connect(self.lasso_switched)
        self.fit = IconButton("expand", self.tr("Show all points (Home)"))
        self.fit.clicked.connect(self.fit_requested)
        self._lay_out()

    def _make_axes(self) -> None:
        self.kind = ChoiceBox(
            self.tr("Axes"),
            self.tr(
                "What the axes of map and grid are: dimensions of the code, principal components, or none: "
                "t-SNE and UMAP keep neighbours together"
            ),
            (
                ("dimensions", self.tr("Dimensions")),
                ("components", self.tr("Components")),
                ("tsne", "t-SNE"),
                ("umap", "UMAP"),
            ),
            characters=7,
        )
        self.first = ChoiceBox(self.tr("Axis right"), self.tr("The axis to the right"), characters=2)
        self.second = ChoiceBox(self.tr("Axis up"), self.tr("The axis upward"), characters=2)
        for box in (self.kind, self.first, self.second):
            box.chosen.connect(self._choose_plane)

    def _make_options(self) -> None:
        self.colour = ChoiceBox(
            self.tr("Colour"),
            self.tr("The colour of a point: its class, the loss of its image, or how many points lie near"),
            (
                ("class", self.tr("By class")),
                ("loss", self.tr("By loss")),
                ("density", self.tr("By density")),
            ),
            characters=5,
        )
        self.images = ChoiceBox(
            self.tr("Images of the map"),
            self.tr("Which images are points: the test set, or the training set as well"),
            (("test", self.tr("Test set")), ("all", self.tr("All images"))),
            characters=5,
        )
        self.overlay = ChoiceBox(
            self.tr("Overlay of the map"),
            self.tr(
                "The overlay: none, the density of the codes, how far a code is from the code of "
                "its own reconstruction, or how much the image changes from point to point"
            ),
            (
                ("none", self.tr("No overlay")),
                ("density", self.tr("Density")),
                ("decode_encode_error", self.tr("Decode-encode error")),
                ("decoder_sensitivity", self.tr("Decoder sensitivity")),
            ),
            characters=5,
        )
        for box in (self.colour, self.images, self.overlay):
            box.chosen.connect(self._choose_map)

    def _lay_out(self) -> None:
        self._title = label(self.tr("Map"), "label")
        self._axes = row(self._title, fill(self.kind, 3), fill(self.first, 2), fill(self.second, 2), gap=4)
        self._options = row(fill(self.colour, 3), fill(self.images, 3), fill(self.overlay, 3), gap=4)
        self._rows = column(self._axes, self._options, gap=4, on=self)
        # At the end of the axes' row if there are two rows, else at the end of the only one.
        for button in (self.lasso, self.fit):
            self._axes.addWidget(button)

    def minimumSizeHint(self) -> QSize:
        """The minimum of two rows: one row is used only if it fits."""
        return QSize(current_theme().px(_NARROW), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= current_theme().px(_WIDE)
        if wide != self._in_one_row:
            self._in_one_row = wide
            self._title.setVisible(wide)
            for button in (self.lasso, self.fit):
                (self._options if wide else self._axes).addWidget(button)
            self._rows.setDirection(
                QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
            )
        super().resizeEvent(event)

    # ---- choosing ---------------------------------------------------------------------------------

    def _choose_plane(self) -> None:
        kind = self.kind.value
        # The new kind may have fewer axes than the previous one.
        most = len(self._axis_names(self._axes_of[0], kind))
        first, second = (max(0, min(box.currentIndex(), most - 1)) for box in (self.first, self.second))
        if first == second:
            second = (first + 1) % most
        self.plane_chosen.emit(PlaneChoice(kind, first, second))

    def _choose_map(self) -> None:
        colour, images, overlay = self.colour.value, self.images.value, self.overlay.value
        self.map_chosen.emit(replace(self._choice, colour=colour, images=images, overlay=overlay))

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the choices, and offer what is possible with the current model and images."""
        if state.snapshot is None:
            return
        size = state.snapshot.architecture.latent.size
        kind = state.plane.kind
        if (size, kind) != self._axes_of:
            self._axes_of = size, kind
            for box in (self.first, self.second):
                box.set_entries(enumerate(self._axis_names(size, kind)))
        plane = size >= MIN_DIMENSIONS
        plane = plane and not no_map(state.snapshot)
        for box in (self.kind, self.first, self.second, self.colour, self.images, self.overlay, self.lasso):
            box.setEnabled(plane)
        self.kind.offer("dimensions", no_sliders(state.snapshot) if is_discrete(state.snapshot) else "")
        for box in (self.first, self.second):
            box.setVisible(not is_embedding(state.plane.kind))
        self.kind.show_value(kind)
        self.first.show_value(state.plane.first)
        self.second.show_value(state.plane.second)
        self._show_map_choice(state)

    def _show_map_choice(self, state: StudioState) -> None:
        self._choice = choice = state.map_choice
        self.colour.show_value(choice.colour)
        self.images.show_value(choice.images)
        self.overlay.show_value(choice.overlay)
        data = state.data.dataset is not None
        needs = self.tr("This needs the images: load a data set first.")
        images = data or state.image_set is not None
        self.colour.offer("loss", no_reconstruction(state.snapshot) or ("" if images else needs))
        support = no_data_support(state.snapshot)
        self.colour.offer("density", support)
        self.images.offer("all", "" if data else needs)
        no_plane = self.tr("A t-SNE or UMAP map is no plane of codes to decode on.")
        self.overlay.offer("density", support)
        for layer in ("decode_encode_error", "decoder_sensitivity"):
            self.overlay.offer(layer, support or (no_plane if is_embedding(state.plane.kind) else ""))

    def _axis_names(self, size: int, kind: str) -> list[str]:
        if kind == "components":
            return [self.tr("PC {}").format(number + 1) for number in range(min(size, _MOST_COMPONENTS))]
        return [f"z{number + 1}" for number in range(size)]

"""The toolbar of the map: axes, colours of the points, set of images, and overlay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args, get_type_hints

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QBoxLayout, QComboBox, QWidget

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
from aestudio.gui.widgets.combo_entries import offer
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState

KINDS = ("dimensions", "components", "tsne", "umap")
MIN_DIMENSIONS = 2
_COLOURS, _IMAGES, _OVERLAYS = (
    get_args(get_type_hints(MapChoice)[part]) for part in ("colour", "images", "overlay")
)
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
        self._size = 0
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
        self.kind, self.first, self.second = QComboBox(), QComboBox(), QComboBox()
        self.kind.addItems([self.tr("Dimensions"), self.tr("Components"), "t-SNE", "UMAP"])
        self.kind.setToolTip(
            self.tr(
                "What the axes of map and grid are: dimensions of the code, principal components, or none: "
                "t-SNE and UMAP keep neighbours together"
            )
        )
        self.first.setToolTip(self.tr("The axis to the right"))
        self.second.setToolTip(self.tr("The axis upward"))
        names = (self.tr("Axes"), self.tr("Axis right"), self.tr("Axis up"))
        for box, name, characters in zip((self.kind, self.first, self.second), names, (7, 2, 2), strict=True):
            _set_up_box(box, name, characters)
            box.activated.connect(self._choose_plane)

    def _make_options(self) -> None:
        self.colour, self.images, self.overlay = QComboBox(), QComboBox(), QComboBox()
        self.colour.addItems([self.tr("By class"), self.tr("By loss"), self.tr("By density")])
        self.colour.setToolTip(
            self.tr("The colour of a point: its class, the loss of its image, or how many points lie near")
        )
        self.images.addItems([self.tr("Test set"), self.tr("All images")])
        self.images.setToolTip(self.tr("Which images are points: the test set, or the training set as well"))
        self.overlay.addItems(
            [
                self.tr("No overlay"),
                self.tr("Density"),
                self.tr("Decode-encode error"),
                self.tr("Decoder sensitivity"),
            ]
        )
        self.overlay.setToolTip(
            self.tr(
                "The overlay: none, the density of the codes, how far a code is from the code of "
                "its own reconstruction, or how much the image changes from point to point"
            )
        )
        names = (self.tr("Colour"), self.tr("Images of the map"), self.tr("Overlay of the map"))
        for box, name in zip((self.colour, self.images, self.overlay), names, strict=True):
            _set_up_box(box, name, 5)
            box.activated.connect(self._choose_map)

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
        kind = self.kind.currentIndex()
        # The new kind may have fewer axes than the previous one.
        most = len(self._axis_names(self._size, kind))
        first, second = (max(0, min(box.currentIndex(), most - 1)) for box in (self.first, self.second))
        if first == second:
            second = (first + 1) % most
        self.plane_chosen.emit(PlaneChoice(KINDS[kind], first, second))

    def _choose_map(self) -> None:
        indices = (self.colour.currentIndex(), self.images.currentIndex(), self.overlay.currentIndex())
        colour, digits, layer = (
            names[index] for names, index in zip((_COLOURS, _IMAGES, _OVERLAYS), indices, strict=True)
        )
        self.map_chosen.emit(replace(self._choice, colour=colour, images=digits, overlay=layer))

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the choices, and offer what is possible with the current model and images."""
        if state.snapshot is None:
            return
        size = state.snapshot.architecture.latent.size
        kind = KINDS.index(state.plane.kind)
        if (size, kind) != (self._size, self.first.property("kind")):
            self._size = size
            self.first.setProperty("kind", kind)
            names = self._axis_names(size, kind)
            for box in (self.first, self.second):
                box.clear()
                box.addItems(names)
        plane = size >= MIN_DIMENSIONS
        plane = plane and not no_map(state.snapshot)
        for box in (self.kind, self.first, self.second, self.colour, self.images, self.overlay, self.lasso):
            box.setEnabled(plane)
        offer(
            self.kind, KINDS.index("dimensions"), not is_discrete(state.snapshot), no_sliders(state.snapshot)
        )
        for box in (self.first, self.second):
            box.setVisible(not is_embedding(state.plane.kind))
        self.kind.setCurrentIndex(kind)
        self.first.setCurrentIndex(state.plane.first)
        self.second.setCurrentIndex(state.plane.second)
        self._show_map_choice(state)

    def _show_map_choice(self, state: StudioState) -> None:
        self._choice = choice = state.map_choice
        self.colour.setCurrentIndex(_COLOURS.index(choice.colour))
        self.images.setCurrentIndex(_IMAGES.index(choice.images))
        self.overlay.setCurrentIndex(_OVERLAYS.index(choice.overlay))
        data = state.data.dataset is not None
        needs = self.tr("This needs the images: load a data set first.")
        losses = no_reconstruction(state.snapshot)
        images = data or state.image_set is not None
        offer(self.colour, _COLOURS.index("loss"), images and not losses, losses or needs)
        support = no_data_support(state.snapshot)
        offer(self.colour, _COLOURS.index("density"), not support, support)
        offer(self.images, _IMAGES.index("all"), data, needs)
        no_plane = self.tr("A t-SNE or UMAP map is no plane of codes to decode on.")
        offer(self.overlay, _OVERLAYS.index("density"), not support, support)
        for layer in ("decode_encode_error", "decoder_sensitivity"):
            offered = not support and not is_embedding(state.plane.kind)
            offer(self.overlay, _OVERLAYS.index(layer), offered, support or no_plane)

    def _axis_names(self, size: int, kind: int) -> list[str]:
        if kind == 1:
            return [self.tr("PC {}").format(number + 1) for number in range(min(size, _MOST_COMPONENTS))]
        return [f"z{number + 1}" for number in range(size)]


def _set_up_box(box: QComboBox, name: str, characters: int) -> None:
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(characters)

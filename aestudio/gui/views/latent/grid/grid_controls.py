"""The controls of the grid: images in each row, spacing, zoom, and decoding under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QWidget

from aestudio.gui.views.shared.kept_choice import keep_choice
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import boxed, fill, row

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from aestudio.analysis.grid_cells import Spacing

SIDES = (10, 20, 30, 40)
# Width / height of a panel from which the controls are beside the grid; height / width from which they are
# above it in two lines, if one is too long.
_WIDE, _HIGH = 1.15, 1.15


class GridControls(QWidget):
    """A row of boxes and buttons, or a column.

    side_chosen(), spacing_chosen(): the user chose in one of the boxes
    zoomed(factor of the window's width); homed(); walk_switched(bool): decode while dragging
    points_chosen(str), on_map_chosen(bool): how the points of the map are drawn; whether the plane is there
    content_chosen(): the plane, or one row per class; redrawn(): other random styles
    """

    points_chosen = Signal(str)
    on_map_chosen = Signal(bool)
    content_chosen = Signal()
    redrawn = Signal()

    side_chosen = Signal()
    spacing_chosen = Signal()
    zoomed = Signal(float)
    homed = Signal()
    walk_switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers_map = self._is_on_map = False
        self.content = ChoiceBox(
            self.tr("What the grid shows"),
            self.tr(
                "The plane of the map decoded as one class, or one row per class: the same style in each\n"
                "column, at steps along the map's first axis, or drawn at random"
            ),
            (
                ("plane", self.tr("Plane")),
                ("axis", self.tr("Class × axis")),
                ("style", self.tr("Class × style")),
            ),
            characters=9,
        )
        keep_choice(self.content, "grid.content")
        self.content.chosen.connect(self._content_chosen)
        self.content.setVisible(False)
        self.dice = IconButton("dice", self.tr("Draw other random styles"))
        self.dice.clicked.connect(self.redrawn)
        self.dice.setVisible(False)
        self.side = ChoiceBox(
            self.tr("Images in each row"),
            self.tr("Images in each row and column; Auto takes as many as stay crisp"),
            (
                (0, self.tr("As many as fit")),
                *((side, self.tr("{} × {}").format(side, side)) for side in SIDES),
            ),
        )
        keep_choice(self.side, "grid.images")
        self.side.chosen.connect(self.side_chosen)
        spacings = (("even", self.tr("Even steps")), ("normal", self.tr("Quantiles")))
        self.spacing_box = ChoiceBox(self.tr("Spacing"), "", spacings)
        keep_choice(self.spacing_box, "grid.spacing")
        self.spacing_box.chosen.connect(self.spacing_chosen)
        self.walk = IconButton("search", self.tr("Decode under the cursor while dragging, as Shift does"))
        self.walk.setCheckable(True)
        self.walk.toggled.connect(self.walk_switched)
        self.told = ElidedLabel(muted=True)
        self.told.set_mode(Qt.TextElideMode.ElideRight)
        self.told.setVisible(False)
        self.points = ChoiceBox(
            self.tr("Points"),
            self.tr("How the points over the images are drawn: faint or hidden, they show the images"),
            (
                ("full", self.tr("Opaque")),
                ("faint", self.tr("Faint")),
                ("hidden", self.tr("Hidden")),
            ),
        )
        self.points.chosen.connect(lambda: self.points_chosen.emit(self.points.value))
        self.on_map = QCheckBox(self.tr("On the map"))
        self.on_map.setToolTip(
            self.tr("Draw the plane under the points of the map; otherwise here, with a window of its own")
        )
        self.on_map.clicked.connect(self.on_map_chosen)
        self.points.setVisible(False)
        self.on_map.setVisible(False)
        boxes = self.side, self.spacing_box
        self._buttons = boxed(row(self.walk, *self._zoom_buttons(), fill(), gap=2))
        self._boxes = row(self.content, *boxes, gap=4)
        others = self._buttons, self.points, self.on_map, self.dice, self.told
        self._layout = row(self._boxes, row(*others, fill(), gap=4), gap=4, on=self)

    def _zoom_buttons(self) -> tuple[IconButton, ...]:
        zoom_out = IconButton("minus", self.tr("Zoom out (−)"))
        zoom_out.clicked.connect(lambda: self.zoomed.emit(1.25))
        zoom_in = IconButton("plus", self.tr("Zoom in (+)"))
        zoom_in.clicked.connect(lambda: self.zoomed.emit(0.8))
        home = IconButton("reset", self.tr("Show the whole grid again (Home)"))
        home.clicked.connect(self.homed)
        return zoom_out, zoom_in, home

    @property
    def chosen_side(self) -> int | None:
        """The chosen number of images in each row; None for as many as fit best."""
        return self.side.value or None

    @property
    def spacing(self) -> Spacing:
        """Equal distances, or equal steps of the prior's probability."""
        return self.spacing_box.value

    @property
    def row_per_class(self) -> bool:
        """Whether one row per class was chosen, instead of the plane."""
        return self.content.value != "plane"

    @property
    def random_styles(self) -> bool:
        """Whether the columns of these rows are random styles."""
        return self.content.value == "style"

    @property
    def row_width(self) -> int:
        """The least width of the controls as a row in pixels, however they are laid out now."""
        boxes = self.content, self.side, self.spacing_box, self.points
        parts = (*boxes, self._buttons, self.on_map, self.dice, self.told)
        shown = [part.minimumSizeHint().width() for part in parts if not part.isHidden()]
        return sum(shown) + self._layout.spacing() * (len(shown) - 1)

    def offer_rows(self, classes: bool) -> None:
        """Offer one row per class: only for a model that is told a class."""
        self.content.setVisible(classes)
        if not classes and self.row_per_class:
            self.content.show_value("plane")
            self._show_parts()

    def _content_chosen(self) -> None:
        self._show_parts()
        self.content_chosen.emit()

    def _show_parts(self) -> None:
        plane = not self.row_per_class
        for part in (self.side, self.spacing_box):
            part.setVisible(plane)
        self._buttons.setVisible(plane and not self._is_on_map)
        self.points.setVisible(plane and self._is_on_map)
        self.on_map.setVisible(plane and self._offers_map)
        self.dice.setVisible(self.random_styles)
        self.told.setVisible(bool(self.told.text) and not self.row_per_class)

    def show_map(self, *, possible: bool, on_map: bool, across: int, points: str) -> None:
        """Offer to draw the plane on the map, or show the choices of the layer there if it is drawn there."""
        if on_map:
            self.side.show_value(across)
            self.points.show_value(points)
        self.on_map.setChecked(on_map)
        if (possible, on_map) != (self._offers_map, self._is_on_map):
            self._offers_map, self._is_on_map = possible, on_map
            self._show_parts()

    def show_told(self, text: str) -> None:
        """Say what a conditional model decoded the plane as; "" for a model that is told nothing."""
        self.told.set_text(text)
        self.told.setVisible(bool(text) and not self.row_per_class)

    def offer_quantiles(self, prior: bool, straight: bool) -> bool:
        """Offer quantiles, which are the prior's: only for a model with a prior, and along straight axes.

        Returns whether the spacing changed: quantiles were chosen, and are not possible any more.
        """
        possible = prior and straight
        self.spacing_box.setEnabled(possible)
        changed = not possible and self.spacing != "even"
        if changed:
            self.spacing_box.show_value("even")
        if possible:
            tip = self.tr("Codes at equal distances, or at equal steps of the prior's probability")
        elif straight:
            tip = self.tr("This recipe has no standard normal prior with quantiles: codes at equal distances")
        else:
            tip = self.tr("A t-SNE or UMAP map has no straight axes to take quantiles along")
        self.spacing_box.setToolTip(tip)
        return changed

    def arrange(self, given: QSize) -> bool:
        """Lay the controls out for a panel of this size; return whether they are a column beside the grid.

        Otherwise they are above it, in two lines if they do not fit in one. Those of the rows of classes are
        few, and the rows need the width.
        """
        fits = given.width() >= self.row_width
        high = not fits and given.height() > _HIGH * given.width()
        beside = not self.row_per_class and not high and (not fits or given.width() > _WIDE * given.height())
        directions = QBoxLayout.Direction
        across, down = directions.LeftToRight, directions.TopToBottom
        self._boxes.setDirection(down if beside else across)
        self._layout.setDirection(across if fits and not beside else down)
        return beside

"""The toolbar of the map: axes, colours of the points, which images, and the overlay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args, get_type_hints

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QWidget

from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.studio_state import MapChoice, PlaneChoice
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QStandardItemModel

    from aestudio.gui.state.studio_state import StudioState

KINDS = ("dimensions", "components", "tsne", "umap")
LEAST_NUMBERS = 2
_COLOURS, _DIGITS, _LAYERS = (
    get_args(get_type_hints(MapChoice)[part]) for part in ("colour", "images", "overlay")
)
_MOST_COMPONENTS = 10
_NARROW, _WIDE = 352, 780  # logical pixels that two rows need, and one


class MapToolbar(QWidget):
    """One row if it fits, else two.

    plane_chosen(PlaneChoice), map_chosen(MapChoice), lasso_switched(bool), fit_wanted: what the user chose
    """

    plane_chosen = Signal(object)
    map_chosen = Signal(object)
    lasso_switched = Signal(bool)
    fit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = 0
        self._wide: bool | None = None
        self._choice = MapChoice()
        self._make_axes()
        self._make_looks()
        self.lasso = IconButton("lasso", self.tr("Lasso: draw an outline around points to select them (L)"))
        self.lasso.setCheckable(True)
        self.lasso.toggled.connect(self.lasso_switched)
        self.fit = IconButton("expand", self.tr("Show all points (Home)"))
        self.fit.clicked.connect(self.fit_wanted)
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
        for box, name, messages in zip((self.kind, self.first, self.second), names, (7, 2, 2), strict=True):
            _dress(box, name, messages)
            box.activated.connect(self._choose_plane)

    def _make_looks(self) -> None:
        self.colour, self.digits, self.layer = QComboBox(), QComboBox(), QComboBox()
        self.colour.addItems([self.tr("By class"), self.tr("By loss"), self.tr("By density")])
        self.colour.setToolTip(
            self.tr("The colour of a point: its class, the loss of its image, or how many points lie near")
        )
        self.digits.addItems([self.tr("Test set"), self.tr("All images")])
        self.digits.setToolTip(self.tr("Which images are points: the test set, or the training set as well"))
        self.layer.addItems(
            [
                self.tr("No overlay"),
                self.tr("Density"),
                self.tr("Decode-encode error"),
                self.tr("Decoder sensitivity"),
            ]
        )
        self.layer.setToolTip(
            self.tr(
                "The overlay: none, the density of the codes, how far a code is from the code of "
                "its own reconstruction, or how much the image changes from place to place"
            )
        )
        names = (self.tr("Colour"), self.tr("Images of the map"), self.tr("Overlay of the map"))
        for box, name in zip((self.colour, self.digits, self.layer), names, strict=True):
            _dress(box, name, 5)
            box.activated.connect(self._choose_look)

    def _lay_out(self) -> None:
        theme = current_theme()
        self._title = title = PlainLabel(self.tr("Map"))
        set_role(title, "label")
        axes, looks = QHBoxLayout(), QHBoxLayout()
        for row, parts in (
            (axes, (title, self.kind, self.first, self.second)),
            (looks, (self.colour, self.digits, self.layer)),
        ):
            row.setSpacing(theme.px(4))
            for part in parts:
                row.addWidget(part, {title: 0, self.kind: 3, self.first: 2, self.second: 2}.get(part, 3))
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.px(4))
        self._rows.addLayout(axes)
        self._rows.addLayout(looks)
        # At the end of the axes' row where there are two, else at the end of the only one.
        self._axes, self._looks = axes, looks
        for button in (self.lasso, self.fit):
            axes.addWidget(button)

    def minimumSizeHint(self) -> QSize:
        """The minimum of two rows: one row is used only if it fits."""
        return QSize(current_theme().px(_NARROW), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= current_theme().px(_WIDE)
        if wide != self._wide:
            self._wide = wide
            self._title.setVisible(wide)
            for button in (self.lasso, self.fit):
                (self._looks if wide else self._axes).addWidget(button)
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

    def _choose_look(self) -> None:
        places = (self.colour.currentIndex(), self.digits.currentIndex(), self.layer.currentIndex())
        colour, digits, layer = (
            names[place] for names, place in zip((_COLOURS, _DIGITS, _LAYERS), places, strict=True)
        )
        self.map_chosen.emit(replace(self._choice, colour=colour, images=digits, overlay=layer))

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the choices, and offer what is possible with the current model and images."""
        if state.snapshot is None:
            return
        size = state.snapshot.recipe.network.latent_size
        kind = KINDS.index(state.plane.kind)
        if (size, kind) != (self._size, self.first.property("kind")):
            self._size = size
            self.first.setProperty("kind", kind)
            names = self._axis_names(size, kind)
            for box in (self.first, self.second):
                box.clear()
                box.addItems(names)
        plane = size >= LEAST_NUMBERS
        for box in (self.kind, self.first, self.second, self.colour, self.digits, self.layer, self.lasso):
            box.setEnabled(plane)
        for box in (self.first, self.second):
            box.setVisible(not is_embedding(state.plane.kind))
        self.kind.setCurrentIndex(kind)
        self.first.setCurrentIndex(state.plane.first)
        self.second.setCurrentIndex(state.plane.second)
        self._show_look(state)

    def _show_look(self, state: StudioState) -> None:
        self._choice = choice = state.map_choice
        self.colour.setCurrentIndex(_COLOURS.index(choice.colour))
        self.digits.setCurrentIndex(_DIGITS.index(choice.images))
        self.layer.setCurrentIndex(_LAYERS.index(choice.overlay))
        data = state.data.dataset is not None
        needs = self.tr("This needs the images: load a dataset first.")
        _offer(self.colour, _COLOURS.index("loss"), data or state.image_set is not None, needs)
        _offer(self.digits, _DIGITS.index("all"), data, needs)
        no_plane = self.tr("A t-SNE or UMAP map is no plane of codes to decode on.")
        for layer in ("decode_encode_error", "decoder_sensitivity"):
            _offer(self.layer, _LAYERS.index(layer), not is_embedding(state.plane.kind), no_plane)

    def _axis_names(self, size: int, kind: int) -> list[str]:
        if kind == 1:
            return [self.tr("PC {}").format(number + 1) for number in range(min(size, _MOST_COMPONENTS))]
        return [f"z{number + 1}" for number in range(size)]


def _dress(box: QComboBox, name: str, messages: int) -> None:
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(messages)


def _offer(box: QComboBox, row: int, offered: bool, why_not: str) -> None:
    """Let an entry be chosen, or say why not."""
    model: QStandardItemModel = box.model()  # type: ignore[assignment]
    item = model.item(row)
    if item.isEnabled() != offered:
        item.setEnabled(offered)
        item.setData("" if offered else why_not, Qt.ItemDataRole.ToolTipRole)

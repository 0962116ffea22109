"""The popup of the map: its axes, its images, what lies under its points, and how these are drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QWidget

from aestudio.gui.state.capabilities import is_discrete, no_data_support, no_map
from aestudio.gui.state.chosen_axes import MOST_COMPONENTS
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.studio_state import MapChoice, PlaneChoice
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.latent.map.embedding_form import EmbeddingForm
from aestudio.gui.views.latent.map.map_planes import no_decoded_layer, no_plane, shown_axes
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.layouts import label
from aestudio.gui.widgets.popup_frame import PopupFrame

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import Theme

translate = QCoreApplication.translate

MIN_DIMENSIONS = 2
NO_AXIS = -1
"""The choice of no third axis."""
_BOX_WIDTH = 176  # logical pixels


class MapOptions(PopupFrame):
    """plane_chosen(PlaneChoice), map_chosen(MapChoice): the new choice, complete
    setting_chosen(kind, name, value): a setting of t-SNE or UMAP
    """

    plane_chosen = Signal(object)
    map_chosen = Signal(object)
    setting_chosen = Signal(str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Map options"))
        self._axes_of: tuple[int, str] = (0, "")
        self._choice, self._kind = MapChoice(), PlaneChoice().kind
        self._make_axes()
        self._make_images()
        self._make_layers()
        self._form = QFormLayout(self)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in (
            (self.tr("Axis right"), self.first),
            (self.tr("Axis up"), self.second),
            (self.tr("Third axis"), self.third),
            (self.tr("Images"), self.images),
            (self.tr("Points"), self.points),
            (self.tr("Overlay"), self.overlay),
        ):
            name = label(text)
            name.setBuddy(box)
            self._form.addRow(name, box)
            keep_length(box, lambda box, theme: box.setMinimumWidth(theme.px(_BOX_WIDTH)))
        self._form.addRow(self.decoded)
        self._form.addRow(self.rings)
        self.embedding = EmbeddingForm(self._form, _BOX_WIDTH)
        self.embedding.chosen.connect(self.setting_chosen)
        self.embedding.resized.connect(self.fit)
        keep_length(self, lambda popup, theme: _set_margins(popup._form, theme))

    def _make_axes(self) -> None:
        self.first = ChoiceBox(self.tr("Axis right"), self.tr("The axis to the right"))
        self.second = ChoiceBox(self.tr("Axis up"), self.tr("The axis upward"))
        self.third = ChoiceBox(
            self.tr("Third axis"),
            self.tr(
                "The axis towards you: the map turns slowly, and points are paler and smaller the farther "
                "away they are; without perspective. None: a plane"
            ),
        )
        for box in (self.first, self.second, self.third):
            box.chosen.connect(self._choose_axes)

    def _make_images(self) -> None:
        self.images = ChoiceBox(
            self.tr("Images of the map"),
            self.tr("Which images are points: the test set, or the training set as well"),
            (("test", self.tr("Test set")), ("all", self.tr("All images"))),
        )

    def _make_layers(self) -> None:
        self.points = ChoiceBox(
            self.tr("Points"),
            self.tr("How the points are drawn: faint or hidden, they show what lies under them"),
            (("full", self.tr("Opaque")), ("faint", self.tr("Faint")), ("hidden", self.tr("Hidden"))),
        )
        self.overlay = ChoiceBox(
            self.tr("Overlay of the map"),
            explained(
                self.tr("What is drawn under the points"),
                "density",
                "decode_encode_error",
                "decoder_sensitivity",
            ),
            (
                ("none", self.tr("No overlay")),
                ("density", self.tr("Density")),
                ("decode_encode_error", self.tr("Decode-encode error")),
                ("decoder_sensitivity", self.tr("Decoder sensitivity")),
            ),
        )
        self.decoded = QCheckBox(self.tr("Decoded images under the points"))
        self.decoded.clicked.connect(self._choose_decoded)
        self.rings = QCheckBox(self.tr("Rings around tagged images"))
        self.rings.setToolTip(self.tr("Solid: wrong label, dashed: ambiguous, dotted: other tags"))
        self.rings.clicked.connect(lambda on: self._choose(replace(self._choice, rings=on)))
        for box in (self.images, self.points, self.overlay):
            box.chosen.connect(self._choose_map)

    # ---- choosing ---------------------------------------------------------------------------------

    def choose_kind(self, kind: str) -> None:
        """Choose another kind of axes, which may have fewer of them."""
        most = len(self._axis_names(self._axes_of[0], kind))
        first, second = (max(0, min(box.currentIndex(), most - 1)) for box in (self.first, self.second))
        if first == second:
            second = (first + 1) % most
        third = third_axis(self.third.value, first, second, most)
        self.plane_chosen.emit(PlaneChoice(kind, first, second, third))  # type: ignore[arg-type]

    def choose_colour(self, colour: str) -> None:
        """Choose other colours of the points."""
        self._choose(replace(self._choice, colour=colour))

    def _choose_axes(self) -> None:
        self.choose_kind(self._kind)

    def _choose_map(self) -> None:
        images, overlay, points = self.images.value, self.overlay.value, self.points.value
        self._choose(replace(self._choice, images=images, overlay=overlay, points=points))

    def _choose_decoded(self, on: bool) -> None:
        # Where they are not offered, the box is not ticked, whatever was chosen for other models.
        self._choose(replace(self._choice, decoded=on))

    def _choose(self, choice: MapChoice) -> None:
        self._choice = choice
        self.map_chosen.emit(choice)

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the choices, and offer what is possible with the current model and images."""
        if state.snapshot is None:
            return
        self._show_axes(state)
        self._choice = choice = state.map_choice
        self.images.show_value(choice.images)
        self.points.show_value(choice.points)
        self.overlay.show_value(choice.overlay)
        self.images.offer("all", "" if state.data.dataset is not None else needs_images())
        support = no_data_support(state.snapshot)
        embedded = self.tr("A t-SNE or UMAP map is no plane of codes to decode on.")
        why_not = support or no_plane(state)
        self.overlay.offer("density", why_not)
        for layer in ("decode_encode_error", "decoder_sensitivity"):
            self.overlay.offer(layer, why_not or (embedded if is_embedding(state.plane.kind) else ""))
        self._show_decoded(state)
        self.rings.setChecked(choice.rings)
        # Only where there are any: without, it would take the room of a setting and do nothing.
        self._show_row(self.rings, bool(state.workspace.tags) and has_plane(state))
        self.embedding.show_state(state)

    def _show_axes(self, state: StudioState) -> None:
        assert state.snapshot is not None
        axes = shown_axes(state)
        size, kind = state.snapshot.architecture.latent.size, axes.kind
        if (size, kind) != self._axes_of:
            self._axes_of = size, kind
            names = tuple(enumerate(self._axis_names(size, kind)))
            for box in (self.first, self.second):
                box.set_entries(names)
            self.third.set_entries(((NO_AXIS, self.tr("None")), *names))
        self._kind = kind
        self.first.show_value(axes.first)
        self.second.show_value(axes.second)
        self.third.show_value(NO_AXIS if axes.third is None else axes.third)
        plane = has_plane(state)
        for box in (self.first, self.second, self.images, self.overlay, self.points):
            box.setEnabled(plane)
        of_prior = bool(no_map(state.snapshot)) and not is_discrete(state.snapshot) and size >= MIN_DIMENSIONS
        for box in (self.first, self.second):
            box.setEnabled(plane or of_prior)
            self._show_row(box, not is_embedding(kind))
        self.third.setEnabled(plane)
        enough = self.third.count() > MIN_DIMENSIONS + 1
        self._show_row(self.third, enough and not is_embedding(kind) and not of_prior)

    def _show_decoded(self, state: StudioState) -> None:
        why_not = no_decoded_layer(state)
        self.decoded.setEnabled(not why_not)
        self.decoded.setChecked(state.map_choice.decoded and not why_not)
        tip = self.tr("The image that the model decodes at each place of the plane")
        self.decoded.setToolTip(why_not or tip)
        self._show_row(self.decoded, not is_embedding(state.plane.kind))  # room for its settings

    def _show_row(self, box: QWidget, shown: bool) -> None:
        if self._form.isRowVisible(box) != shown:
            self._form.setRowVisible(box, shown)
            self.fit()

    def _axis_names(self, size: int, kind: str) -> list[str]:
        if kind == "components":
            return [self.tr("PC {}").format(number + 1) for number in range(min(size, MOST_COMPONENTS))]
        return [f"z{number + 1}" for number in range(size)]


def third_axis(wanted: int | None, first: int, second: int, most: int) -> int | None:
    """The third axis of `most` beside two others: the wanted one, or the next that is free; None for none."""
    if wanted is None or wanted == NO_AXIS or most <= MIN_DIMENSIONS:
        return None
    places = ((wanted + shift) % most for shift in range(most))
    return next(place for place in places if place not in (first, second))


def has_plane(state: StudioState) -> bool:
    """Whether the shown model has a map of codes of images, which needs two dimensions."""
    snapshot = state.snapshot
    return (
        snapshot is not None and snapshot.architecture.latent.size >= MIN_DIMENSIONS and not no_map(snapshot)
    )


def needs_images() -> str:
    """Why something is not offered without a data set, translated."""
    return translate("MapOptions", "This needs the images: load a data set first.")


def _set_margins(form: QFormLayout, theme: Theme) -> None:
    form.setContentsMargins(*[theme.px(12)] * 4)
    form.setHorizontalSpacing(theme.px(12))
    form.setVerticalSpacing(theme.px(6))

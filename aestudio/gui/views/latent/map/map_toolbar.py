"""The one row above the map: kind of axes, colours, options; what is going on; lasso and fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from aestudio.gui.state.capabilities import is_discrete, no_data_support, no_reconstruction, no_sliders
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.map.embedding_bar import EmbeddingBar
from aestudio.gui.views.latent.map.map_options import MIN_DIMENSIONS, MapOptions, has_plane, needs_images
from aestudio.gui.views.latent.map.map_planes import shown_axes
from aestudio.gui.views.latent.map.selection_bar import SelectionBar
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState

__all__ = ["MIN_DIMENSIONS", "MapToolbar"]

_NARROW, _WIDE = 352, 640  # logical pixels: the least width, and from which all is in one row


class MapToolbar(QWidget):
    """The boxes and buttons above the map, or as a column beside it, and what is reported there.

    In a narrow panel the reports have a row of their own, which is there only while they say something.

    plane_chosen(PlaneChoice), map_chosen(MapChoice): the new choice, complete
    lasso_switched(bool); fit_requested(): show all points
    play_switched(): the map with a third axis is to turn by itself, or to stop
    """

    plane_chosen = Signal(object)
    map_chosen = Signal(object)
    lasso_switched = Signal(bool)
    fit_requested = Signal()
    play_switched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._in_one_row: bool | None = None
        self._in_column = False
        self.options = MapOptions(self)
        self.options.plane_chosen.connect(self.plane_chosen)
        self.options.map_chosen.connect(self.map_chosen)
        self.options_button = IconButton("sliders", self.tr("Map options: axes, images, overlay, points ..."))
        self.options_button.clicked.connect(lambda: self.options.switch(self.options_button))
        self._make_boxes()
        self.embedding, self.selection = EmbeddingBar(), SelectionBar()
        self.lasso = IconButton("lasso", self.tr("Lasso: draw an outline around points to select them (L)"))
        self.lasso.setCheckable(True)
        self.lasso.toggled.connect(self.lasso_switched)
        self.fit = IconButton("expand", self.tr("Show all points (Home)"))
        self.fit.clicked.connect(self.fit_requested)
        self.play = IconButton("pause", self.tr("The map turns: stop it (T)"))
        self.play.clicked.connect(self.play_switched)
        self.play.hide()
        self._lay_out()

    def _make_boxes(self) -> None:
        self.kind = ChoiceBox(
            self.tr("Axes"),
            explained(
                self.tr("What the axes of map and grid are"), "latent_dimension", "pca", "tsne", "umap"
            ),
            (
                ("dimensions", self.tr("Dimensions")),
                ("components", self.tr("Components")),
                ("tsne", "t-SNE"),
                ("umap", "UMAP"),
            ),
        )
        self.kind.chosen.connect(self.options.choose_kind)
        self.colour = ChoiceBox(
            self.tr("Colour"),
            self.tr("The colour of a point: its class, the loss of its image, or how many points lie near"),
            (
                ("class", self.tr("By class")),
                ("loss", self.tr("By loss")),
                ("density", self.tr("By density")),
            ),
        )
        self.colour.chosen.connect(self.options.choose_colour)

    def _lay_out(self) -> None:
        self._title = label(self.tr("Map"), "label")
        self._report_row = row(fill(self.embedding, 99), self.selection, fill(), gap=8)
        self.reports = boxed(self._report_row)
        self.reports.setParent(self)  # its row is known with the first size
        self._boxes: QBoxLayout = row(self.kind, self.colour, gap=4)
        self._buttons = row(self.options_button, fill(), self.play, self.lasso, self.fit, gap=4)
        self._first_row: QBoxLayout = row(self._title, self._boxes, fill(self._buttons), gap=4)
        self._rows = column(self._first_row, gap=4, on=self)

    def minimumSizeHint(self) -> QSize:
        """The minimum of a narrow panel: one row is used only if it fits."""
        least = super().minimumSizeHint()
        return least if self._in_column else QSize(current_theme().px(_NARROW), least.height())

    def set_column(self, in_column: bool) -> None:
        """Lay everything out as a column beside the plot; `reports` is then its owner's to place.

        What is selected is said in the column: a line of its own would take a fifth of a low map.
        """
        self._in_column = in_column
        if in_column:
            self._rows.addWidget(self.selection)
        else:
            self._report_row.insertWidget(1, self.selection)
        self.selection.set_small(in_column)
        direction = QBoxLayout.Direction.TopToBottom if in_column else QBoxLayout.Direction.LeftToRight
        for layout in (self._first_row, self._boxes):
            layout.setDirection(direction)
        self._place_reports(wide=False, again=True)

    def take_reports(self) -> None:
        """Have them among the tools again."""
        self.reports.setParent(self)
        self._place_reports(wide=self.width() >= current_theme().px(_WIDE), again=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_reports(wide=event.size().width() >= current_theme().px(_WIDE))
        super().resizeEvent(event)

    def _place_reports(self, *, wide: bool, again: bool = False) -> None:
        wide = wide and not self._in_column
        if wide == self._in_one_row and not again:
            return
        self._in_one_row = wide
        self._title.setVisible(wide)
        self._rows.removeWidget(self.reports)
        self._buttons.removeWidget(self.reports)
        if wide:
            self._buttons.insertWidget(1, self.reports, 1)
        elif not self._in_column:
            self._rows.addWidget(self.reports)
        self._buttons.setStretch(self._buttons.indexOf(self.play) - 1, 0 if wide else 1)
        self._show_reports()

    def _show_reports(self) -> None:
        """In a narrow panel their row is there only if it says something."""
        quiet = self.embedding.isHidden() and (self._in_column or self.selection.isHidden())
        self.reports.setVisible(bool(self._in_one_row) or not quiet)

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the choices, and offer what is possible with the current model and images."""
        if state.snapshot is None:
            return
        self.options.show_state(state)
        self.embedding.show_state(state)
        for box in (self.kind, self.colour, self.lasso):
            box.setEnabled(has_plane(state))
        self.kind.offer("dimensions", no_sliders(state.snapshot) if is_discrete(state.snapshot) else "")
        self.kind.show_value(shown_axes(state).kind)
        self.colour.show_value(state.map_choice.colour)
        self.play.setVisible(has_plane(state) and state.plane.turns)
        images = state.data.dataset is not None or state.image_set is not None
        self.colour.offer("loss", no_reconstruction(state.snapshot) or ("" if images else needs_images()))
        self.colour.offer("density", no_data_support(state.snapshot))
        self._show_reports()

    def show_playing(self, playing: bool) -> None:
        """Show whether the map with a third axis turns by itself."""
        if playing:
            self.play.set_icon("pause", self.tr("The map turns: stop it (T)"))
        else:
            self.play.set_icon("play", self.tr("Let the map turn (T)"))

    def show_selection(self, count: int, exportable: bool) -> None:
        """Show the number of selected images; 0 for none."""
        self.selection.show_count(count, exportable)
        self._show_reports()

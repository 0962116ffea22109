"""The map of the encoded test set: choose its plane, hover, click, drag the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from aestudio.gui.session.state import PlaneChoice
from aestudio.gui.theme.style import current_theme, set_role

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.plots.class_map import ClassMap
    from aestudio.gui.plots.point_cloud import Points
    from aestudio.gui.questions.mapping import CodeMap
    from aestudio.gui.session.state import StudioState

_KINDS = ("dimensions", "components")
_MOST_COMPONENTS = 10
_LEAST_NUMBERS = 2


class MapPanel(QWidget):
    """`code_moved(float32 (latent,))` while the cursor is dragged; digits by their index otherwise."""

    code_moved = Signal(object)
    digit_hovered = Signal(int)
    digit_chosen = Signal(int)
    plane_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self._map: ClassMap | None = None
        self._empty = QLabel(self.tr("The map appears as soon as digits are encoded."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_role(self._empty, "muted")
        self.kind = QComboBox()
        self.kind.addItems([self.tr("Dimensions"), self.tr("Components")])
        self.kind.setToolTip(
            self.tr("What the axes of map and grid are: dimensions of the code, or principal components")
        )
        self.first, self.second = QComboBox(), QComboBox()
        self.first.setToolTip(self.tr("The axis to the right"))
        self.second.setToolTip(self.tr("The axis upward"))
        for box, name in ((self.kind, "Axes"), (self.first, "Axis right"), (self.second, "Axis up")):
            box.setAccessibleName(name)
            box.activated.connect(self._choose)
        for box, letters in ((self.kind, 10), (self.first, 4), (self.second, 4)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(letters)
        title = QLabel(self.tr("Map"))
        set_role(title, "label")
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        row.addWidget(title)
        row.addStretch(1)
        for box in (self.kind, self.first, self.second):
            row.addWidget(box)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(row)
        column.addWidget(self._empty, 1)
        self._shown: CodeMap | None = None
        self._code: NDArray[np.float32] | None = None
        self._size = 0

    @property
    def map(self) -> ClassMap:
        """The plot, made when there is first something to draw: pyqtgraph is imported with it."""
        if self._map is None:
            from aestudio.gui.plots.class_map import ClassMap

            self._map = ClassMap()
            self._map.cursor_moved.connect(self._cursor_moved)
            self._map.point_hovered.connect(self._hovered)
            self._map.point_selected.connect(self._selected)
            self._map.set_empty_text(self._empty.text())
            self._column.replaceWidget(self._empty, self._map)
            self._column.setStretchFactor(self._map, 1)
            self._empty.hide()
        return self._map

    def set_path(self, xy: Points | None) -> None:
        """A line through (M, 2) over the map, as a morph walks it; None takes it away."""
        if self._map is not None or xy is not None:
            self.map.set_path(xy)

    def _say(self, text: str) -> None:
        """What stands there while there is no map; "" where there is one."""
        self._empty.setText(text)
        if self._map is not None:
            self._map.set_empty_text(text)

    def _choose(self) -> None:
        kind = self.kind.currentIndex()
        # The other kind may have fewer axes than the one that was chosen from.
        most = len(self._axis_names(self._size, kind))
        first, second = (max(0, min(box.currentIndex(), most - 1)) for box in (self.first, self.second))
        if first == second:
            second = (first + 1) % most
        self.plane_chosen.emit(PlaneChoice(_KINDS[kind], first, second))

    def _cursor_moved(self, x: float, y: float) -> None:
        if self._shown is None or self._code is None:
            return
        if self._shown.plane.size == len(self._code):
            self.code_moved.emit(self._shown.plane.from_plane(np.array([[x, y]]), self._code)[0])

    def _hovered(self, index: int) -> None:
        if self._shown is not None and not self._shown.given:
            self.digit_hovered.emit(index)

    def _selected(self, index: int) -> None:
        if self._shown is not None and not self._shown.given:
            self.digit_chosen.emit(index)

    def show_state(self, state: StudioState) -> None:
        """Show the newest map and the cursor."""
        self._show_choice(state)
        self._code = state.exploration.heard
        flat = state.snapshot is not None and state.snapshot.recipe.network.latent_size < _LEAST_NUMBERS
        shown = None if flat else state.value("map")
        if flat:
            self._show_nothing()
        elif shown is not self._shown and shown is not None:
            self._shown = shown
            self._say("")
            self.map.set_points(shown.xy, shown.labels, shown.class_names)
            self.map.set_axis_titles(*shown.plane.titles)
        if self._shown is None or self._code is None or len(self._code) != self._shown.plane.size:
            if self._map is not None:
                self._map.hide_cursor()
            return
        x, y = self._shown.plane.to_plane(self._code[None])[0]
        self.map.set_cursor(float(x), float(y))

    def _show_nothing(self) -> None:
        self._say(self.tr("A map needs two numbers; this code is a single one."))
        if self._shown is not None:
            self._shown = None
            self.map.set_points(np.empty((0, 2), np.float32), None, ())
            self.map.set_axis_titles("", "")

    def _show_choice(self, state: StudioState) -> None:
        if state.snapshot is None:
            return
        size = state.snapshot.recipe.network.latent_size
        kind = _KINDS.index(state.plane.kind)
        if (size, kind) != (self._size, self.first.property("kind")):
            self._size = size
            self.first.setProperty("kind", kind)
            names = self._axis_names(size, kind)
            for box in (self.first, self.second):
                box.clear()
                box.addItems(names)
        for box in (self.kind, self.first, self.second):
            box.setEnabled(size >= _LEAST_NUMBERS)
        self.kind.setCurrentIndex(kind)
        self.first.setCurrentIndex(state.plane.first)
        self.second.setCurrentIndex(state.plane.second)

    def _axis_names(self, size: int, kind: int) -> list[str]:
        if kind == 1:
            return [self.tr("PC {}").format(number + 1) for number in range(min(size, _MOST_COMPONENTS))]
        return [f"z{number + 1}" for number in range(size)]

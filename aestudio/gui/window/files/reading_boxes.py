"""The decisions by which a user's images were read, each with a box to decide otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from aestudio.datasets.reading_switches import SWITCHES
from aestudio.gui.theme.style import current_theme, keep_spaces
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import label

if TYPE_CHECKING:
    from aestudio.datasets.provenance import Decided
    from aestudio.datasets.reading import Reading
    from aestudio.gui.widgets.plain_text import PlainLabel

_CHARACTERS = 16  # of a text that are seen at least


class ReadingBoxes(QWidget):
    """A row for each decision that could be made otherwise. `decided(field, value)`: by the user."""

    decided = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        keep_spaces(grid, lambda grid, theme: grid.setHorizontalSpacing(theme.px(8)))
        grid.setVerticalSpacing(current_theme().px(6))
        self.boxes: dict[str, ChoiceBox] = {}
        self._names: dict[str, PlainLabel] = {}
        for row, switch in enumerate(SWITCHES):
            box = ChoiceBox(switch.title, switch.help, characters=_CHARACTERS)
            box.chosen.connect(lambda value, field=switch.field: self.decided.emit(field, value))
            name = label(switch.title)
            name.setBuddy(box)
            name.setToolTip(switch.help)
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
            self.boxes[switch.field], self._names[switch.field] = box, name

    def show_decided(self, decided: Decided, reading: Reading, images: int) -> None:
        """Show what was decided for this number of images, and the switches as they are set."""
        automatic = {
            "axes": self._axes(decided),
            "values": self.tr("from {} to {}").format(f"{decided.bottom:g}", f"{decided.top:g}"),
            "invert": self._inverted(decided, images),
            "labels": self.tr("from {}").format(decided.labels) if decided.labels else self.tr("none"),
            "cut": self.tr("each digit") if decided.cut else self.tr("each picture"),
        }
        pictures = not decided.axes
        visible = {
            "axes": not pictures,
            "values": True,
            "invert": not decided.coloured or not reading.colour,
            "colour": decided.coloured,
            "labels": pictures or bool(decided.labels) or decided.columns > 1 or reading.labels != "auto",
            "frames": bool(decided.stacks) or reading.frames != "all",
            "cut": bool(decided.cut or decided.offered) or reading.cut != "auto",
            "broken": reading.broken != "few",
        }
        left_out = set() if pictures else {"folders", "names", "file"}
        left_out |= set() if decided.columns > 1 else {"first", "attributes"}
        for switch in SWITCHES:
            field, chosen = switch.field, getattr(reading, switch.field)
            box = self.boxes[field]
            entries = [entry for entry in switch.choices if entry[0] == chosen or entry[0] not in left_out]
            if field in automatic:
                entries[0] = self._automatic(chosen, automatic[field])
            box.set_entries(entries)
            box.show_value(chosen)
            box.setVisible(visible[field])
            self._names[field].setVisible(visible[field])

    def _automatic(self, chosen: Any, what: str) -> tuple[str, str]:
        """The entry by which the data decide, with what they said, if that is known."""
        text = self.tr("Automatic: {}").format(what) if chosen == "auto" else self.tr("Automatic")
        return "auto", text

    def _axes(self, decided: Decided) -> str:
        texts = {
            "first": self.tr("number first"),
            "last": self.tr("number last"),
            "transposed": self.tr("exchanged"),
        }
        return texts.get(decided.axes, "")

    def _inverted(self, decided: Decided, images: int) -> str:
        some = self.tr("{} of {} inverted").format(f"{decided.inverted:,}", f"{images:,}")
        what = {0: self.tr("dark, kept"), images: self.tr("light, inverted")}
        return what.get(decided.inverted, some)

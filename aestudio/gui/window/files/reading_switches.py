"""The decisions by which a user's images were read, each with a box to decide otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from aestudio.gui.theme.style import current_theme, keep_spaces
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.datasets.provenance import Decided
    from aestudio.datasets.reading import Reading
    from aestudio.gui.widgets.choice_box import Entry
    from aestudio.gui.widgets.plain_text import PlainLabel

_CHARACTERS = 16  # of a text that are seen at least


class ReadingSwitches(QWidget):
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
        for row, (field, text, tip) in enumerate(self._rows()):
            box = ChoiceBox(text, tip, characters=_CHARACTERS)
            box.chosen.connect(lambda value, field=field: self.decided.emit(field, value))
            name = label(text)
            name.setBuddy(box)
            name.setToolTip(tip)
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
            self.boxes[field], self._names[field] = box, name

    def _rows(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("axes", self.tr("Axes"), self.tr("Where the number of images stands among the dimensions")),
            ("values", self.tr("Values"), self.tr("From which number, black, to which one, white")),
            ("invert", self.tr("Background"), self.tr("Models learn light ink on a dark background")),
            ("colour", self.tr("Colours"), self.tr("Whether the images keep their colours")),
            ("labels", self.tr("Labels"), self.tr("What the classes of the images are taken from")),
            ("frames", self.tr("Pages"), self.tr("Of files with several pages or frames")),
        )

    def show_decided(self, decided: Decided, reading: Reading, images: int) -> None:
        """Show what was decided for this number of images, and the switches as they are set."""
        shown: dict[str, tuple[bool, Iterable[Entry]]] = {
            "axes": (bool(decided.axes), self._axes(decided, reading)),
            "values": (True, self._values(decided, reading)),
            "invert": (not decided.coloured or not reading.colour, self._invert(decided, reading, images)),
            "colour": (decided.coloured, self._colour()),
            "labels": (bool(decided.labels) or decided.columns > 1 or reading.labels != "auto", ()),
            "frames": (bool(decided.stacks) or reading.frames != "all", self._frames()),
        }
        shown["labels"] = (shown["labels"][0], self._labels(decided, reading))
        for field, (visible, entries) in shown.items():
            box = self.boxes[field]
            box.set_entries(entries)
            box.show_value(getattr(reading, field))
            box.setVisible(visible)
            self._names[field].setVisible(visible)

    def _automatic(self, chosen: Any, what: str) -> tuple[str, str]:
        """The entry by which the data decide, with what they said, if that is known."""
        text = self.tr("Automatic: {}").format(what) if chosen == "auto" else self.tr("Automatic")
        return "auto", text

    def _axes(self, decided: Decided, reading: Reading) -> tuple[Entry, ...]:
        texts = {
            "first": self.tr("number first"),
            "last": self.tr("number last"),
            "transposed": self.tr("exchanged"),
        }
        return (
            self._automatic(reading.axes, texts.get(decided.axes, "")),
            ("first", self.tr("Number of images first")),
            ("last", self.tr("Number of images last, as MATLAB has it")),
            ("transposed", self.tr("Rows and columns exchanged")),
        )

    def _values(self, decided: Decided, reading: Reading) -> tuple[Entry, ...]:
        ends = self.tr("from {} to {}").format(f"{decided.bottom:g}", f"{decided.top:g}")
        return (
            self._automatic(reading.values, ends),
            ("own", self.tr("From least to greatest")),
            ("bytes", self.tr("From 0 to 255")),
        )

    def _invert(self, decided: Decided, reading: Reading, images: int) -> tuple[Entry, ...]:
        some = self.tr("{} of {} inverted").format(f"{decided.inverted:,}", f"{images:,}")
        what = {0: self.tr("dark, kept"), images: self.tr("light, inverted")}
        return (
            self._automatic(reading.invert, what.get(decided.inverted, some)),
            ("no", self.tr("Dark: keep all")),
            ("yes", self.tr("Light: invert all")),
        )

    def _colour(self) -> tuple[Entry, ...]:
        return (True, self.tr("Keep them")), (False, self.tr("Turn into grey"))

    def _labels(self, decided: Decided, reading: Reading) -> tuple[Entry, ...]:
        automatic = self.tr("from {}").format(decided.labels) if decided.labels else self.tr("none")
        entries: list[Entry] = [self._automatic(reading.labels, automatic)]
        if decided.columns > 1:
            first = self.tr("The first of {} an image").format(decided.columns)
            entries += [("first", first), ("attributes", self.tr("All of them, as attributes"))]
        return *entries, ("none", self.tr("Leave them out"))

    def _frames(self) -> tuple[Entry, ...]:
        return ("all", self.tr("Each is an image")), ("first", self.tr("The first of each file"))

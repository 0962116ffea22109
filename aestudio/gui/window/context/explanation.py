"""The answer to "What is this?", beside the thing: the glossary's sentences, and its tooltip's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.glossary import explanation, term, terms
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.popup_frame import PopupFrame

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.widgets.offer import Offer

translate = QCoreApplication.translate

_WIDTH, _GAP = 340, 4  # logical pixels


def show_explanation(offer: Offer, widget: QWidget, at: QPoint, window: QWidget) -> Explanation:
    """Open it at a place of the screen; it is deleted when it closes."""
    explanation = Explanation(offer, at, window)
    explanation.closed.connect(explanation.deleteLater)
    explanation.open_at(widget)
    return explanation


class Explanation(PopupFrame):
    """A heading and a sentence for each term, then the tooltip without those; a button opens the glossary."""

    def __init__(self, offer: Offer, at: QPoint, window: QWidget) -> None:
        super().__init__()
        self._at = at
        parts: list[QWidget] = []
        keys, rest = explained_terms(offer)
        for one in map(term, keys):
            parts += [label(one.title(), "label"), label(one.sentence(), "muted")]
        if rest:
            parts.append(label(rest, "muted"))
        what = (offer.what or offer.chart).splitlines()
        if not keys and what:
            parts.insert(0, label(what[0], "label"))
        for part in parts:
            part.setWordWrap(True)  # type: ignore[attr-defined]
        self.sentences = tuple(part.text() for part in parts)  # type: ignore[attr-defined]
        self.glossary = TextButton("", translate("things", "Glossary"), role="quiet")
        self.glossary.clicked.connect(lambda: self._open_glossary(keys, window))
        column(*parts, row(fill(), self.glossary), gap=4, margins=12, on=self)
        self.setFixedWidth(current_theme().px(_WIDTH))
        self.setAccessibleName(" ".join(self.sentences))

    def _open_glossary(self, keys: tuple[str, ...], window: QWidget) -> None:
        from aestudio.gui.window.glossary_dialog import show_glossary

        self.hide()
        show_glossary(window, term(keys[0]).title() if keys else "")

    def _place(self) -> None:
        """Beside the place, inside the window."""
        window, size, gap = self.window(), self._needed_size(), current_theme().px(_GAP)
        corner = window.mapFromGlobal(self._at) + QPoint(gap, gap)
        left = max(0, min(corner.x(), window.width() - size.width()))
        top = max(0, min(corner.y(), window.height() - size.height()))
        self.setGeometry(left, top, size.width(), size.height())


def explained_terms(offer: Offer) -> tuple[tuple[str, ...], str]:
    """The terms to be explained: its own, then others that its tooltip explains; and the rest of that."""
    keys, rest = list(offer.terms), offer.help
    for one in terms():
        text = explanation(one.key)
        if text in rest:
            rest = rest.replace(text, "")
            keys += [one.key] if one.key not in keys else []
    return tuple(keys), "\n".join(line for line in rest.splitlines() if line.strip())

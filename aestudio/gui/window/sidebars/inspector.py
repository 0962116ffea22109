"""The inspector: what is under the cursor, or selected: digit, reconstruction, error, code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown, error_image
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.views.shared.error_scale import ERROR_LIMIT
from aestudio.gui.widgets.digit_view import DigitView
from aestudio.gui.widgets.plain_text import MarkupLabel, PlainLabel, one_line

if TYPE_CHECKING:
    from aestudio.gui.inference.requests.exploration_request import Inspected
    from aestudio.gui.state.studio_state import StudioState

_WIDTH = 200
_SIDE = 67
_MOST_NUMBERS = 12
_LONGEST = 16  # characters of a class name


class Inspector(QWidget):
    """Three small images and a table; the hovered digit goes before the selected one."""

    def __init__(self, session: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del session
        theme = current_theme()
        heading = PlainLabel(self.tr("Inspector"))
        set_role(heading, "label")
        self.heading = PlainLabel()
        set_role(self.heading, "muted")
        self.original, self.picture, self.error = (DigitView(smallest=_SIDE) for _ in range(3))
        pictures = QGridLayout()
        pictures.setSpacing(theme.px(4))
        words = (self.tr("input"), self.tr("output"), self.tr("error"))
        for place, (view, word) in enumerate(
            zip((self.original, self.picture, self.error), words, strict=True)
        ):
            keep_length(view, lambda view, theme: view.setFixedHeight(theme.px(_SIDE)))
            view.set_hint("")
            caption = PlainLabel(word)
            caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            set_role(caption, "caption")
            pictures.setColumnStretch(place, 1)
            pictures.addWidget(view, 0, place)
            pictures.addWidget(caption, 1, place)
        self.error.setToolTip(self.tr("Reconstruction minus digit: too bright or too dark"))
        self.facts = MarkupLabel()
        self.facts.setWordWrap(True)
        # Of a fixed size: another text would make Qt lay out the whole window, twice a second.
        keep_length(self.facts, lambda facts, theme: facts.setFixedSize(theme.px(_WIDTH), theme.px(124)))
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(heading)
        column.addWidget(self.heading)
        column.addLayout(pictures)
        column.addWidget(self.facts)
        self._shown = Shown()

    def requests(self, state: StudioState) -> tuple:
        """The session itself asks for the selected and the hovered digit."""
        del state
        return ()

    def show_state(self, state: StudioState) -> None:
        """Show the digit under the cursor, or the selected one."""
        hovered = state.value("hovered") if state.hovered >= 0 else None
        found: Inspected | None = hovered if hovered is not None else state.value("inspect")
        if not self._shown.differs(found, state.ink_on_paper, current_theme()):
            return
        if found is None:
            self.heading.setText(self.tr("Point at a digit to see it."))
            for view in (self.original, self.picture, self.error):
                view.set_digit(None)
            self.facts.setText("")
            return
        kind = self.tr("Test digit {}") if found.test else self.tr("Training digit {}")
        name = kind.format(f"{found.index:,}")
        self.heading.setText(
            self.tr("{}, class {}").format(name, one_line(found.label, _LONGEST)) if found.label else name
        )
        self.original.set_digit(as_shown(found.original, state.ink_on_paper))
        self.picture.set_digit(
            None if found.reconstruction is None else as_shown(found.reconstruction, state.ink_on_paper)
        )
        self.error.set_digit(
            None if found.error is None else error_image(found.error, current_theme(), ERROR_LIMIT)
        )
        self.facts.setText(self._facts(found))
        self.facts.setFixedHeight(max(self.facts.height(), self.facts.heightForWidth(self.facts.width())))

    def _facts(self, found: Inspected) -> str:
        rows: list[tuple[str, str]] = []
        if found.squared_error is not None:
            rows.append((self.tr("Squared error"), f"{found.squared_error:.2f}"))
            rows.append((self.tr("per pixel"), f"{found.squared_error / 784:.4f}"))
        if found.probabilities is not None:
            best = np.argsort(found.probabilities)[::-1][:3]
            rows += [(self.tr("Class {}").format(i), f"{100 * found.probabilities[i]:.1f} %") for i in best]
        if found.code is not None:
            shown = found.code[:_MOST_NUMBERS]
            numbers = "  ".join(f"{value:+.2f}".replace("-", "−") for value in shown)
            more = " …" if len(found.code) > _MOST_NUMBERS else ""
            rows.append((self.tr("Code"), numbers + more))
        cells = (
            f"<tr><td style='padding-right:8px'>{name}</td><td>{value}</td></tr>" for name, value in rows
        )
        return f"<table>{''.join(cells)}</table>"

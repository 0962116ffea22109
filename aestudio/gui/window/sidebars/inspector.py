"""The inspector: the image under the pointer, or the selected one, with reconstruction, error and code."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from aestudio.gui.state.capabilities import is_discrete, no_encoder, no_reconstruction
from aestudio.gui.state.condition_state import class_titles
from aestudio.gui.state.image_tags import tags_by_number
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import shown_text
from aestudio.gui.views.shared.error_maps import error_map, in_colour
from aestudio.gui.views.shared.image_offer import image_offer
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.glossary import set_term
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.plain_text import MarkupLabel, one_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.requests.exploration_request import Inspected
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.widgets.offer import Offer

_FACTS = 108
_SIDE = 67
_LARGEST = 255
_MAXIMUM_NUMBERS = 12
_LONGEST = 16  # characters of a class name


class Inspector(QWidget):
    """Three small images and a table; an image under the pointer has priority over the selected one."""

    def __init__(
        self, session: Session, corner: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """corner: a button beside the heading"""
        super().__init__(parent)
        self._session = session
        theme = current_theme()
        self.heading = ElidedLabel(muted=True)  # a long name of a class does not make the sidebar wider
        self.heading.set_mode(Qt.TextElideMode.ElideRight)
        self.original, self.reconstruction, self.error = (ImageView(smallest=_SIDE) for _ in range(3))
        images = QGridLayout()
        images.setSpacing(theme.px(4))
        self.captions = captions = [label(text, "caption") for text in (self.tr("Input"), "", "")]
        _, self.reconstruction_caption, self.error_caption = captions
        for number, (view, caption) in enumerate(
            zip((self.original, self.reconstruction, self.error), captions, strict=True)
        ):
            keep_length(view, lambda view, theme: view.setFixedHeight(theme.px(_SIDE)))
            view.set_hint("")
            caption.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            images.setColumnStretch(number, 1)
            images.addWidget(view, 0, number)
        # "Reconstruction" is wider than its image: the other two share what it leaves.
        images.addLayout(row(fill(captions[0]), captions[1], fill(captions[2]), gap=0), 1, 0, 1, 3)
        for number, view in enumerate((self.original, self.reconstruction, self.error)):
            view.describe = lambda _, number=number: self._describe_image(number)
        self._describe_error(colour=False)
        self.facts = MarkupLabel()
        set_term(self.facts, "code", "nats", "squared_error")
        self.facts.setWordWrap(True)
        # A fixed height and no width of its own: otherwise each new text would make Qt lay out the whole
        # window, twice a second.
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        keep_length(self.facts, lambda facts, theme: facts.setFixedHeight(theme.px(_FACTS)))
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.marks = [
            ChannelMark(part, "inspect", "hovered", quiet=True)
            for part in (self.reconstruction, self.error, self.facts)
        ]
        for part in (self.reconstruction, self.error, *captions[1:]):  # of a classifier their place stays
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        title = label(self.tr("Inspector"), "label")
        head = row(fill(title), *(() if corner is None else (corner,)))
        column(head, self.heading, images, self.facts, on=self)
        self._shown = Shown()
        self._errors: NDArray[np.float32] | None = None

    def _describe_image(self, number: int) -> Offer:
        """What the context menu offers of the image, its reconstruction or its error."""
        state = self._session.state
        made = ("", self.tr("Reconstruction"), self.tr("Error"))[number]
        hovered = state.hovered >= 0 and state.value("hovered") is not None
        shown, channel = (state.hovered, "hovered") if hovered else (state.selected, "inspect")
        return image_offer(state, shown, made=made, channel=channel)

    def _describe_error(self, colour: bool) -> None:
        self.error_caption.setText(self.tr("Luminance\nerror") if colour else self.tr("Error"))
        # Beside the longer caption there is no space for the word in one line.
        whole, divided = self.tr("Reconstruction"), self.tr("Recon-\nstruction")
        self.reconstruction_caption.setText(divided if colour else whole)
        self.error.setToolTip(
            self.tr("Luminance of reconstruction minus image: too bright or too dark")
            if colour
            else self.tr("Reconstruction minus image: too bright or too dark")
        )

    def requests(self, state: StudioState) -> tuple:
        """None: the session requests the selected and the hovered image."""
        del state
        return ()

    def show_state(self, state: StudioState, *, comparison: bool = False) -> None:
        """Show the image under the pointer, or the selected one.

        comparison: whether the view in front shows compared runs: what another model makes of the image does
        not belong beside them
        """
        hovered = state.value("hovered") if state.hovered >= 0 else None
        inspected: Inspected | None = hovered if hovered is not None else state.value("inspect")
        problem = state.problem("inspect")
        if comparison:
            inspected, problem = None, self.tr("Each compared run shows the image in its own column.")
        for part in (self.reconstruction, self.error, *self.captions[1:]):
            part.setVisible(not no_reconstruction(state.snapshot))
        channel = "hovered" if hovered is not None else "inspect"
        for mark in self.marks:
            mark.show_state(state, channel, visible=inspected is not None)
        tags, classes = _tags_of(inspected, state), class_titles(state)
        without = no_encoder(state.snapshot)
        if not self._shown.differs(
            inspected, state.ink_on_paper, current_theme(), without, problem, classes, *tags
        ):
            return
        if inspected is None:
            self._errors = None
            self.heading.set_text("" if problem else self.tr("Point at an image to see it."))
            for view in (self.original, self.reconstruction, self.error):
                view.set_image(None)
            self.facts.setText(html.escape(problem))
            return
        kind = self.tr("Test image {}") if inspected.test else self.tr("Training image {}")
        name = kind.format(f"{inspected.index:,}")
        if inspected.label:
            name = self.tr("{}, class {}").format(name, one_line(inspected.label, _LONGEST))
        shown, whole = tags
        self.heading.set_text(f"{name} · {shown}" if shown else name)
        self.heading.setToolTip(whole)
        self.original.set_image(as_shown(inspected.original, state.ink_on_paper))
        self.reconstruction.set_image(
            None
            if inspected.reconstruction is None
            else as_shown(inspected.reconstruction, state.ink_on_paper)
        )
        self._describe_error(in_colour(inspected.original))
        self._errors = inspected.error
        self.error.set_image(None if inspected.error is None else _error_map(inspected.error))
        self.facts.setText(self._facts(inspected, state))
        self.facts.setFixedHeight(max(self.facts.height(), self.facts.heightForWidth(self.facts.width())))

    def hasHeightForWidth(self) -> bool:
        """No: the facts keep their height. Otherwise a low window would cut them for the runs below."""
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "_errors") and self._errors is not None:
            self.error.set_image(_error_map(self._errors))

    def _facts(self, inspected: Inspected, state: StudioState) -> str:
        if no_encoder(state.snapshot):
            return no_encoder(state.snapshot)
        rows: list[tuple[str, str]] = []
        code = ""
        if inspected.squared_error is not None:
            rows.append((self.tr("Squared error"), f"{inspected.squared_error:.2f}"))
            rows.append((self.tr("per pixel"), f"{inspected.squared_error / inspected.original.size:.4f}"))
        if inspected.condition is not None:
            rows.append((self.tr("Decoded"), html.escape(shown_text(state, inspected.condition))))
        if inspected.probabilities is not None:
            best = np.argsort(inspected.probabilities)[::-1][:3]
            names = dict(enumerate(class_titles(state)))
            rows.append((self.tr("Predicted"), ""))
            rows += [
                (
                    self.tr("Class {}").format(html.escape(one_line(names.get(i, str(i)), _LONGEST))),
                    f"{100 * inspected.probabilities[i]:.1f} %",
                )
                for i in best.tolist()
            ]
        if inspected.code is not None:
            shown = inspected.code[:_MAXIMUM_NUMBERS]
            text = "{:.0f}" if is_discrete(state.snapshot) else "{:+.2f}"
            numbers = "  ".join(text.format(value).replace("-", "−") for value in shown)
            more = " …" if len(inspected.code) > _MAXIMUM_NUMBERS else ""
            rows.append((self.tr("Code"), ""))
            code = f"<tr><td colspan='2'>{numbers}{more}</td></tr>"  # four in a line, below their name
        cells = (
            f"<tr><td style='padding-right:8px'>{name}</td><td>{value}</td></tr>" for name, value in rows
        )
        return f"<table>{''.join(cells)}{code}</table>"


def _tags_of(inspected: Inspected | None, state: StudioState) -> tuple[str, str]:
    """The tags of an image, short, and all that is written about it; "" for an image without."""
    if inspected is None or state.dataset is None:
        return "", ""
    number = inspected.index if inspected.test else len(state.dataset.test) + inspected.index
    entry = tags_by_number(state).get(number)
    if entry is None:
        return "", ""
    first = entry.tags[0] if entry.tags else QCoreApplication.translate("Inspector", "note")
    more = f" +{len(entry.tags) - 1}" if len(entry.tags) > 1 else ""
    whole = "\n".join(text for text in (", ".join(entry.tags), entry.note) if text)
    return one_line(first, _LONGEST) + more, whole


def _error_map(errors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Errors (C, H, W), pixels from 0 to 1, as colours uint8 (3, H, W)."""
    return error_map(np.rint(errors * _LARGEST).astype(np.int16), current_theme())

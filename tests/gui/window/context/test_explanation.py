"""What is this: the sentences of the glossary, each once, and what the tooltip says besides."""

from __future__ import annotations

from aestudio.gui.widgets.glossary import explained, term
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.window.context.explanation import explained_terms


def test_terms_of_the_tooltip_are_explained_as_terms() -> None:
    offer = Offer(terms=("loss",), help=explained("Below each image: its loss", "loss", "nats"))
    assert explained_terms(offer) == (("loss", "nats"), "Below each image: its loss")


def test_without_a_term_the_tooltip_is_the_answer() -> None:
    assert explained_terms(Offer(help="Draws other samples\n(Ctrl+R)")) == (
        (),
        "Draws other samples\n(Ctrl+R)",
    )
    assert explained_terms(Offer(help=f"{term('r').title()} is not explained here"))[0] == ()

"""The glossary: each term that a student may not know, once, in one sentence.

Help shows all of them, and a widget whose label is such a term explains it in its tooltip (`set_term`).
Formulas and definitions are those of the papers named in README and in the parts that compute them.
"""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.glossary_of_codes import CODE_TERMS
from aestudio.gui.widgets.glossary_of_training import TRAINING_TERMS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.widgets.glossary_term import Term

translate = QCoreApplication.translate

_CHARACTERS = 76  # of a line of a tooltip
PROPERTY = "term"  # of a widget: the keys of the terms that its tooltip explains

_TERMS = (*CODE_TERMS, *TRAINING_TERMS)
_BY_KEY = {one.key: one for one in _TERMS}

# Settings and loss terms, by their names in recipes and files, that are explained by a term.
OF_SETTINGS = {
    "heads": "attention",
    "batch_size": "batch",
    "beta": "beta",
    "epochs": "epoch",
    "flows": "normalising_flow",
    "free_bits": "free_bits",
    "hidden_labels": "semi_supervised",
    "latent_size": "latent_dimension",
    "learning_rate": "learning_rate",
    "mixture_size": "mixture_prior",
    "patience": "early_stopping",
    "seed": "seed",
    "sparsity": "sparsity",
    "top_size": "levels",
    "validation_images": "validation",
    "warmup_epochs": "warm_up",
}
OF_LOSSES = {
    "bottom_kl": "levels",
    "class_kl": "kl",
    "critic_accuracy": "critic",
    "critic_loss": "critic",
    "code_kl": "mixture_prior",
    "category_information": "mutual_information",
    "number_information": "mutual_information",
    "negative_log_likelihood": "autoregressive",
    "cross_entropy": "cross_entropy",
    "group_kl": "mixture_prior",
    "kl": "kl",
    "log_determinant": "normalising_flow",
    "loss": "loss",
    "negative_elbo": "elbo",
    "recognition": "wake_sleep",
    "reconstruction": "reconstruction",
    "top_kl": "levels",
}


def terms() -> tuple[Term, ...]:
    """Every term, in the order of their titles in the present language."""
    return tuple(sorted(_TERMS, key=lambda term: term.title().casefold()))


def term(key: str) -> Term:
    """The term of this key; raises KeyError for an unknown one."""
    return _BY_KEY[key]


def explanation(*keys: str) -> str:
    """ "Title: sentence" of each of these terms, wrapped; raises KeyError for an unknown one.

    A tooltip of plain text does not wrap by itself, and would be as wide as the screen.
    """
    texts = (translate("glossary", "{}: {}").format(term(key).title(), term(key).sentence()) for key in keys)
    return "\n".join(map(_wrapped, texts))


@lru_cache(maxsize=256)
def _wrapped(text: str) -> str:
    """Kept: the tooltips of ten sliders are set again whenever something is known about them."""
    return textwrap.fill(text, _CHARACTERS)


def explained(text: str, *keys: str) -> str:
    """A tooltip's text with the explanation of these terms below it; raises KeyError for an unknown one."""
    return "\n".join(part for part in (text, explanation(*keys)) if part)


def set_term(widget: QWidget, *keys: str) -> None:
    """Explain the terms that a widget's label shows in its tooltip, below what that says already.

    For a widget whose tooltip changes, use `explained` where it is set. Raises KeyError for an unknown term.
    """
    widget.setToolTip(explained(widget.toolTip(), *keys))
    widget.setProperty(PROPERTY, " ".join(keys))

"""How texts of figures are written: in Aileron (public domain, CC0), of which Pillow brings English letters.

What it lacks is written in a typeface of this computer that has it, by its outlines: class names are in any
language. What none has is "?", and `lost_letters` tells it, so that it is said.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.export.typefaces.system_typefaces import typeface_with
from aestudio.export.typefaces.truetype import Typeface

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta"},
    **{"κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau"},
    **{"φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "Delta", "Σ": "Sigma", "Ω": "Omega"},
    **{"→": "->", "←": "<-", "−": "-", "–": "-", "—": "-", "×": "x", "≤": "<=", "≥": ">=", "≈": "~"},
    **{"²": "^2", "³": "^3", "√": "sqrt", "∞": "infinity", "…": "..."},
}
"""How signs and single Greek letters are written, which the typeface lacks."""
_NEAR = {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
"""Letters that have no accent to leave out, where no typeface has them."""


@dataclass(frozen=True, eq=False)
class Written:
    """A text in letters that its typeface has. own: whether that is the figures' own, which a PDF embeds"""

    text: str
    face: Typeface
    own: bool

    def width(self, size: float) -> float:
        """In points."""
        return self.face.width(self.text, size)


@cache
def figure_type() -> Typeface:
    """The typeface; raises StudioError if this Pillow was built without it."""
    from PIL import ImageFont

    font: Any = ImageFont.load_default(12)
    data = getattr(font, "font_bytes", None)
    if not isinstance(data, bytes):
        raise StudioError(
            "This Pillow has no typeface, without which no figure is drawn",
            advice="Install Pillow anew: pip install --force-reinstall pillow",
        )
    return Typeface(data)


def text_width(text: str, size: float) -> float:
    """Of a text as it is written, in points."""
    return written(text).width(size)


@lru_cache(maxsize=2_000)
def written(text: str) -> Written:
    """How a text is written in a figure."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    plain = _plain(text)
    if plain is not None:
        return Written(plain, figure_type(), own=True)
    face = None if _needs_shaping(text) else typeface_with(text)
    if face is not None:
        return Written(text, face, own=False)
    return Written(_without_what_lacks(text), figure_type(), own=True)


def lost_letters(texts: Iterable[str]) -> str:
    """Letters of these texts that are written as others, or as "?", because no typeface here has them."""
    lost: set[str] = set()
    for text in texts:
        found = written(text)
        if found.own and _plain(text) is None:
            known = figure_type().letters
            lost |= {letter for letter in text if letter not in known and letter not in _WORDS}
    return "".join(sorted(lost))


def _plain(text: str) -> str | None:
    """In the figures' own typeface, signs and single Greek letters by their names; None if it lacks one."""
    known = figure_type().letters
    greek = [_is_greek(letter) for letter in text]
    if any(one and other for one, other in pairwise(greek)):
        return None  # a word, and no symbol
    if not all(letter in known or letter in _WORDS for letter in text):
        return None
    return "".join(letter if letter in known else _WORDS[letter] for letter in text)


def _is_greek(letter: str) -> bool:
    return "\u0370" <= letter <= "\u03ff"


def _needs_shaping(text: str) -> bool:
    """Whether letters are joined, marked or written from the right: outlines side by side would be wrong."""
    return any(
        unicodedata.bidirectional(letter) in ("R", "AL", "AN") or unicodedata.category(letter) in ("Mn", "Mc")
        for letter in text
    )


def _without_what_lacks(text: str) -> str:
    """Accents left out, "?" for other letters."""
    known = figure_type().letters
    letters: list[str] = []
    for letter in text:
        if letter in known:
            letters.append(letter)
            continue
        if letter in _WORDS or letter in _NEAR:
            letters.append(_WORDS.get(letter) or _NEAR[letter])
            continue
        plain = [one for one in unicodedata.normalize("NFKD", letter) if one in known]
        letters.append("".join(plain) or ("" if unicodedata.combining(letter) else "?"))
    return "".join(letters)

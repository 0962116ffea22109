"""How well typed words match an entry of the palette. No Qt.

Each typed word must be found; words may be in any order and may be beginnings, parts, or the letters of a
word with some left out ("lrn rt" finds "Learning rate"). Strings are searched, and no words compared one by
one in Python: so each key is answered within a frame, also among thousands of runs.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_WHOLE, _BEGINNING, _PART, _LETTERS = 4.0, 3.0, 2.0, 1.0
_IN_TEXT, _IN_KIND, _IN_HELP = 1.0, 0.6, 0.2  # what a match counts there
_SHORTEST = 2  # letters of a typed word that is looked for inside other words, or in a help sentence


@dataclass(frozen=True)
class Searchable:
    """What is searched of an entry: its words in lower case without accents, each between two spaces."""

    text: str
    kind: str
    help: str

    @classmethod
    def of(cls, text: str, kind: str, help_text: str) -> Searchable:
        """Take the words of the three texts."""
        return cls(_spaced(text), _spaced(kind), _spaced(help_text))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case and without accents."""
    plain = text.casefold()
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(mark for mark in parts if not unicodedata.combining(mark))
    return tuple(_WORD.findall(plain))


@lru_cache(maxsize=8192)
def _spaced(text: str) -> str:
    return f" {' '.join(words_of(text))} "


def score(query: tuple[str, ...], entry: Searchable) -> float | None:
    """How well the typed words match, more is better; None if one of them is not found.

    An entry whose text begins with the first typed word is better than one where it stands later.
    """
    total = 0.0
    for word in query:
        best = max(
            _IN_TEXT * _best(word, entry.text),
            _IN_KIND * _best(word, entry.kind),
            _IN_HELP * _best(word, entry.help, letters=False) if len(word) >= _SHORTEST else 0.0,
        )
        if best == 0.0:
            return None
        total += best
    first = bool(query) and entry.text.startswith(f" {query[0]}")
    return total + 0.5 * first


def _best(word: str, words: str, *, letters: bool = True) -> float:
    """The best match of a typed word with one of the words."""
    if f" {word}" in words:
        return _WHOLE if f" {word} " in words else _BEGINNING
    if not letters or len(word) < _SHORTEST:
        return 0.0
    if word in words:
        return _PART
    return _LETTERS if _in_order(word).search(words) else 0.0


@lru_cache(maxsize=64)
def _in_order(word: str) -> re.Pattern[str]:
    """A word that begins with the first letter and has the others in their order."""
    return re.compile(" " + "[^ ]*?".join(map(re.escape, word)))

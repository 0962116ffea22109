"""How well typed words match an entry of the palette. No Qt.

Each typed word must be found; words may be in any order and may be beginnings, parts, or the letters of a
word with some left out ("lrn rt" finds "Learning rate").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_WHOLE, _BEGINNING, _PART, _LETTERS = 4.0, 3.0, 2.0, 1.0
_IN_TEXT, _IN_KIND, _IN_HELP = 1.0, 0.6, 0.2  # what a match counts there
_SHORTEST = 2  # letters of a typed word that is looked for inside other words, or in a help sentence


@dataclass(frozen=True)
class Searchable:
    """What is searched of an entry, as words in lower case without accents."""

    text: tuple[str, ...]
    kind: tuple[str, ...]
    help: tuple[str, ...]

    @classmethod
    def of(cls, text: str, kind: str, help_text: str) -> Searchable:
        """Take the words of the three texts apart."""
        return cls(words_of(text), words_of(kind), words_of(help_text))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(mark for mark in plain if not unicodedata.combining(mark))))


def score(query: tuple[str, ...], entry: Searchable) -> float | None:
    """How well the typed words match, more is better; None if one of them is not found.

    An entry in whose text the first typed word stands first is better than one where it stands later.
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
    first = bool(query) and bool(entry.text) and entry.text[0].startswith(query[0])
    return total + 0.5 * first


def _best(word: str, words: tuple[str, ...], *, letters: bool = True) -> float:
    return max((_match(word, other, letters) for other in words), default=0.0)


def _match(word: str, other: str, letters: bool) -> float:
    if word == other:
        return _WHOLE
    if other.startswith(word):
        return _BEGINNING
    if len(word) >= _SHORTEST and letters:
        if word in other:
            return _PART
        if word[0] == other[:1] and _in_order(word, other):
            return _LETTERS
    return 0.0


def _in_order(word: str, other: str) -> bool:
    """Whether all letters of a word are in another one in the same order."""
    rest = iter(other)
    return all(letter in rest for letter in word)

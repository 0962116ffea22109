"""What a term of the glossary is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Term:
    """One term. key: untranslated; title: as labels write it; sentence: what it means, one sentence."""

    key: str
    title: Callable[[], str]
    sentence: Callable[[], str]

"""The error message for a damaged file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_REASON = 300


@dataclass(frozen=True)
class Damage:
    """Parts of the message. what: one sentence without a full stop; advice: what to do now."""

    what: str = "This file is damaged or cut off"
    advice: str = ""

    def error(self, path: Path, why: object = "") -> StudioError:
        """The error to raise for this file; why: the technical reason."""
        reason = " ".join(str(why).split())[:_LONGEST_REASON].rstrip(".")
        what = f"{self.what} ({reason})" if reason else self.what
        return StudioError(what, where=str(path), advice=self.advice)

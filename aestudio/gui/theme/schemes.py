"""The names of the themes that a user can choose. No Qt."""

from __future__ import annotations

from typing import Literal

Scheme = Literal["dark", "light", "system"]
SCHEMES: tuple[Scheme, ...] = ("dark", "light", "system")

"""The definition of one sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Sample:
    """Creates a widget with sample content; width and height of its panel are in logical pixels."""

    make: Callable[[], QWidget]
    width: int
    height: int

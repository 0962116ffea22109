"""How a benchmark is to be run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What every benchmark is told.

    data:    folder with MNIST in torchvision's layout
    rounds:  how often each side of a comparison runs; the median counts
    seconds: how long it runs each time
    peers:   whether the other libraries run too (in an environment of their own)
    """

    data: Path
    rounds: int = 7
    seconds: float = 3.0
    peers: bool = True

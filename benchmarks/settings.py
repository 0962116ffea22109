"""How a benchmark is to be run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "benchmarks"


@dataclass(frozen=True)
class Settings:
    """What every benchmark is told.

    data:    folder with MNIST in torchvision's layout
    rounds:  how often each side of a comparison runs; the median counts
    seconds: how long it runs each time
    peers:   whether the other libraries run too (in an environment of their own)
    peers_environment: folder of that environment; None: one in the user's cache
    results: folder for what is kept beside the figures (profiles); git ignores it
    """

    data: Path
    rounds: int = 7
    seconds: float = 3.0
    peers: bool = True
    peers_environment: Path | None = None
    results: Path = RESULTS

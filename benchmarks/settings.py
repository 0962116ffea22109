"""The settings of a run of the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "benchmarks"


@dataclass(frozen=True)
class Settings:
    """The settings that every benchmark gets.

    data:    folder with MNIST in torchvision's layout
    rounds:  how often each side of a comparison runs; the median counts
    seconds: how long each run lasts
    peers:   whether other libraries are measured too (in a separate environment)
    peers_environment: folder of that environment; None: one in the user's cache
    results: folder for other files, such as profiles; git ignores it
    """

    data: Path
    rounds: int = 7
    seconds: float = 3.0
    peers: bool = True
    peers_environment: Path | None = None
    results: Path = RESULTS

"""Kuzushiji-MNIST (Clanuwat et al. 2018): cursive hiragana from old Japanese books."""

from __future__ import annotations

from aestudio.datasets.published import published_source
from aestudio.datasets.published_set import Published

KMNIST = Published("kmnist", "KMNIST", ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"), "KMNIST")
SOURCE = published_source(
    KMNIST, "70,000 cursive hiragana from old Japanese books, ten kinds; 21 MB to download", order=40
)

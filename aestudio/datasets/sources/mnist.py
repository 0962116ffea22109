"""MNIST (LeCun, Cortes, Burges 1998)."""

from __future__ import annotations

from aestudio.datasets.dataset import DIGIT_NAMES
from aestudio.datasets.published import published_source
from aestudio.datasets.published_set import Published

MNIST = Published("mnist", "MNIST", DIGIT_NAMES, "MNIST")
SOURCE = published_source(MNIST, "70,000 handwritten digits, scanned; 11 MB to download", order=10)

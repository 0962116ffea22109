"""MNIST (LeCun, Cortes, Burges 1998)."""

from __future__ import annotations

from aestudio.data.digits import DIGIT_NAMES
from aestudio.data.published import Published, published_source

MNIST = Published("mnist", "MNIST", DIGIT_NAMES, "MNIST")
SOURCE = published_source(MNIST, "70,000 handwritten digits, scanned; 11 MB to download", order=10)

"""EMNIST, split "digits" (Cohen et al. 2017): 280,000 digits from the same forms as MNIST."""

from __future__ import annotations

from aestudio.datasets.dataset import DIGIT_NAMES
from aestudio.datasets.published import published_source
from aestudio.datasets.published_set import Published

EMNIST_DIGITS = Published(
    "emnist-digits",
    "EMNIST digits",
    DIGIT_NAMES,
    "EMNIST",
    files=(
        "emnist-digits-train-images-idx3-ubyte",
        "emnist-digits-train-labels-idx1-ubyte",
        "emnist-digits-test-images-idx3-ubyte",
        "emnist-digits-test-labels-idx1-ubyte",
    ),
    transposed=True,
)
SOURCE = published_source(
    EMNIST_DIGITS, "280,000 handwritten digits from MNIST's forms; 562 MB to download, once", order=50
)

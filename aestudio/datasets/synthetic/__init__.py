"""Built-in digits: handwriting drawn from pen strokes, used when MNIST is not available."""

from aestudio.datasets.synthetic.factors import FACTOR_NAMES
from aestudio.datasets.synthetic.generation import NAME, TITLE, generate
from aestudio.datasets.synthetic.styles import STYLES

__all__ = ["FACTOR_NAMES", "NAME", "STYLES", "TITLE", "generate"]

"""Built-in digits: handwriting drawn from pen strokes, for when MNIST cannot be had."""

from aestudio.data.strokes.factors import FACTOR_NAMES
from aestudio.data.strokes.generation import NAME, TITLE, generate
from aestudio.data.strokes.styles import STYLES

__all__ = ["FACTOR_NAMES", "NAME", "STYLES", "TITLE", "generate"]

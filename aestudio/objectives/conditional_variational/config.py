"""A conditional variational autoencoder (Sohn, Lee & Yan 2015): encoder and decoder are told the class."""

from __future__ import annotations

from typing import ClassVar

from aestudio.objectives.told_class import ToldClass
from aestudio.objectives.variational.config import Variational


class ConditionalVariational(Variational, ToldClass):
    """-E[log p(x|z, y)] + beta KL(q(z|x, y) || N(0, I)), with y the class of the image.

    The class need not be in the code, which keeps what is left: the style. The negative ELBO bounds
    -log p(x|y), so it is not that of a VAE, which is told nothing.
    """

    title: ClassVar[str] = "Conditional VAE"
    summary: ClassVar[str] = "The class is given, and the code keeps the style."
    formula: ClassVar[str] = "−log p(x|z,y) + β KL(q(z|x,y) ‖ p(z)), y the class"

    @property
    def pixels_text(self) -> str:
        return f"{super().pixels_text}, given the class"

"""An autoencoder that minimises the absolute error: the smallest objective that one can write."""

from __future__ import annotations

from typing import ClassVar

from aestudio.recipes.layer import Layer
from aestudio.recipes.objective import CodeKind, Objective, Term


class MeanAbsolute(Objective):
    title: ClassVar[str] = "Absolute error"
    summary: ClassVar[str] = "Sums the absolute errors of the pixels."
    code: ClassVar[CodeKind] = "point"

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "absolute error per image"),)

    def code_layer(self, features: int, latent_size: int) -> Layer:
        return Layer("code", (latent_size,), features * latent_size + latent_size)

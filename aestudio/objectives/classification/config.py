"""A classifier. As a probe it measures how much of the class pixels, codes or reconstructions keep."""

from __future__ import annotations

from typing import ClassVar

from aestudio.recipes.layer import Layer
from aestudio.recipes.objective import CodeKind, Objective, Term

CLASSES = 10


class Classification(Objective):
    """Cross-entropy of ten classes on the encoder's features; nothing is decoded."""

    title: ClassVar[str] = "Classification"
    summary: ClassVar[str] = "Predicts the class of the image; nothing is decoded."
    code: ClassVar[CodeKind] = "none"

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Cross-entropy", "nats per image"),
            Term("accuracy", "Accuracy", "share of images"),
        )

    def code_layer(self, features: int, latent_size: int) -> Layer:  # noqa: ARG002 - has no code
        return Layer("classes", (CLASSES,), features * CLASSES + CLASSES)

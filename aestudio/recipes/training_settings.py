"""How a recipe is trained."""

from __future__ import annotations

from typing import Literal

from aestudio.recipes.setting import Settings, setting

GRADIENT_SETTINGS = (
    *("learning_rate", "optimiser", "weight_decay", "momentum", "schedule", "gradient_clip"),
    *("precision", "initial_weights"),
)
"""Settings that say how parameters follow gradients: without effect if they are computed exactly."""


class Training(Settings):
    """Settings of the training loop, the same for every recipe."""

    epochs: int = setting(
        20,
        title="Epochs",
        unit="epochs",
        ge=1,
        le=10_000,
        help="How often every training image is seen.",
    )
    batch_size: int = setting(
        128,
        title="Batch size",
        unit="images",
        ge=1,
        le=60_000,
        help="Images per step.",
    )
    learning_rate: float = setting(
        1e-3,
        title="Learning rate",
        gt=0.0,
        le=10.0,
        live=True,
        logarithmic=True,
        help="Size of each step; with a schedule, its largest value.",
    )
    optimiser: Literal["adam", "adamw", "sgd", "rmsprop"] = setting(
        "adam",
        title="Optimiser",
        help="The rule that turns gradients into steps.",
    )
    weight_decay: float = setting(
        0.0,
        title="Weight decay",
        unit="per step",
        ge=0.0,
        le=1.0,
        help="AdamW shrinks the weights by learning rate times this; the others add it to the gradient.",
    )
    momentum: float = setting(
        0.9,
        title="Momentum",
        ge=0.0,
        le=0.999,
        applies_if=("optimiser", ("sgd",)),
        help="Share of the last step that is kept.",
    )
    schedule: Literal["constant", "cosine", "one_cycle"] = setting(
        "constant",
        title="Schedule",
        help="Course of the learning rate: constant, falling along a cosine, or up and down once.",
    )
    gradient_clip: float = setting(
        0.0,
        title="Gradient clipping",
        unit="norm, 0 = off",
        ge=0.0,
        le=1e6,
        help="Gradients longer than this are shortened to it.",
    )
    precision: Literal["auto", "float32", "bfloat16"] = setting(
        "auto",
        title="Precision",
        help=(
            "Of products in encoder and decoder. auto: bfloat16 if a trial at the start shows that this CPU "
            "is faster with it; float32: for figures that must agree between machines."
        ),
    )
    patience: int = setting(
        0,
        title="Early stopping",
        unit="validations, 0 = off",
        ge=0,
        le=1000,
        help=(
            "Stop after this many validations without a better validation loss (with several phases: that of "
            "the first one); the best weights are kept."
        ),
    )
    validation_images: int = setting(
        2_000,
        title="Validation images",
        unit="images",
        ge=0,
        le=50_000,
        help="Training images held back to watch the loss on; the test set is never used for it.",
    )
    validations_per_epoch: int = setting(
        2,
        title="Validations",
        unit="per epoch",
        ge=1,
        le=100,
        help="How often per epoch the validation loss is measured.",
    )
    initial_weights: Literal["default", "he", "xavier", "orthogonal"] = setting(
        "default",
        title="Initial weights",
        help="How the weights are drawn: torch's default, or He, Xavier, orthogonal with biases of 0. "
        "He's keep the signal in deep ReLU networks.",
    )
    seed: int = setting(
        0,
        title="Seed",
        ge=0,
        le=2**31 - 1,
        help="Fixes initial weights, order of the images and all noise.",
    )

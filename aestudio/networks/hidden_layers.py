"""Settings that networks have in common, each declared once, and the layers that they stand for. No torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from aestudio.layers.activation import Activation
from aestudio.layers.dropout import Dropout
from aestudio.layers.normalisation import Normalisation
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.activation import ActivationName
    from aestudio.layers.layer import Layer

NormalisationChoice = Literal["none", "batch", "layer"]

MOST_HALVINGS = 4  # after four convolutions little of an image is left


def channels_setting() -> Any:
    """The filters of convolutions that halve the sides, first to last: a tuple of whole numbers."""
    return setting(
        (16, 32),
        title="Channels",
        unit="filters",
        ge=1,
        le=256,
        longest=MOST_HALVINGS,
        help="Filters of each convolution that halves the image's sides, first to last, at most four.",
    )


def dense_units_setting() -> Any:
    """The units of the dense layer between convolutions and code: a whole number."""
    return setting(
        128,
        title="Dense units",
        unit="units",
        ge=1,
        le=2048,
        help="Units of the fully connected layer between the convolutions and the code.",
    )


def activation_setting() -> Any:
    """The function of hidden units: an `ActivationName`."""
    return setting(
        "relu",
        title="Activation",
        help="Function of each hidden unit. Smooth ones (GELU, SiLU, ELU, tanh) have no units that are "
        "always 0, as ReLU may have. He's initial weights follow it.",
    )


def normalisation_setting() -> Any:
    """How hidden units are normalised before their activation: a `NormalisationChoice`."""
    return setting(
        "none",
        title="Normalisation",
        help="Of hidden units, before the activation. Batch: each unit, or channel, over the images of the "
        "batch (Ioffe & Szegedy 2015). Layer: all units of one image (Ba et al. 2016).",
    )


def dropout_setting() -> Any:
    """The share of hidden units that are dropped."""
    return setting(
        0.0,
        title="Dropout",
        unit="share of units",
        ge=0.0,
        le=0.9,
        help="Share of each hidden layer's units that are set to 0 at random in each training step.",
    )


def after_product(
    activation: ActivationName, normalisation: NormalisationChoice, dropout: float
) -> tuple[Layer, ...]:
    """What follows a matrix or convolution of a hidden layer: normalisation, activation, dropout."""
    before = () if normalisation == "none" else (Normalisation(normalisation),)
    return (*before, Activation(activation), *((Dropout(dropout),) if dropout > 0 else ()))

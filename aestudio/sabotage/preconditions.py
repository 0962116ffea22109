"""What kinds of sabotage need of a model, each as the sentence that says why it cannot be done, or ""."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.transposed_convolution import TransposedConvolution
from aestudio.objectives.gaussian_code import GaussianPosterior
from aestudio.objectives.weighted_kl import WeightedKl

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.recipes.architecture import Architecture

_MANY = 8
_PRODUCTS = (Dense, Convolution, TransposedConvolution)


def no_weighted_kl(architecture: Architecture) -> str:
    """Of a loss in which β times a KL is added."""
    objective = architecture.recipe.objective
    if not isinstance(objective, WeightedKl):
        return "This loss has no KL with a weight β"
    return "" if objective.beta else "β is 0, so the KL has no effect"


def no_negative_elbo(architecture: Architecture) -> str:
    """The same, of a recipe that shows the negative ELBO beside its loss."""
    reason = no_weighted_kl(architecture)
    terms = [term.name for term in architecture.recipe.objective.terms()]
    return reason or ("" if "negative_elbo" in terms else "This recipe has no curve of the negative ELBO")


def no_gaussian_sample(architecture: Architecture) -> str:
    """Of a code that is drawn from a Gaussian posterior."""
    if isinstance(architecture.recipe.objective, GaussianPosterior) and architecture.reconstructs:
        return ""
    return "This recipe draws no code from a Gaussian posterior"


def no_reconstruction(architecture: Architecture) -> str:
    """Of a model that reconstructs images."""
    return "" if architecture.reconstructs else "This model reconstructs no images"


def no_classes(architecture: Architecture) -> str:
    """Of a model that learns to name the class."""
    if not any(term.name == "accuracy" for term in architecture.recipe.objective.terms()):
        return "This model does not learn to name the class"
    classes, width = architecture.data.classes, architecture.data.image.width
    return "" if classes <= width else f"These images are too narrow for {classes} classes"


def no_first_relu(architecture: Architecture) -> str:
    """Of an encoder whose first layer with weights has biases and is followed by a ReLU."""
    first = _first_product(architecture.encoder) if architecture.encodes else None
    layers = architecture.encoder
    after = layers[layers.index(first) + 1 :] if first is not None else ()
    if after and isinstance(after[0], Activation) and after[0].function == "relu":
        return ""
    return "The first layer of this encoder is not followed by a ReLU"


def no_wide_decoder(architecture: Architecture) -> str:
    """Of a decoder whose first layer with weights has many units, and another layer after it."""
    if not architecture.reconstructs:
        return "This model reconstructs no images"
    first = _first_product(architecture.decoder)
    others = [layer for layer in architecture.decoder if isinstance(layer, _PRODUCTS) and layer is not first]
    if first is None or not others:
        return "This decoder has no hidden layer of its own"
    units = first.units if isinstance(first, Dense) else first.channels
    return "" if units >= _MANY else f"The first layer of this decoder has only {units} units"


def _first_product(layers: tuple[Any, ...]) -> Dense | Convolution | TransposedConvolution | None:
    """The first layer, if nothing with weights is before it and it is a plain product."""
    for layer in layers:
        if isinstance(layer, _PRODUCTS):
            return layer
        if not _has_no_weights(layer):
            return None
    return None


def _has_no_weights(layer: Any) -> bool:
    from aestudio.layers.reshape import Flatten, Reshape

    return isinstance(layer, Flatten | Reshape)


def first_product(part: nn.Module) -> Any:
    """The module of the first layer with weights (Linear, Conv2d, ConvTranspose2d)."""
    from torch import nn

    kinds = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
    return next(module for module in part.modules() if isinstance(module, kinds))


def outputs_first(product: Any) -> Tensor:
    """Its weights as a view (U, ...), whose first axis is that of its units or channels."""
    from torch import nn

    weight: Tensor = product.weight
    return weight.transpose(0, 1) if isinstance(product, nn.ConvTranspose2d) else weight

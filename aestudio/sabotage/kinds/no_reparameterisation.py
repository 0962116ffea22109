"""The code is drawn in a way that no gradient passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import no_gaussian_sample
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    from aestudio.objectives.objective_module import NetworkFunctions
    from aestudio.recipes.architecture import Architecture


class NoReparameterisation(Sabotage):
    """The decoder gets the sample without its gradient."""

    title: ClassVar[str] = "No reparameterisation"
    summary: ClassVar[str] = "The code is drawn at random in a way that no gradient passes through."
    symptom: ClassVar[str] = "Reconstructions become one and the same blurred digit."
    diagnostic: ClassVar[str] = "dimensions"
    distractors: ClassVar[tuple[str, str, str]] = ("steps", "gap", "elbo")
    explanation: ClassVar[str] = (
        "The encoder learns from the KL alone, and the KL wants every posterior to be the prior: one "
        "dimension after another falls out of use, until the code says nothing. Kingma and Welling write "
        "the sample as mean + deviation × noise, so that the gradient of the reconstruction reaches the "
        "encoder."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_gaussian_sample(architecture)

    def network(self, functions: NetworkFunctions) -> NetworkFunctions:
        decode = functions.logits
        return functions._replace(logits=lambda codes: decode(codes.detach()))

"""An orthogonal autoencoder (Wang et al. 2019): the numbers of a code say different things."""

from __future__ import annotations

from typing import ClassVar

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting


class Orthogonal(Reconstruction):
    """d(x, decoder(z)) + lambda ||E[z z^T] - I||_F^2: numbers of a code are uncorrelated, of mean square 1.

    As for principal components, but of a network that may be deep; which axis says what is open.
    """

    title: ClassVar[str] = "Orthogonal autoencoder"
    summary: ClassVar[str] = "The numbers of a code are uncorrelated, and equally large."

    orthogonality: float = setting(
        10.0,
        title="Orthogonality λ",
        unit="× squared deviation",
        ge=0.0,
        le=100_000.0,
        live=True,
        help="How much correlations between the numbers of the codes count against the reconstruction.",
    )

    def added_terms(self) -> tuple[Term, ...]:
        return (Term("correlation", "Deviation from orthogonality", "‖E[z zᵀ] − I‖²"),)

    @property
    def compares_batches(self) -> bool:
        return True

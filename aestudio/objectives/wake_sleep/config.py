"""Wake-sleep (Hinton, Dayan, Frey & Neal 1995) for a Gaussian code."""

from __future__ import annotations

from typing import ClassVar

from aestudio.objectives.gaussian_code import NATS, GaussianPosterior
from aestudio.recipes.objective import Term
from aestudio.recipes.phase import Phase

WAKE, SLEEP = "wake", "sleep"


class WakeSleep(GaussianPosterior):
    """Two losses, per image, in turn.

    Wake changes the decoder: -E[log p(x|z)] with z from q(z|x), x an image. Sleep changes the encoder:
    -E[log q(z|x)] with z from N(0, I) and x drawn from p(x|z), an image that the model dreams. So the two do
    not minimise one loss, as in a VAE, and the encoder learns from dreams alone.
    """

    title: ClassVar[str] = "Wake-sleep"
    summary: ClassVar[str] = "The decoder learns from images, the encoder from what the decoder makes up."
    formula: ClassVar[str] = "wake: −log p(x|z); sleep: −log q(z|x), x ∼ p(x|z), z ∼ p(z)"

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("reconstruction", "Reconstruction", NATS, WAKE),
            Term("kl", "KL", NATS, WAKE),
            Term("negative_elbo", "Negative ELBO", NATS, WAKE),
            Term("recognition", "Recognition of dreams", NATS, SLEEP),
        )

    def phases(self) -> tuple[Phase, ...]:
        return (
            Phase(WAKE, "Wake", ("decoder",), "reconstruction"),
            Phase(SLEEP, "Sleep", ("encoder", "objective"), "recognition"),
        )

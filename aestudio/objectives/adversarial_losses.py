"""What critic and generator minimise, from the critic's logits (Goodfellow et al. 2014, arXiv:1406.2661)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor


def critic_loss(real: Tensor, fake: Tensor, smoothing: float | Tensor = 0.0) -> Tensor:
    """-(1 - s) log D(x) - s log(1 - D(x)) - log(1 - D(G(z))), in nats per image: a scalar.

    D is the sigmoid of the critic's logits (B, ...) of real and made examples. s, the smoothing, is how much
    of a real one is called made (one-sided label smoothing, Salimans et al. 2016, section 3.4).
    """
    real_loss = (1 - smoothing) * functional.softplus(-real) + smoothing * functional.softplus(real)
    return real_loss.mean() + functional.softplus(fake).mean()


def generator_loss(fake: Tensor) -> Tensor:
    """-log D(G(z)), the non-saturating loss, in nats per image: logits (B, ...) -> a scalar.

    log(1 - D(G(z))), which the critic's loss contains, has no gradient where the critic is sure.
    """
    return functional.softplus(-fake).mean()


def critic_accuracy(real: Tensor, fake: Tensor) -> Tensor:
    """The share of examples that the critic tells right, half of them real: logits (B, ...) -> a scalar.

    A logit of 0, which says nothing, is half right.
    """
    right = (real > 0).float().mean() + (fake < 0).float().mean()
    undecided = (real == 0).float().mean() + (fake == 0).float().mean()
    return (right + undecided / 2) / 2

"""Terms of the images whose labels the model is told, where some may be hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor


def labelled_terms(logits: Tensor, labels: Tensor, some_hidden: bool) -> tuple[Tensor, Tensor]:
    """Mean cross-entropy and accuracy, scalars, of logits (B, classes) and labels int64 (B,).

    some_hidden: whether a label may be negative, hidden; such an image counts for neither, and a batch of
                 none but such has 0
    """
    right = (logits.argmax(1) == labels).float()
    if not some_hidden:
        return functional.cross_entropy(logits, labels), right.mean()
    told = (labels >= 0).float()
    count = told.sum().clamp(min=1)
    losses = functional.cross_entropy(logits, labels.clamp(min=0), reduction="none")
    return (losses * told).sum() / count, (right * told).sum() / count

"""The diagnostics that a sabotage is caught with: where the window or `aestudio evaluate` shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnostic:
    """title: what is looked at; where: in which view it is"""

    name: str
    title: str
    where: str


DIAGNOSTICS = {
    one.name: one
    for one in (
        Diagnostic("steps", "The loss from step to step", "Train view: the large plot without smoothing"),
        Diagnostic("gap", "Training loss beside validation loss", "Train view: both lines of the large plot"),
        Diagnostic("kl", "The course of the KL", "Train view: the curve of the KL"),
        Diagnostic("elbo", "Loss beside negative ELBO", "Train view: the curves of loss and negative ELBO"),
        Diagnostic(
            "accuracy",
            "Training accuracy beside validation accuracy",
            "Train view: the curve of the accuracy",
        ),
        Diagnostic(
            "dimensions", "How many dimensions of the code are used", "Train view: the notice of a collapse"
        ),
        Diagnostic(
            "layers", "What each layer makes of one image", "Network view: the pictures of the layers"
        ),
        Diagnostic("probe", "Whether the class can be read from the code", "Features view: the linear probe"),
    )
}
"""By name, in the order in which choices are shown."""

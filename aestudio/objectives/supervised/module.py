"""Reconstruction and the class from one code (Le, Patterson & White 2018, "Supervised autoencoders")."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.errors import StudioError
from aestudio.objectives.labelled_terms import labelled_terms
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.reconstruction.module import Added
    from aestudio.objectives.supervised.config import Supervised
    from aestudio.recipes.architecture import Architecture


class SupervisedModule(ReconstructionModule["Supervised"]):
    """Adds w times the cross-entropy of the classes, and shows the accuracy: scalars per image."""

    classifier: nn.Module

    def added(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Added:  # noqa: ARG002 - of codes alone
        if batch.labels is None:
            raise StudioError("This recipe needs labels", advice="Choose a data set with labels.")
        classes = self.classifier(code)
        loss, accuracy = labelled_terms(classes, batch.labels, self.some_hidden)
        return {"class_loss": (batch.live["class_weight"], loss), "accuracy": (0.0, accuracy)}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return SupervisedModule(cast("Supervised", architecture.recipe.objective), architecture)

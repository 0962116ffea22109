"""The declaration of an objective: its settings, its latent, the terms and the phases of its loss."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.recipes.part import Part
from aestudio.recipes.phase import SINGLE, Phase, check_phases
from aestudio.recipes.training_settings import GRADIENT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.latent import Latent
    from aestudio.recipes.network import Network

PACKAGE = "aestudio.objectives"

ConditionKind = Literal["none", "labels", "factors"]

GroupName = Literal[
    "linear", "point", "robust", "variational", "discrete", "hierarchical", "adversarial", "supervised"
]
"""The groups of the gallery; `recipe_groups.py` says what they are called."""


@dataclass(frozen=True)
class Term:
    """One named part of a loss, as its curve is labelled. Values are per image.

    phase:   the name of the phase that it belongs to; "" if there is only one
    same_as: the name of the term whose values it always has, so that it needs no plot of its own; "" for none
    """

    name: str
    title: str
    unit: str
    phase: str = ""
    same_as: str = ""


class Objective(Part):
    """Settings of an objective; the subclass says what the codes are and what is minimised.

    formula:          the loss of one image in one line, with x the image, z its code, y what is decoded
    group:            where the gallery shows recipes of it
    encodes, decodes: whether the model has an encoder and a decoder; a GAN has no codes of images, a
                      classifier decodes nothing, so its latent is of the kind "none"
    condition:        what encoder and decoder are told besides the image or the code
    corrupts:         whether the encoder gets corrupted images in training
    accuracy_of_critic: the name of the term that says how often a critic is right; "" without a critic
    """

    formula: ClassVar[str] = ""
    group: ClassVar[GroupName] = "point"
    encodes: ClassVar[bool] = True
    decodes: ClassVar[bool] = True
    condition: ClassVar[ConditionKind] = "none"
    corrupts: ClassVar[bool] = False
    accuracy_of_critic: ClassVar[str] = ""

    @abstractmethod
    def terms(self) -> tuple[Term, ...]:
        """The loss terms, the minimised total of the first phase first."""

    def phases(self) -> tuple[Phase, ...]:
        """What a step minimises: one loss for all parameters, or several in order."""
        return SINGLE

    @abstractmethod
    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        """What the codes are. features: of one image, as the encoder gives them."""

    @abstractmethod
    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        """The layers between features and code that the objective owns; () for none."""

    def encoder_input(self, data: DataShape) -> Shape:
        """The shape of what the encoder takes for one image: the image itself, (C, H, W)."""
        return data.image.array

    def decoder_input(
        self,
        latent: Latent,
        head: Shape,  # noqa: ARG002 - for objectives of spatial networks
        data: DataShape,
    ) -> Shape:
        """The shape of what the decoder takes for one code: its numbers and the condition's.

        head: of one image, as the layers between features and code give it
        """
        return (latent.size + condition_size(self.condition, data),)

    def networks(
        self,
        features: Shape,  # noqa: ARG002 - most objectives have no further networks
        latent_size: int,  # noqa: ARG002
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        """Further networks that the objective owns, a critic for instance: inputs and layers by name."""
        return {}

    def image_loss(self) -> Term:
        """The loss of one image in curves and lists: its name, title and unit."""
        return Term("reconstruction", "Reconstruction", "squared error per image")

    @property
    def needs_labels(self) -> bool:
        """Whether the model is told the class of each image, or learns it."""
        return self.condition == "labels"

    def lacking(self, data: DataShape) -> str:
        """What the objective needs and such data do not have: "labels", "factors of variation", or ""."""
        if self.needs_labels and not data.classes:
            return "labels"
        return "factors of variation" if self.condition == "factors" and not data.factors else ""

    def fit_bytes(self, data: DataShape) -> int:  # noqa: ARG002 - most objectives have no exact phase
        """Bytes of what the exact phases sum up for such images."""
        return 0

    def decodings(self, data: DataShape) -> int:  # noqa: ARG002 - most decode each image once
        """How often each image of a batch is decoded in a step, from several codes or for each class."""
        return 1

    def batch_bytes(self, batch_size: int, latent_size: int) -> int:  # noqa: ARG002 - most have no such terms
        """Bytes of terms that compare the images of a batch with one another, at the peak of a step."""
        return 0

    @property
    def exact(self) -> bool:
        """Whether nothing is learned by gradients: every phase computes its parameters."""
        return all(phase.exact for phase in self.phases())

    def settings_without_effect(self) -> frozenset[str]:
        """Settings of network and training, by name, that change nothing with this objective."""
        return frozenset(GRADIENT_SETTINGS) if self.exact else frozenset()

    @property
    def labelled_images(self) -> int:
        """Images with known labels that each step gets besides its batch, if labels of others are hidden.

        In a batch of all images there may be none of a few labelled ones.
        """
        return 0

    @property
    def draws_codes(self) -> bool:
        """Whether the terms are computed with a sample of the posterior, so that they differ by draw."""
        return False

    @property
    def compares_batches(self) -> bool:
        """Whether a term is of a batch as a whole: an evaluation mixes the images of its batches then.

        Neighbours in a file are often alike (in MNIST they are of one writer), and then so are their codes.
        """
        return False

    @property
    def likelihood_text(self) -> str:
        """What kind of likelihood is among the terms, "" for none: kinds are not comparable."""
        return ""

    def check_declaration(self) -> None:
        """Raises ValueError for phases or terms that could not be told apart, or a loss that is no term."""
        self.image_loss()
        terms = self.terms()
        _check_names(terms)
        check_phases(self.phases(), [term.name for term in terms])

    def refuses(self, network: Network) -> str:
        """Why this objective cannot be combined with the network, or "" if it can.

        Codes are rows of numbers unless an objective says otherwise: networks whose features are maps do
        not decode them.
        """
        if network.autoregressive:
            return "this network predicts each pixel from those before it, and takes no code"
        return "its codes are rows of numbers, and this network decodes maps" if network.spatial else ""


def _check_names(terms: Sequence[Term]) -> None:
    for index, term in enumerate(terms):
        for earlier in terms[:index]:
            if earlier.name == term.name and earlier.phase == term.phase:
                raise ValueError(f"two terms have the name {term.name}")
            if earlier.name == term.name:
                raise ValueError(f"the phases {earlier.phase} and {term.phase} both have a term {term.name}")


def condition_size(condition: ConditionKind, data: DataShape) -> int:
    """Numbers of the condition of one image: one for each class, or for each factor of variation."""
    return {"none": 0, "labels": data.classes, "factors": data.factors}[condition]

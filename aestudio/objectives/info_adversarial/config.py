"""InfoGAN (Chen et al. 2016, arXiv:1606.03657): a part of the generator's code can be read off its images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten
from aestudio.objectives.adversarial.config import Adversarial
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.latent import Latent
    from aestudio.recipes.network import Network
    from aestudio.recipes.phase import Phase

RECOGNISER = "recogniser"
NATS = "nats per image"


class InfoAdversarial(Adversarial):
    """The GAN's losses; the generator's also has -lambda log Q(k|G) - mu log Q(c|G), per image.

    A code is (u, c, n), all of N(0, I). u stands for one of K categories, k = floor(K Phi(u)), each as
    probable; c are the told numbers; the generator gets k as K numbers of which one is 1, c, and the noise
    n. The recogniser Q, two layers above the critic's features, gives a probability of each category and a
    Gaussian N(m, s^2) of each told number. H(k) - E[-log Q(k|G)] and H(c) - E[-log Q(c|G)] are lower bounds
    of the information in nats that the image has about k and c (equation 5). The source draws c from
    U(-1, 1) and lets Q learn in the steps of generator and critic; here it has its own, which changes the
    critic's features, too, as there.
    """

    title: ClassVar[str] = "InfoGAN"
    summary: ClassVar[str] = "A GAN with a category and numbers in its code that can be read off the image."
    formula: ClassVar[str] = "GAN, generator − λ log Q(k) − μ log Q(c); Q −log Q(k, c | G)"

    categories: int = setting(
        10,
        title="Categories K",
        unit="categories",
        ge=2,
        le=100,
        help="The first number of the code stands for one of these: from −3 to 3 it goes through all.",
    )
    told_numbers: int = setting(
        2,
        title="Told numbers",
        unit="numbers",
        ge=0,
        le=64,
        help="The numbers of the code after the first that the recogniser has to read off the image; "
        "the others are noise.",
    )
    information_weight: float = setting(
        1.0,
        title="Weight of the category λ",
        unit="× nats",
        ge=0.0,
        le=100.0,
        live=True,
        help="How much it counts for the generator that the category can be read off its image.",
    )
    number_weight: float = setting(
        0.1,
        title="Weight of told numbers μ",
        unit="× nats",
        ge=0.0,
        le=100.0,
        live=True,
        help="How much it counts that told numbers can be read off. Less than for the category: a number "
        "that is read exactly gains without bound, and would leave nothing else to learn.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            *super().terms(),
            Term("deception", "Deception, −log D", NATS, "generator"),
            Term("recogniser_loss", "Recogniser's loss", NATS, RECOGNISER),
            Term("category_information", "Information about the category", NATS, RECOGNISER),
            Term("category_accuracy", "Categories read right", "share of images", RECOGNISER),
            *((self._information,) if self.told_numbers else ()),
        )

    @property
    def _information(self) -> Term:
        return Term("number_information", "Information about told numbers", NATS, RECOGNISER)

    def phases(self) -> tuple[Phase, ...]:
        critic, generator = super().phases()
        recogniser = replace(
            generator,
            name=RECOGNISER,
            title="Recogniser",
            parameters=("encoder", f"objective.{RECOGNISER}"),
            loss="recogniser_loss",
        )
        return replace(critic, parameters=("encoder", "objective.head")), generator, recogniser

    def networks(
        self,
        features: Shape,
        latent_size: int,  # noqa: ARG002
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        flat = () if len(features) == 1 else (Flatten(),)
        numbers = self.categories + 2 * self.told_numbers
        return {RECOGNISER: (features, (*flat, Dense(128), Activation("leaky_relu"), Dense(numbers)))}

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:  # noqa: ARG002
        return (latent.size - 1 + self.categories,)

    def refuses(self, network: Network) -> str:
        least = 1 + self.told_numbers
        if network.latent_size < least:
            return f"a category and {self.told_numbers} told numbers need a latent size of {least} or more"
        return super().refuses(network)

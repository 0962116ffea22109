"""What the codes of a model are: their kind and shape, their prior, and what a slider may move. No torch.

Views, metrics and commands ask for these capabilities, never for a class of objective or its name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.types import CodeArray

LatentKind = Literal["vector", "gaussian", "categorical", "codebook", "levels", "none"]


class Prior(Protocol):
    """A distribution of codes from which new ones are drawn."""

    def sample(self, count: int, generator: np.random.Generator, temperature: float = 1.0) -> CodeArray:
        """`count` codes float32 (count, L). temperature: 1 for the prior itself, less for typical codes."""
        ...

    def log_density(self, codes: CodeArray) -> NDArray[np.float64] | None:
        """The natural logarithm of the density of codes (N, L): (N,), or None if it is not known."""
        ...


@dataclass(frozen=True)
class NormalPrior:
    """N(0, I) of `size` numbers (Kingma & Welling 2013). temperature: the standard deviation."""

    size: int

    def sample(self, count: int, generator: np.random.Generator, temperature: float = 1.0) -> CodeArray:
        """`count` codes float32 (N, L)."""
        draws = generator.standard_normal((count, self.size), dtype=np.float32)
        return draws if temperature == 1.0 else (temperature * draws).astype(np.float32)

    def log_density(self, codes: CodeArray) -> NDArray[np.float64]:
        """(N, size) -> (N,), in nats."""
        squares = np.square(codes.astype(np.float64)).sum(axis=1)
        return -0.5 * (squares + self.size * math.log(2 * math.pi))


@dataclass(frozen=True)
class CategoricalPrior:
    """`size` independent choices, each of `choices` equally probable entries.

    temperature: the share of entries that are drawn; the others are entry 0. 1 and more: all are drawn
    """

    size: int
    choices: int

    def sample(self, count: int, generator: np.random.Generator, temperature: float = 1.0) -> CodeArray:
        """`count` codes float32 (N, L): whole numbers from 0 to choices - 1."""
        drawn = generator.integers(0, self.choices, (count, self.size))
        if temperature < 1.0:
            drawn *= generator.random((count, self.size)) < temperature
        return drawn.astype(np.float32)

    def log_density(self, codes: CodeArray) -> NDArray[np.float64]:
        """(N, size) -> (N,): the logarithm of the probability in nats, minus infinity for what is no code."""
        valid = (codes == np.rint(codes)) & (codes >= 0) & (codes < self.choices)
        return np.where(valid.all(axis=1), -self.size * math.log(self.choices), -np.inf)


@dataclass(frozen=True)
class Level:
    """A group of a code's numbers that belong to one level: its name and how many there are."""

    name: str
    size: int


@dataclass(frozen=True)
class Latent:
    """The codes of a model: one float32 array (N, size), whatever their kind.

    vector:      points; gaussian: mean and variance of a posterior; levels: groups of Gaussian numbers
    categorical: whole numbers, one for each variable; codebook: one for each place of a grid (h, w)
    none:        there is no code; `shape` is that of the encoder's result (class logits)
    shape:       of one image's code
    choices:     entries that a number of a categorical or codebook code is one of; 0 for continuous codes
    levels:      the groups of a code of several levels, from the first number on; () for one level
    prior:       None if the model has none; a discrete code always has one, with equally probable entries
                 unless the objective gives another, or the model learns it
    is_image: whether the code of an image is the image itself: nothing is compressed, and no number of it can
                 stop being used
    learned_prior: whether the prior has weights: the model draws from it (`FrozenModel.sample_prior`), and
                 there is no `prior`
    rounds_itself: whether the model says how its codes are rounded for a compressed file, and how probable
                 they are then (`ObjectiveModule.expected_numbers`)

    Raises ValueError for a prior that is both declared and learned, or learned without codes.
    """

    kind: LatentKind
    shape: tuple[int, ...]
    choices: int = 0
    levels: tuple[Level, ...] = ()
    prior: Prior | None = None
    learned_prior: bool = False
    is_image: bool = False
    rounds_itself: bool = False

    def __post_init__(self) -> None:
        """Give a discrete code a prior: no other distribution draws whole numbers that are entries."""
        if self.learned_prior and (self.prior is not None or not self.exists):
            raise ValueError("a prior is declared or learned, and it is one of codes")
        if self.choices and self.prior is None and not self.learned_prior:
            object.__setattr__(self, "prior", CategoricalPrior(self.size, self.choices))

    @property
    def size(self) -> int:
        """Numbers of one code, L."""
        return prod(self.shape)

    @property
    def has_prior(self) -> bool:
        """Whether codes can be drawn from a prior, declared or learned."""
        return self.prior is not None or self.learned_prior

    @property
    def continuous(self) -> int:
        """Numbers of the code that a slider may move, from the first on: all of them, or none."""
        return 0 if self.choices or self.kind == "none" else self.size

    def contains(self, code: Sequence[float]) -> bool:
        """Whether a discrete code (L,) is one: whole numbers from 0 to choices - 1."""
        return all(0 <= number < self.choices and number == int(number) for number in code)

    @property
    def exists(self) -> bool:
        """Whether there is a code at all."""
        return self.kind != "none"

    @property
    def no_sliders(self) -> str:
        """Why no slider may move the code, a sentence for people without a full stop; "" if one may."""
        if self.kind == "none":
            return "This model has no code"
        if self.kind == "codebook":
            return "Each place of this code is one entry of a codebook, and between two entries there is none"
        if self.kind == "categorical":
            return "Each number of this code is one of a few categories, and between two there is none"
        return ""

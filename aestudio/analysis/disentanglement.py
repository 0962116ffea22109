"""How well single numbers of a code stand for single factors: the mutual information gap.

Chen, Li, Grosse & Duvenaud 2018, "Isolating sources of disentanglement in VAEs", equation 6:

    MIG = 1/K sum_k 1/H(v_k) (I(z_j(k); v_k) - max_{j != j(k)} I(z_j; v_k)),   j(k) = argmax_j I(z_j; v_k)

1 where each factor v_k is told by one number z_j alone, 0 where two numbers tell as much. As in the paper z
is drawn from q(z | x), so that a number that has collapsed onto the prior tells nothing. Numbers and
factors are cut into 20 equally filled bins, so that neither outliers nor units count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.morphology import MEASURES, measure_images
from aestudio.datasets.dataset import ImageSet
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

BINS = 20
MOST_IMAGES = 5_000
SEED = 0
CLASS = "class"


@dataclass(frozen=True, eq=False)
class FactorTable:
    """Factors of variation of N digits, cut into bins: names, and int64 (N, K), each column from 0."""

    names: tuple[str, ...]
    bins: NDArray[np.int64]


@dataclass(frozen=True)
class FactorGap:
    """One factor's share of the figure.

    gap:       (information of the best number - of the second) / the factor's entropy, 0 to 1
    dimension: the number that tells most of the factor, from 0
    tells:     how much of the factor's entropy it tells, 0 to 1
    """

    factor: str
    gap: float
    dimension: int
    tells: float


@dataclass(frozen=True)
class Disentanglement:
    """The mutual information gap over a set of factors. mig: the mean of the factors' gaps, 0 to 1."""

    mig: float
    factors: tuple[FactorGap, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        factors = {
            each.factor: {"gap": each.gap, "dimension": each.dimension, "tells": each.tells}
            for each in self.factors
        }
        return {"mig": self.mig, "factors": factors}


@dataclass(frozen=True)
class LatentMetrics:
    """What is known of a run's latent space. None where there are no such factors.

    images:   how many test digits were looked at
    measured: over what `morphology` measures in the digits, and their class
    true:     over the factors that the digits were drawn with, and their class
    """

    images: int
    measured: Disentanglement | None
    true: Disentanglement | None

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file: "mig_measured", "mig_true" and what they are made of."""
        table: dict[str, Any] = {"images": self.images, "bins": BINS}
        for name, found in (("measured", self.measured), ("true", self.true)):
            table[f"mig_{name}"] = None if found is None else found.mig
            if found is not None:
                table[name] = found.to_json()["factors"]
        return table


def latent_metrics(
    snapshot: Snapshot,
    digits: ImageSet,
    progress: Progress = silent,
    measures: NDArray[np.float32] | None = None,
) -> LatentMetrics | None:
    """The figures over the test digits (5,000 at most, spread over the set); None where there are none:
    a code of a single number has no gap, a classifier no code.

    measures: of those digits, as `measures_of` gives them, where they are known already
    Raises what `progress` raises.
    """
    if snapshot.recipe.objective.code == "none" or snapshot.recipe.network.latent_size < 2 or not len(digits):
        return None
    chosen = looked_at(digits)
    codes = encode_set(FrozenModel(snapshot), chosen, progress)
    places = drawn(codes)
    table = measures_of(digits, progress) if measures is None else measures
    measured = _gap(places, measured_factors(chosen, table))
    return LatentMetrics(len(chosen), measured, _gap(places, true_factors(chosen)))


def looked_at(digits: ImageSet) -> ImageSet:
    """The digits that the figures are over: of a larger set an even choice."""
    if len(digits) <= MOST_IMAGES:
        return digits
    rows = np.linspace(0, len(digits) - 1, MOST_IMAGES).round().astype(np.int64)
    return ImageSet(
        digits.images[rows],
        None if digits.labels is None else digits.labels[rows],
        digits.class_names,
        None if digits.factors is None else digits.factors[rows],
        digits.factor_names,
    )


def measures_of(digits: ImageSet, progress: Progress = silent) -> NDArray[np.float32]:
    """What `morphology` measures in the digits that the figures are over, float32 (N, 6)."""
    return measure_images(looked_at(digits).images[:, 0], progress)


def drawn(codes: Codes) -> NDArray[np.float32]:
    """One code per image (N, L): drawn from a Gaussian code, always alike; else the point itself."""
    if codes.std is None:
        return codes.mean
    noise = np.random.default_rng(SEED).standard_normal(codes.mean.shape, np.float32)
    return (codes.mean + codes.std * noise).astype(np.float32)


def measured_factors(digits: ImageSet, measures: NDArray[np.float32]) -> FactorTable:
    """The measures (N, 6) as factors, and the class where there are labels. No ink is a bin of its own."""
    columns = [(name, in_bins(column)) for name, column in zip(MEASURES, measures.T, strict=True)]
    return _factors([*columns, *_class_of(digits)])


def true_factors(digits: ImageSet) -> FactorTable | None:
    """The factors that the digits were drawn with, and their class; None where none are known."""
    if digits.factors is None:
        return None
    columns = [
        # Whole numbers are names, such as that of a way of writing, not sizes.
        (name, as_categories(column) if np.array_equal(column, np.rint(column)) else in_bins(column))
        for name, column in zip(digits.factor_names, digits.factors.T, strict=True)
    ]
    return _factors([*columns, *_class_of(digits)])


def _class_of(digits: ImageSet) -> list[tuple[str, NDArray[np.int64]]]:
    return [] if digits.labels is None else [(CLASS, as_categories(digits.labels))]


def _factors(columns: list[tuple[str, NDArray[np.int64]]]) -> FactorTable:
    return FactorTable(tuple(name for name, _ in columns), np.stack([bins for _, bins in columns], axis=1))


def in_bins(values: NDArray[Any], bins: int = BINS) -> NDArray[np.int64]:
    """Numbers (N,) -> bins (N,), equally filled as far as equal numbers allow; NaN has a bin of its own."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values), np.int64)
    edges = np.quantile(values[known].astype(np.float64), np.arange(1, bins) / bins)
    found = np.searchsorted(edges, values.astype(np.float64), side="right")
    return np.where(known, found, bins).astype(np.int64)


def as_categories(values: NDArray[Any]) -> NDArray[np.int64]:
    """Values (N,) -> which of the different ones each is, from 0."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def entropy(bins: NDArray[np.int64]) -> float:
    """Of bins (N,), in nats."""
    shares = np.bincount(bins) / len(bins)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def mutual_information(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Of two series of bins (N,), in nats: H(first) + H(second) - H(both)."""
    both = first * (int(second.max()) + 1) + second
    return max(0.0, entropy(first) + entropy(second) - entropy(both))


def mutual_information_gap(codes: NDArray[Any], factors: FactorTable) -> Disentanglement | None:
    """MIG of codes (N, L) over the factors; None with fewer than two numbers or no factor that varies."""
    if codes.shape[1] < 2 or not len(codes):
        return None
    numbers = [in_bins(column) for column in codes.T]
    gaps = []
    for name, factor in zip(factors.names, factors.bins.T, strict=True):
        whole = entropy(factor)
        if whole > 0:
            tells = np.array([mutual_information(number, factor) for number in numbers]) / whole
            best, second = np.argsort(-tells, kind="stable")[:2]
            gaps.append(FactorGap(name, float(tells[best] - tells[second]), int(best), float(tells[best])))
    return Disentanglement(float(np.mean([each.gap for each in gaps])), tuple(gaps)) if gaps else None


def _gap(codes: NDArray[Any], factors: FactorTable | None) -> Disentanglement | None:
    return None if factors is None else mutual_information_gap(codes, factors)

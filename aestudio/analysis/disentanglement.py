"""Mutual information gap (MIG): how well single dimensions of a code match single factors of variation.

Chen, Li, Grosse & Duvenaud 2018, "Isolating sources of disentanglement in VAEs", equation 6:

    MIG = 1/K sum_k 1/H(v_k) (I(z_j(k); v_k) - max_{j != j(k)} I(z_j; v_k)),   j(k) = argmax_j I(z_j; v_k)

It is 1 if each factor v_k depends on one dimension z_j alone, 0 if two dimensions have the same information.
As in the paper z is drawn from q(z | x), so that a dimension that has collapsed onto the prior has no
information. Dimensions and factors are cut into 20 equally filled bins: outliers and units have no effect.
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
    """Factors of variation of N images: K names, and their bins int64 (N, K), each column from 0."""

    names: tuple[str, ...]
    bins: NDArray[np.int64]


@dataclass(frozen=True)
class FactorGap:
    """The gap of one factor.

    gap:       (information of the best dimension - of the second) / the factor's entropy, 0 to 1
    dimension: the dimension with most information about the factor, from 0
    tells:     its information / the factor's entropy, 0 to 1
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
    """The MIG of a run's latent space. None if there are no such factors.

    images:   how many test images were used
    measured: over the measures of `morphology`, and the class
    true:     over the factors that the images were generated with, and the class
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
    """The MIG over the test images (5,000 at most, spread over the set).

    None if there is none: a code of a single number has no gap, a classifier no code.
    measures: float32 (N, 6) of those images, from `measures_of`, if they are known already
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
    """The images that the MIG is computed over: of a larger set evenly spaced ones."""
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
    """The measures of `morphology` of the images that the MIG is computed over, float32 (N, 6)."""
    return measure_images(looked_at(digits).images[:, 0], progress)


def drawn(codes: Codes) -> NDArray[np.float32]:
    """One code per image (N, L): drawn from a Gaussian code with a fixed seed; otherwise the point itself."""
    if codes.std is None:
        return codes.mean
    noise = np.random.default_rng(SEED).standard_normal(codes.mean.shape, np.float32)
    return (codes.mean + codes.std * noise).astype(np.float32)


def measured_factors(digits: ImageSet, measures: NDArray[np.float32]) -> FactorTable:
    """The measures (N, 6) as factors, and the class if there are labels. No ink is a bin of its own."""
    columns = [(name, in_bins(column)) for name, column in zip(MEASURES, measures.T, strict=True)]
    return _factors([*columns, *_class_of(digits)])


def true_factors(digits: ImageSet) -> FactorTable | None:
    """The factors that the images were generated with, and their class; None if they are not known."""
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
    """Entropy of bins (N,), in nats."""
    shares = np.bincount(bins) / len(bins)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def mutual_information(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Mutual information of two series of bins (N,), in nats: H(first) + H(second) - H(both)."""
    both = first * (int(second.max()) + 1) + second
    return max(0.0, entropy(first) + entropy(second) - entropy(both))


def mutual_information_gap(codes: NDArray[Any], factors: FactorTable) -> Disentanglement | None:
    """MIG of codes (N, L) over the factors; None with fewer than two dimensions or no factor that varies."""
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

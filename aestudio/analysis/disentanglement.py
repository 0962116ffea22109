"""Mutual information gap (MIG): how well single dimensions of a code match single factors of variation.

Chen, Li, Grosse & Duvenaud 2018, "Isolating sources of disentanglement in VAEs", equation 6:

    MIG = 1/K sum_k 1/H(v_k) (I(z_j(k); v_k) - max_{j != j(k)} I(z_j; v_k)),   j(k) = argmax_j I(z_j; v_k)

It is 1 if only one dimension z_j has information about each factor v_k, 0 if two dimensions have the same.
As in the paper, z is sampled from q(z | x), so that a dimension that has collapsed onto the prior has no
information. Dimensions and factors are discretised into 20 equally filled bins: outliers and units have no
effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.morphology import MEASURES, measure_images, not_measurable
from aestudio.datasets.dataset import part_of
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent
from aestudio.recipes.requirements import no_continuous_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

BINS = 20
MAX_IMAGES = 5_000
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
    information: of this dimension / the factor's entropy, 0 to 1
    """

    factor: str
    gap: float
    dimension: int
    information: float


@dataclass(frozen=True)
class Disentanglement:
    """The mutual information gap over a set of factors. mig: the mean of the factors' gaps, 0 to 1."""

    mig: float
    factors: tuple[FactorGap, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        factors = {
            each.factor: {"gap": each.gap, "dimension": each.dimension, "tells": each.information}
            for each in self.factors
        }
        return {"mig": self.mig, "factors": factors}


@dataclass(frozen=True)
class LatentMetrics:
    """The MIG of a run's latent space; None without such factors.

    images:   the number of test images
    measured: over the measures of `morphology`, and the class
    true:     over the factors that the images were generated with, and the class
    no_strokes: why `morphology` does not measure these images, or ""
    """

    images: int
    measured: Disentanglement | None
    true: Disentanglement | None
    no_strokes: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file: "mig_measured", "mig_true", gaps of the factors, "no_strokes"."""
        table: dict[str, Any] = {"images": self.images, "bins": BINS}
        for name, result in (("measured", self.measured), ("true", self.true)):
            table[f"mig_{name}"] = None if result is None else result.mig
            if result is not None:
                table[name] = result.to_json()["factors"]
        return table | ({"no_strokes": self.no_strokes} if self.no_strokes else {})


def latent_metrics(
    snapshot: Snapshot,
    image_set: ImageSet,
    progress: Progress = silent,
    measures: NDArray[np.float32] | None = None,
) -> LatentMetrics | None:
    """The MIG over the images, of at most 5,000 evenly spaced ones.

    None for a code of one dimension, without codes of images (a classifier, a generator), for discrete
    codes, whose numbers are no quantities that could be ordered into bins, and without images.
    measures: float32 (N, 6) of those images, from `measures_of`, if they were computed before
    Raises what `progress` raises.
    """
    architecture = snapshot.architecture
    if no_continuous_codes(architecture) or architecture.latent.size < 2 or not len(image_set):
        return None
    chosen = evaluated_images(image_set)
    codes = encode_set(FrozenModel(snapshot), chosen, progress)
    samples = codes.sampled(SEED)
    table = measures_of(image_set, progress) if measures is None else measures
    measured = None if table is None else _gap(samples, measured_factors(chosen, table))
    true = _gap(samples, true_factors(chosen))
    return LatentMetrics(len(chosen), measured, true, not_measurable(chosen.images))


def evaluated_images(image_set: ImageSet) -> ImageSet:
    """The images that the MIG is computed over: all, or 5,000 evenly spaced ones of a larger set."""
    if len(image_set) <= MAX_IMAGES:
        return image_set
    return part_of(image_set, np.linspace(0, len(image_set) - 1, MAX_IMAGES).round().astype(np.int64))


def measures_of(image_set: ImageSet, progress: Progress = silent) -> NDArray[np.float32] | None:
    """The measures of `morphology` of the images that the MIG is computed over: float32 (N, 6).

    None for pictures without strokes (`not_measurable`). Raises what `progress` raises.
    """
    chosen = evaluated_images(image_set).images
    return None if not_measurable(chosen) else measure_images(chosen, progress)


def measured_factors(image_set: ImageSet, measures: NDArray[np.float32]) -> FactorTable:
    """Measures float32 (N, 6) as factors, and the class if there are labels. "No ink" is a separate bin."""
    columns = [(name, binned(column)) for name, column in zip(MEASURES, measures.T, strict=True)]
    return _factors([*columns, *_class_of(image_set)])


def true_factors(image_set: ImageSet) -> FactorTable | None:
    """The factors that the images were generated with, and their class; None if they are not known."""
    if image_set.factors is None:
        return None
    columns = [
        # Whole numbers are categories, such as a writing style, not sizes.
        (name, as_categories(column) if np.array_equal(column, np.rint(column)) else binned(column))
        for name, column in zip(image_set.factor_names, image_set.factors.T, strict=True)
    ]
    return _factors([*columns, *_class_of(image_set)])


def _class_of(image_set: ImageSet) -> list[tuple[str, NDArray[np.int64]]]:
    return [] if image_set.labels is None else [(CLASS, as_categories(image_set.labels))]


def _factors(columns: list[tuple[str, NDArray[np.int64]]]) -> FactorTable:
    return FactorTable(tuple(name for name, _ in columns), np.stack([bins for _, bins in columns], axis=1))


def binned(values: NDArray[Any], bins: int = BINS) -> NDArray[np.int64]:
    """Numbers (N,) -> bins int64 (N,), equally filled as far as ties allow; NaN has a separate bin."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values), np.int64)
    edges = np.quantile(values[known].astype(np.float64), np.arange(1, bins) / bins)
    numbers = np.searchsorted(edges, values.astype(np.float64), side="right")
    return np.where(known, numbers, bins).astype(np.int64)


def as_categories(values: NDArray[Any]) -> NDArray[np.int64]:
    """Values (N,) -> categories int64 (N,): the index of each among the distinct values, ascending."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def entropy(bins: NDArray[np.int64]) -> float:
    """Entropy of bins int64 (N,), in nats."""
    shares = np.bincount(bins) / len(bins)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def mutual_information(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Mutual information of two series of bins int64 (N,), in nats: H(first) + H(second) - H(both)."""
    both = first * (int(second.max()) + 1) + second
    return max(0.0, entropy(first) + entropy(second) - entropy(both))


def mutual_information_gap(codes: NDArray[Any], factors: FactorTable) -> Disentanglement | None:
    """MIG of codes (N, L) over the factors; None for fewer than two dimensions or without varying factors."""
    if codes.shape[1] < 2 or not len(codes):
        return None
    dimensions = [binned(column) for column in codes.T]
    gaps: list[FactorGap] = []
    for name, factor in zip(factors.names, factors.bins.T, strict=True):
        factor_entropy = entropy(factor)
        if factor_entropy > 0:
            shares = (
                np.array([mutual_information(dimension, factor) for dimension in dimensions]) / factor_entropy
            )
            best, second = np.argsort(-shares, kind="stable")[:2]
            gaps.append(FactorGap(name, float(shares[best] - shares[second]), int(best), float(shares[best])))
    return Disentanglement(float(np.mean([each.gap for each in gaps])), tuple(gaps)) if gaps else None


def _gap(codes: NDArray[Any], factors: FactorTable | None) -> Disentanglement | None:
    return None if factors is None else mutual_information_gap(codes, factors)

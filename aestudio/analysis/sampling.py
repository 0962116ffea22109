"""Samples of the latent space and the real digits nearest to them.

A decoder that was trained without a prior (a plain autoencoder) is sampled from a mixture of Gaussians
fitted to its codes, as Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4; it
also shows where a VAE's aggregate posterior is not its prior. Nearness is Euclidean in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import BadChoice, StudioError
from aestudio.inference.chunks import chunks
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress

COMPONENTS = 10
# Least share of the codes' mean variance added to each component's: no component is a single digit.
_REGULARISATION = 1e-3
_ITERATIONS = 60
# Candidates beyond the wanted ones that are looked at exactly.
_SPARE = 8


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of k Gaussians over codes.

    weights: float64 (k,), sum 1; means: float64 (k, L); roots: float64 (k, L, L), covariance = root rootᵀ
    """

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    roots: NDArray[np.float64]

    def sample(self, count: int, temperature: float, seed: int) -> NDArray[np.float32]:
        """Codes (count, L); each component's standard deviations are multiplied by the temperature."""
        random = np.random.default_rng(seed)
        chosen = random.choice(len(self.weights), size=count, p=self.weights)
        noise = random.standard_normal((count, self.means.shape[1]))
        spread = np.einsum("nij,nj->ni", self.roots[chosen], noise)
        return (self.means[chosen] + temperature * spread).astype(np.float32)


def fit_mixture(codes: NDArray[Any], components: int = COMPONENTS, seed: int = 0) -> Mixture:
    """A mixture with full covariances fitted to codes (N, L) by expectation maximisation (scikit-learn).

    Fewer components where there are fewer than ten codes for each; raises StudioError below two codes.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    if len(codes) < 2:
        raise StudioError("A mixture needs at least two codes", advice="Encode more images.")
    values = codes.astype(np.float64)
    count = max(1, min(components, len(values) // 10))
    mixture = GaussianMixture(
        count,
        random_state=seed,
        max_iter=_ITERATIONS,
        reg_covar=_REGULARISATION * float(values.var(axis=0).mean()) + 1e-9,
    )
    with warnings.catch_warnings():
        # Sixty rounds are near enough for samples; going on would take long for 128 numbers.
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(values)
    found = (np.asarray(array) for array in (mixture.weights_, mixture.means_, mixture.covariances_))
    weights, means, covariances = found
    return Mixture(weights, means, np.linalg.cholesky(covariances))


def sample_normal(size: int, count: int, temperature: float, seed: int) -> NDArray[np.float32]:
    """Codes (N, L) from N(0, temperature² I); temperature 1 is the prior of a Gaussian code."""
    noise = np.random.default_rng(seed).standard_normal((count, size), dtype=np.float32)
    return np.float32(temperature) * noise


@dataclass(frozen=True, eq=False)
class Nearest:
    """The K nearest data images of N images, the nearest first.

    indices:   int64 (N, K), within the set; distances: float64 (N, K), root of the mean squared
    difference per pixel, grey levels 0 to 1
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float64]


def nearest_digits(
    pictures: NDArray[np.uint8], images: NDArray[np.uint8], count: int, progress: Progress = silent
) -> Nearest:
    """The `count` images uint8 (N, 1, 28, 28) nearest to each of the pictures uint8 (n, 28, 28).

    Equal distances come in the set's order. Raises BadChoice where there are not so many images.
    """
    if not 1 <= count <= len(images):
        raise BadChoice("number of neighbours", count, f"whole number from 1 up to {len(images)}")
    wanted = pictures.reshape(len(pictures), -1).astype(np.float32)
    # Without the pictures' own length, which is the same for all images.
    rough = np.empty((len(pictures), len(images)), np.float32)
    for part in chunks(len(images), progress, "Comparing with the real digits"):
        block = images[part].reshape(-1, wanted.shape[1]).astype(np.float32)
        rough[:, part] = np.square(block).sum(axis=1) - 2.0 * (wanted @ block.T)
    few = min(len(images), count + _SPARE)
    found = [_ranked(pictures[row], images, rough[row], count, few) for row in range(len(pictures))]
    return Nearest(np.stack([indices for indices, _ in found]), np.stack([far for _, far in found]))


def _ranked(
    picture: NDArray[np.uint8], images: NDArray[np.uint8], rough: NDArray[np.float32], count: int, few: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest among a few candidates in whole numbers: float32 cannot hold sums of squared bytes."""
    candidates = np.sort(np.argpartition(rough, few - 1)[:few])
    difference = images[candidates].reshape(few, -1).astype(np.int64) - picture.reshape(-1).astype(np.int64)
    squared = np.square(difference).sum(axis=1)
    order = np.argsort(squared, kind="stable")[:count]
    return candidates[order], np.sqrt(squared[order] / picture.size) / 255.0

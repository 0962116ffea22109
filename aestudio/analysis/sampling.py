"""Samples of the latent space and the nearest images of the data.

A decoder without a prior (of a plain autoencoder) is sampled from a Gaussian mixture fitted to its codes, as
in Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4. For a VAE the mixture shows
where the aggregate posterior differs from the prior. Distances are Euclidean, over all numbers of an image.
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
# Share of the mean variance of the codes, added to each component's: no component is a single image.
_REGULARISATION = 1e-3
_ITERATIONS = 60
# Additional candidates whose distances are computed exactly.
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
        """Codes float32 (count, L); the temperature is a factor of each component's standard deviations."""
        random = np.random.default_rng(seed)
        chosen = random.choice(len(self.weights), size=count, p=self.weights)
        noise = random.standard_normal((count, self.means.shape[1]))
        spread = np.einsum("nij,nj->ni", self.roots[chosen], noise)
        return (self.means[chosen] + temperature * spread).astype(np.float32)


def fit_mixture(codes: NDArray[Any], components: int = COMPONENTS, seed: int = 0) -> Mixture:
    """A mixture with full covariances fitted to codes (N, L) by expectation maximisation (scikit-learn).

    Fewer components if there are fewer than ten codes for each. Raises StudioError for N < 2.
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
        # Sixty iterations are enough for samples; convergence would take long for 128 dimensions.
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(values)
    roots = np.asarray(np.linalg.cholesky(mixture.covariances_), np.float64)
    return Mixture(mixture.weights_, mixture.means_, roots)


@dataclass(frozen=True, eq=False)
class Nearest:
    """The K nearest images of the data for each of N images, the nearest first.

    indices:   int64 (N, K), within the set
    distances: float64 (N, K), root mean squared difference of the C * H * W numbers, 0 to 1
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float64]


def nearest_images(
    queries: NDArray[np.uint8], images: NDArray[np.uint8], count: int, progress: Progress = silent
) -> Nearest:
    """The `count` of the images uint8 (N, C, H, W) nearest to each of the queries uint8 (n, C, H, W).

    Equal distances are in the set's order. Raises BadChoice unless 1 <= count <= N, ValueError for queries
    of another shape, and what `progress` raises.
    """
    if queries.shape[1:] != images.shape[1:]:
        raise ValueError(f"queries {queries.shape[1:]} are compared with images {images.shape[1:]}")
    if not 1 <= count <= len(images):
        raise BadChoice("number of neighbours", count, f"whole number from 1 up to {len(images)}")
    flat = queries.reshape(len(queries), -1).astype(np.float32)
    # Without the squared norm of the query, which is the same for all images.
    approximate = np.empty((len(queries), len(images)), np.float32)
    for chunk in chunks(len(images), progress, "Comparing with the data"):
        block = images[chunk].reshape(-1, flat.shape[1]).astype(np.float32)
        approximate[:, chunk] = np.square(block).sum(axis=1) - 2.0 * (flat @ block.T)
    candidate_count = min(len(images), count + _SPARE)
    ranked = [
        _ranked(queries[row], images, approximate[row], count, candidate_count) for row in range(len(queries))
    ]
    return Nearest(
        np.stack([indices for indices, _ in ranked]), np.stack([distances for _, distances in ranked])
    )


def _ranked(
    query: NDArray[np.uint8],
    images: NDArray[np.uint8],
    approximate: NDArray[np.float32],
    count: int,
    candidate_count: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest of a few candidates, with integers: sums of squared bytes are not exact in float32."""
    candidates = np.sort(np.argpartition(approximate, candidate_count - 1)[:candidate_count])
    difference = images[candidates].reshape(candidate_count, -1).astype(np.int64) - query.reshape(-1).astype(
        np.int64
    )
    squared = np.square(difference).sum(axis=1)
    order = np.argsort(squared, kind="stable")[:count]
    return candidates[order], np.sqrt(squared[order] / query.size) / 255.0

"""Planes through the code space: two dimensions or two principal components, there and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.analysis.alignment import best_flip, best_rotation
from aestudio.errors import BadChoice, StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIMIT_QUANTILES = (0.005, 0.995)
CHUNK = 4096
# From this length of codes on, only the few components that are asked for are computed.
LARGEST_EXACT, FEW = 1024, 64
# An axis at less than 10 degrees from a component has the component's name.
SAME_AXIS = 0.985

PlaneKind = Literal["dimensions", "components"]


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of codes, the widest first.

    mean: float64 (L,); directions: float64 (L, k), orthonormal columns
    stds: float64 (k,), standard deviations along them; shares: float64 (k,), of the total variance
    """

    mean: NDArray[np.float64]
    directions: NDArray[np.float64]
    stds: NDArray[np.float64]
    shares: NDArray[np.float64]

    def project(self, codes: NDArray[Any]) -> NDArray[np.float64]:
        """Codes (N, L) -> coordinates float64 (N, k)."""
        return (codes - self.mean) @ self.directions

    def restore(self, coordinates: NDArray[Any]) -> NDArray[np.float64]:
        """Coordinates (N, k) -> the codes float64 (N, L) with them that are nearest to the mean."""
        return coordinates @ self.directions.T + self.mean


def principal_components(codes: NDArray[Any], count: int) -> Components:
    """The first `count` principal components of codes (N, L), from the eigenvectors of their covariance.

    The sign of each direction is fixed by making its largest entry positive, so that a map is
    not reflected from one snapshot to the next without a reason.
    Raises BadChoice unless 1 <= count <= L, StudioError for fewer than two codes.
    """
    length = codes.shape[1]
    if not 1 <= count <= length:
        raise BadChoice("number of components", count, f"whole number from 1 up to {length}")
    if len(codes) < 2:
        raise StudioError(
            "Principal components need at least two codes",
            advice="Encode more images.",
        )
    if length > LARGEST_EXACT and count <= FEW:
        return _leading_components(codes, count)
    mean = codes.mean(axis=0, dtype=np.float64)
    variances, directions = np.linalg.eigh(_covariance(codes, mean))
    # eigh sorts in ascending order, and may return a tiny negative variance for a constant direction.
    variances = np.maximum(variances[::-1], 0.0)
    directions = directions[:, ::-1][:, :count]
    directions = _with_fixed_signs(directions)
    total = variances.sum()
    shares = variances[:count] / total if total > 0 else np.zeros(count)
    return Components(mean, directions, np.sqrt(variances[:count]), shares)


def _leading_components(codes: NDArray[Any], count: int) -> Components:
    """The same for long codes, by a randomised decomposition (Halko et al. 2011) with a fixed seed.

    The entries of a codebook have thousands of numbers: all their eigenvectors take half a minute.
    """
    from sklearn.decomposition import PCA

    fitted = PCA(count, svd_solver="randomized", random_state=0)
    fitted.fit(codes.astype(np.float32))
    directions: NDArray[np.float64] = np.asarray(fitted.components_, np.float64).T
    variances = np.maximum(np.asarray(fitted.explained_variance_, np.float64), 0.0)
    # Of codes that are all the same, the share is not a number.
    shares = np.nan_to_num(np.asarray(fitted.explained_variance_ratio_, np.float64))
    directions = _with_fixed_signs(directions)
    mean: NDArray[np.float64] = codes.mean(axis=0, dtype=np.float64)
    return Components(mean, directions, np.sqrt(variances), shares)


def _with_fixed_signs(directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns (L, k), each with a positive largest entry."""
    largest = np.abs(directions).argmax(axis=0)
    return directions * np.where(directions[largest, np.arange(directions.shape[1])] < 0, -1.0, 1.0)


def _covariance(codes: NDArray[Any], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Covariance (L, L) in double precision, without a double-precision copy of all codes."""
    total = np.zeros((codes.shape[1], codes.shape[1]))
    for start in range(0, len(codes), CHUNK):
        centred = codes[start : start + CHUNK] - mean
        total += centred.T @ centred
    return total / (len(codes) - 1)


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through the code space, with coordinates (x, y) on it.

    origin:  float64 (L,), the code at (0, 0)
    axes:    float64 (2, L), orthonormal rows: one unit of x and of y
    limits:  float64 (2, 2), ((x low, x high), (y low, y high)): the data's 0.5 to 99.5 % quantiles
    titles:  short symbols of the two axes: ("z1", "z2"), ("PC 1 · 21 %", "PC 2 · 14 %")
    numbers: which dimensions or components, counted from 0
    """

    kind: PlaneKind
    numbers: tuple[int, int]
    origin: NDArray[np.float64]
    axes: NDArray[np.float64]
    limits: NDArray[np.float64]
    titles: tuple[str, str]

    @property
    def size(self) -> int:
        """L, the length of the codes."""
        return self.axes.shape[1]

    @property
    def linear(self) -> bool:
        """Whether straight lines of codes are straight on the map: always on a plane."""
        return True

    def to_plane(self, codes: NDArray[Any]) -> NDArray[np.float64]:
        """Codes (N, L) -> coordinates float64 (N, 2) of the nearest points on the plane."""
        return (codes - self.origin) @ self.axes.T

    def from_plane(self, xy: NDArray[Any], base: NDArray[Any]) -> NDArray[np.float32]:
        """Coordinates (N, 2) -> codes float32 (N, L) with them, otherwise equal to the code `base` (L,)."""
        moved = base + (xy - self.to_plane(base)) @ self.axes
        return moved.astype(np.float32)


@dataclass(frozen=True, eq=False)
class ThirdAxis:
    """An axis perpendicular to a plane, for a map that is turned.

    origin: float64 (L,), the code at 0; direction: float64 (L,), of length 1; title: as a plane's titles
    """

    origin: NDArray[np.float64]
    direction: NDArray[np.float64]
    title: str

    def along(self, codes: NDArray[Any]) -> NDArray[np.float64]:
        """Codes (N, L) -> coordinates float64 (N,)."""
        return (codes - self.origin) @ self.direction


def third_dimension(size: int, number: int) -> ThirdAxis:
    """The axis of a dimension, counted from 0, of codes of `size` numbers; raises BadChoice."""
    _check_number("dimension", number, size)
    direction = np.zeros(size)
    direction[number] = 1.0
    return ThirdAxis(np.zeros(size), direction, f"z{number + 1}")


def third_component(codes: NDArray[Any], number: int, onto: NDArray[Any] | None = None) -> ThirdAxis:
    """The axis of a principal component, counted from 0, of codes (N, L).

    onto: the previous coordinates (M,) of the first M <= N codes: the axis is reflected to fit them
    Raises BadChoice, and StudioError for fewer than two codes.
    """
    _check_number("component", number, codes.shape[1])
    components = principal_components(codes, number + 1)
    direction = components.directions[:, number]
    if onto is not None and len(onto):
        before = (codes[: len(onto)] - components.mean) @ direction
        direction = direction * best_flip(before[:, None], np.asarray(onto)[:, None])[0]
    share = f"{100 * float(components.shares[number]):.0f} %"
    return ThirdAxis(components.mean, direction, f"PC {number + 1} · {share}")


def plane_of_dimensions(codes: NDArray[Any], i: int, j: int) -> Plane:
    """The plane of dimensions i (to the right) and j (upward) of codes (N, L), counted from 0.

    Raises BadChoice unless i and j are two different dimensions.
    """
    length = codes.shape[1]
    _check_pair("dimension", i, j, length)
    axes = np.zeros((2, length))
    axes[0, i] = axes[1, j] = 1.0
    limits = data_limits(codes[:, [i, j]])
    return Plane("dimensions", (i, j), np.zeros((length,)), axes, limits, (f"z{i + 1}", f"z{j + 1}"))


def plane_of_components(
    codes: NDArray[Any], i: int, j: int, onto: NDArray[Any] | None = None, *, turns: bool = True
) -> Plane:
    """The plane of principal components i (to the right) and j (upward) of codes (N, L), from 0.

    onto:  the previous positions (M, 2) of the first M <= N codes: the axes are rotated or reflected within
           the plane so that the codes are closest to them; the titles show the rotation
    turns: False to reflect axes only
    Raises BadChoice unless i and j are two different components, StudioError for fewer than two codes.
    """
    _check_pair("component", i, j, codes.shape[1])
    components = principal_components(codes, max(i, j) + 1)
    origin = components.mean
    axes = np.ascontiguousarray(components.directions[:, [i, j]].T)
    matrix = np.eye(2)
    if onto is not None and len(onto):
        xy = (codes[: len(onto)] - components.mean) @ axes.T
        matrix = best_rotation(xy, onto).matrix if turns else np.diag(best_flip(xy, onto))
    axes = matrix.T @ axes
    limits = data_limits((codes - components.mean) @ axes.T)
    shares = components.shares[[i, j]]
    titles = _axis_title((i, j), matrix[:, 0], shares), _axis_title((i, j), matrix[:, 1], shares)
    return Plane("components", (i, j), origin, axes, limits, titles)


def _axis_title(numbers: tuple[int, int], direction: NDArray[np.float64], shares: NDArray[np.float64]) -> str:
    """An axis along `direction` (2,) of two components, with its share of the total variance."""
    share = f"{100 * float(np.square(direction) @ shares):.0f} %"
    names = [f"PC {number + 1}" for number in numbers]
    strongest = int(np.abs(direction).argmax())
    if abs(direction[strongest]) > SAME_AXIS:
        return f"{names[strongest]} · {share}"
    first, second = direction * np.sign(direction[0])
    return f"{first:.1f} {names[0]} {'−' if second < 0 else '+'} {abs(second):.1f} {names[1]} · {share}"


def _check_pair(what: str, i: int, j: int, count: int) -> None:
    if count < 2:
        raise StudioError(
            "A map needs two numbers per code, and this one has a single number",
            advice="Choose a recipe with a latent size of at least 2.",
        )
    for number in (i, j):
        _check_number(what, number, count)
    if i == j:
        raise BadChoice(f"second {what}", j, f"any but the first ({i})")


def _check_number(what: str, number: int, count: int) -> None:
    if not 0 <= number < count:
        raise BadChoice(what, number, f"whole number from 0 up to {count - 1}")


def data_limits(values: NDArray[Any]) -> NDArray[np.float64]:
    """(low, high) of each column of values (N, D) -> float64 (D, 2), never empty intervals.

    The 0.5 and 99.5 % quantiles; a column that is (almost) constant gets an interval around its value
    of a twentieth of the widest column's interval, or of width 2 if all columns are constant.
    """
    if not len(values):
        return np.tile([-1.0, 1.0], (values.shape[1], 1))
    limits = np.quantile(values.astype(np.float64), LIMIT_QUANTILES, axis=0).T
    widths = limits[:, 1] - limits[:, 0]
    widest = widths.max()
    # Below this, both ends are the same number in the codes' single precision.
    smallest = 1e-6 * max(1.0, float(np.abs(limits).max()))
    least = widest / 20 if widest > smallest else 2.0
    missing = np.maximum(0.0, least - widths) / 2
    return limits + np.stack([-missing, missing], axis=1)

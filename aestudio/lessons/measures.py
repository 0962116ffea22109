"""The names of what a lesson may measure. What they mean is computed in `measured_numbers.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.recipes.recipe import Recipe

EVALUATED = (
    "mse_per_pixel",
    "squared_error_per_image",
    "psnr",
    "ssim",
    "active_dimensions",
)
"""Numbers of `aestudio evaluate`, under the names that it gives them; so are "test_" and a loss term."""
LATENT = ("mig_measured",)
"""Numbers of the latent space, which `aestudio evaluate` gives as well."""
NOISY = ("denoised.mse_per_pixel", "denoised.psnr", "noisy.mse_per_pixel", "noisy.psnr")
"""Of a recipe that corrupts its images: of what it makes of them, and of the corrupted images themselves."""
OWN: dict[str, str] = {
    "code_spread": "root mean square of the numbers of the mean codes",
    "supported_between": "share of the points halfway between two codes that are supported by the data",
    "supported_samples": "share of samples of N(0, I) that are supported by the data",
}
"""Numbers that only lessons need, with what they are."""
BY_CLASS = ("class_mse_per_pixel",)
"""Numbers of each class, for a guess of their order."""


def scalar_names(recipe: Recipe) -> tuple[str, ...]:
    """The names of the single numbers that can be measured about runs of this recipe."""
    terms = [term.name for term in recipe.objective.terms()]
    noisy = NOISY if recipe.objective.corrupts else ()
    tested = [f"test_{term}" for term in terms]
    return (*EVALUATED, *tested, *noisy, *curve_names(recipe), *LATENT, *OWN)


def curve_names(recipe: Recipe) -> tuple[str, ...]:
    """The names of the curves of a training of this recipe."""
    terms: Iterable[str] = (term.name for term in recipe.objective.terms())
    return tuple(f"{split}.{term}" for term in terms for split in ("validation", "training"))

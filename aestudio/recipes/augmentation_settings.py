"""How the training images are changed at random before every step, the same for every recipe; 0 is off."""

from __future__ import annotations

from aestudio.recipes.setting import Settings, setting


class Augmentation(Settings):
    """Strengths of the random changes; each image of a batch gets random numbers of its own.

    The model reproduces the changed image. Validation and evaluation always use the images as they are.
    """

    augment_rotation: float = setting(
        0.0,
        title="Rotation",
        unit="degrees, 0 = off",
        ge=0.0,
        le=180.0,
        slider=True,
        help="Each training image is turned by a random angle, at most this far to either side.",
    )
    augment_shift: float = setting(
        0.0,
        title="Shift",
        unit="of the side, 0 = off",
        ge=0.0,
        le=0.5,
        slider=True,
        help="Each training image is moved by whole pixels along both axes, at most this share of its side.",
    )
    augment_scale: float = setting(
        0.0,
        title="Scale",
        unit="of the size, 0 = off",
        ge=0.0,
        le=0.9,
        slider=True,
        help="Each training image is enlarged or reduced by at most this share: 0.2 means 0.8 to 1.2 times.",
    )
    augment_shear: float = setting(
        0.0,
        title="Shear",
        unit="degrees, 0 = off",
        ge=0.0,
        le=60.0,
        slider=True,
        help="Vertical lines of each training image are slanted by at most this angle to either side.",
    )
    augment_elastic: float = setting(
        0.0,
        title="Elastic",
        unit="of the side, 0 = off",
        ge=0.0,
        le=0.2,
        slider=True,
        help="Each training image is bent like rubber; its pixels move by about this share of the side.",
    )
    augment_erasing: float = setting(
        0.0,
        title="Erasing",
        unit="of the images, 0 = off",
        ge=0.0,
        le=1.0,
        slider=True,
        help="This share of the training images loses a rectangle of 2 to 33 percent of its area.",
    )
    augment_noise: float = setting(
        0.0,
        title="Pixel noise",
        unit="of the range, 0 = off",
        ge=0.0,
        le=1.0,
        slider=True,
        help="Standard deviation of the Gaussian noise added to each pixel; the model reproduces it too.",
    )

    @property
    def active(self) -> bool:
        """Whether any of them is switched on."""
        return self != Augmentation()

"""The random changes of training images, as transforms of torchvision.transforms.v2.

Torchvision's own random classes give all images of a batch the same random parameters, and draw them from
torch's global generator, which all threads share. These transforms take images (B, C, H, W) in [0, 1] and
draw the parameters of every image from a generator on the images' device, without waiting for the device.
With equal parameters each gives what torchvision's class gives (the tests compare them).

The order is: warp (scale, shear, rotation, shift and elastic deformation, in one interpolation), erasing,
noise. What comes from outside an image is 0, and the result is in [0, 1].
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torchvision.transforms import v2  # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    from torch import Generator

    from aestudio.recipes.augmentation_settings import Augmentation

# Of `v2.RandomErasing`: the share of the area, and height / width.
ERASED_AREA = (0.02, 0.33)
ERASED_RATIO = (0.3, 3.3)
# Of the shorter side: how smooth an elastic deformation is. 4 pixels for 28, as Simard, Steinkraus and Platt
# (2003) found best for handwritten digits.
SMOOTHNESS = 1 / 7
# Standard deviations to each side of the Gaussian kernel; `v2.ElasticTransform` takes as many.
_KERNEL_REACH = 4


def pipeline(settings: Augmentation, generator: Generator) -> Any:
    """The transforms that are switched on, as one transform of images."""
    transforms: list[nn.Module] = []
    if settings.augment_elastic or moves(settings):
        transforms.append(Warp(settings, generator))
    if settings.augment_erasing:
        transforms.append(Erase(settings.augment_erasing, generator))
    if settings.augment_noise:
        transforms.append(Noise(settings.augment_noise, generator))
    return v2.Compose(transforms)


def moves(settings: Augmentation) -> bool:
    """Whether any setting of the affine map is switched on."""
    return bool(
        settings.augment_rotation
        or settings.augment_shift
        or settings.augment_scale
        or settings.augment_shear
    )


class Warp(v2.Transform):
    """Scale, shear, rotation and shift as in `v2.RandomAffine`, then the map of `v2.ElasticTransform`.

    The two maps are joined before the pixels are interpolated, bilinearly, so that images are blurred once.
    """

    def __init__(self, settings: Augmentation, generator: Generator) -> None:
        super().__init__()
        self.settings = settings
        self.generator = generator

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        """Where each pixel comes from: points (B, H, W, 2), x and y in pixels from the image's centre."""
        (images,) = flat_inputs
        points = centred_points(images)
        if self.settings.augment_elastic:
            points = points + displacements(images, self.settings.augment_elastic, self.generator)
        if moves(self.settings):
            points = affine_points(points, affine_parameters(images, self.settings, self.generator))
        return {"points": points}

    def transform(self, inpt: Tensor, params: dict[str, Any]) -> Tensor:
        """The images (B, C, H, W) sampled at the points."""
        height, width = inpt.shape[-2:]
        x, y = cast("Tensor", params["points"]).unbind(-1)
        grid = torch.stack((x * (2 / width), y * (2 / height)), dim=-1).expand(len(inpt), -1, -1, -1)
        sampled = nn.functional.grid_sample(
            inpt, grid, mode="bilinear", padding_mode="zeros", align_corners=False
        )
        return sampled.clamp_(0, 1)


class Erase(v2.Transform):
    """A rectangle of a share of the images becomes 0, as in `v2.RandomErasing`.

    share: the probability for each image. A rectangle longer than the image is as long as the image, where
    torchvision draws again.
    """

    def __init__(self, share: float, generator: Generator) -> None:
        super().__init__()
        self.share = share
        self.generator = generator

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        """Which pixels (B, 1, H, W) are erased."""
        (images,) = flat_inputs
        height, width = images.shape[-2:]
        chosen, area, ratio, top, left = _uniform(images, 5, self.generator)
        erased = height * width * _between(area, *ERASED_AREA)
        log_ratio = _between(ratio, *map(math.log, ERASED_RATIO))
        tall = (erased * log_ratio.exp()).sqrt().round().clamp(1, height)
        wide = (erased / log_ratio.exp()).sqrt().round().clamp(1, width)
        rows = _inside(height, (top * (height - tall + 1)).floor(), tall)
        columns = _inside(width, (left * (width - wide + 1)).floor(), wide)
        mask = rows[:, :, None] & columns[:, None, :] & (chosen < self.share)[:, None, None]
        return {"mask": mask[:, None]}

    def transform(self, inpt: Tensor, params: dict[str, Any]) -> Tensor:
        """The images (B, C, H, W) with zeros where the mask is."""
        return inpt.masked_fill(params["mask"], 0.0)


class Noise(v2.Transform):
    """Gaussian noise on each pixel and channel, then clipping to [0, 1], as in `v2.GaussianNoise`."""

    def __init__(self, deviation: float, generator: Generator) -> None:
        super().__init__()
        self.deviation = deviation
        self.generator = generator

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        """The noise (B, C, H, W), of standard deviation 1."""
        (images,) = flat_inputs
        noise = torch.randn(images.shape, generator=self.generator, device=images.device, dtype=images.dtype)
        return {"noise": noise}

    def transform(self, inpt: Tensor, params: dict[str, Any]) -> Tensor:
        """The images (B, C, H, W) with the noise."""
        return inpt.add(params["noise"], alpha=self.deviation).clamp_(0, 1)


def centred_points(images: Tensor) -> Tensor:
    """Centres of the pixels of images (B, C, H, W): (1, H, W, 2), x and y in pixels from the middle."""
    height, width = images.shape[-2:]
    y, x = (
        torch.arange(side, device=images.device, dtype=images.dtype) - (side - 1) / 2
        for side in (height, width)
    )
    return torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], dim=-1)[None]


def affine_parameters(images: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Random parameters (5, B): angle, shear in radians, scale, then shifts in whole pixels in x and y.

    Uniform between the bounds that the settings give, as in `v2.RandomAffine`. All five are drawn as soon as
    one of them is on.
    """
    height, width = images.shape[-2:]
    angle, shear, scale, right, down = (_uniform(images, 5, generator) * 2 - 1).unbind()
    return torch.stack(
        (
            angle * math.radians(settings.augment_rotation),
            shear * math.radians(settings.augment_shear),
            1 + scale * settings.augment_scale,
            (right * (settings.augment_shift * width)).round(),
            (down * (settings.augment_shift * height)).round(),
        )
    )


def affine_points(points: Tensor, parameters: Tensor) -> Tensor:
    """Where in the image the points (1 or B, H, W, 2) of the result come from: (B, H, W, 2).

    parameters (5, B) as `affine_parameters` gives them. The image is sheared, rotated
    clockwise and scaled about its centre, then shifted; the result is the inverse of that map:
    a point p comes from S^-1 (p - shift), with S = scale * R(angle) * [[1, -tan(shear)], [0, 1]].
    """
    angle, shear, scale, right, down = parameters[:, :, None, None]
    x, y = points[..., 0] - right, points[..., 1] - down
    cosine, sine, slant = angle.cos(), angle.sin(), shear.tan()
    upright_x, upright_y = cosine * x + sine * y, cosine * y - sine * x
    return torch.stack(((upright_x + slant * upright_y) / scale, upright_y / scale), dim=-1)


def displacements(images: Tensor, strength: float, generator: Generator) -> Tensor:
    """Smooth random displacements (B, H, W, 2) in pixels, x and y, as in `v2.ElasticTransform`.

    Uniform noise in each pixel, blurred by a Gaussian whose standard deviation is `SMOOTHNESS` of the shorter
    side, and scaled so that the root mean square of each component is `strength` times the shorter side.
    """
    batch, _, height, width = images.shape
    side = min(height, width)
    sigma = side * SMOOTHNESS
    # Reflection, which continues the noise at the edges, needs a kernel that reaches less than a side.
    reach = min(math.ceil(_KERNEL_REACH * sigma), side - 1)
    noise = torch.rand(
        (batch, 2, height, width), generator=generator, device=images.device, dtype=images.dtype
    )
    kernel = 2 * reach + 1
    # One axis after the other is the same blur as both at once, and takes a tenth of the time.
    blurred = noise * 2 - 1
    for size in ([kernel, 1], [1, kernel]):
        blurred = v2.functional.gaussian_blur(blurred, size, [sigma, sigma])
    return blurred.permute(0, 2, 3, 1) * (strength * side / blurred_deviation(kernel, sigma))


def blurred_deviation(kernel: int, sigma: float) -> float:
    """The standard deviation of noise, uniform in [-1, 1], after a blur with torchvision's kernel."""
    reach = kernel // 2
    weights = [math.exp(-0.5 * (offset / sigma) ** 2) for offset in range(-reach, reach + 1)]
    squares = sum(weight**2 for weight in weights) / sum(weights) ** 2
    return squares / math.sqrt(3)


def _uniform(images: Tensor, count: int, generator: Generator) -> Tensor:
    """Random numbers (count, B) in [0, 1)."""
    return torch.rand((count, len(images)), generator=generator, device=images.device, dtype=images.dtype)


def _between(share: Tensor, low: float, high: float) -> Tensor:
    return low + share * (high - low)


def _inside(side: int, first: Tensor, length: Tensor) -> Tensor:
    """Which of the numbers 0 ... side - 1 are from `first` (B,) on, `length` (B,) of them: (B, side)."""
    numbers = torch.arange(side, device=first.device, dtype=first.dtype)
    return (numbers >= first[:, None]) & (numbers < (first + length)[:, None])

"""Images without any loss, in as many bits as the negative ELBO says: bits-back coding.

BB-ANS (Townsend et al. 2019). The code of an image costs its bits under the prior, but which code is taken is
free to choose: it is chosen by popping bits that are on the stack already, under the posterior, and the
reader gets them back. For one image

    pop z under q(z | x),    push x under p(x | z),    push z under p(z)

adds -log2 p(x | z) - log2 p(z) + log2 q(z | x) bits, whose mean is the negative ELBO. The first image finds
an empty stack: the random bits that are put there beforehand are the price of the first message, and they are
counted.

Encoder and decoder compute in double precision, one image at a time, and what they give is rounded to a grid
before it becomes whole-number probabilities, so that the last bits, which differ from machine to machine, do
not matter; in the rare case that they do (a number within 1e-13 of the middle of two roundings), the check of
the file says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from aestudio.codec import integer_tables
from aestudio.codec.carried_model import model_bytes, model_digest
from aestudio.codec.container import Container
from aestudio.codec.lossless_models import likelihood_of
from aestudio.codec.rounded_codes import Decoded, check_of
from aestudio.codec.stack import WORD, Stack, from_bytes, to_bytes
from aestudio.errors import StudioError
from aestudio.objectives.likelihood import logistic_scale
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from torch import Tensor

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress

_UNIT = 1024  # means and standard deviations of codes are rounded to 1/1024
_CELL = 16  # units: a cell of a code is 1/64 wide, far below the standard deviation of a posterior
_REACH = 8 * _UNIT // _CELL  # cells on either side of 0: eight standard deviations of the prior
_SPREAD = 6  # standard deviations on either side of a posterior's mean that have cells
_GREY_UNIT = 64  # parts of half a grey level, to which means and the scale of grey pixels are rounded
_SEED = 18  # of the random bits that are there before the first image
_SPARE_WORDS = 2


@dataclass(frozen=True)
class Step:
    """What one image does to the stack, in bits.

    popped: of the code, under the posterior; pixels: pushed under the likelihood; code: pushed under the
    prior
    stack:  on the stack after the image
    """

    popped: float
    pixels: float
    code: float
    stack: float

    @property
    def net(self) -> float:
        """What the image costs."""
        return self.pixels + self.code - self.popped


@dataclass(frozen=True)
class BitsBack:
    """A lossless file and how it came to be.

    first: bits on the stack before the first image; steps: one for each image
    """

    container: Container
    first: float
    steps: tuple[Step, ...]

    @property
    def net_bits(self) -> float:
        """Bits of all images without those of the first message and the file's header."""
        return sum(step.net for step in self.steps)


def compress_exactly(
    frozen_model: FrozenModel,
    images: NDArray[np.uint8],
    progress: Progress = silent,
    with_model: bool = False,
) -> BitsBack:
    """Images uint8 (N, C, H, W) as a lossless file.

    Raises StudioError if the model has no such likelihood (`likelihood_of`), or if it is Bernoulli and pixels
    are neither 0 nor 255; and what `progress` raises.
    """
    model = _ExactModel(frozen_model)
    if not len(images):
        raise StudioError("There is no image to compress", advice="Choose some images.")
    pixels = model.symbols(images)
    stack = Stack(_first_words(model, images[0]))
    first, steps = stack.bits, list[Step]()
    for index, row in enumerate(pixels):
        progress(index, len(images), "Compressing without loss")
        steps.append(_push(stack, model, images[index], row))
    progress(len(images), len(images), "Compressing without loss")
    snapshot = frozen_model.snapshot
    carried = model_bytes(snapshot) if with_model else b""
    container = Container(
        "bits-back",
        model_digest(snapshot),
        snapshot.data.image,
        len(images),
        b"",
        to_bytes(stack.words()),
        check_of(images),
        carried,
    )
    return BitsBack(container, first, tuple(steps))


def decompress_exactly(
    frozen_model: FrozenModel, container: Container, progress: Progress = silent
) -> Decoded:
    """The images (N, C, H, W) of a file of kind "bits-back"; raises ValueError if it is damaged.

    Where the check of the pictures does not fit, this machine computes the model's probabilities otherwise
    than the writer's: `as_written` is False then, and the pictures are no images.
    """
    model = _ExactModel(frozen_model)
    if container.tables:
        raise ValueError("it has tables that it does not need")
    stack = Stack(from_bytes(container.coded))
    images = np.empty((container.count, *container.shape.array), np.uint8)
    for done, index in enumerate(reversed(range(container.count))):
        progress(done, container.count, "Decoding")
        prior = model.prior
        cells = stack.pop(prior)
        row = stack.pop(model.pixel_tables(cells))
        images[index] = model.image(row)
        model.posterior(images[index]).push(stack, cells)
    progress(container.count, container.count, "Decoding")
    return Decoded(images, None, None, check_of(images) == container.pictures)


def _push(stack: Stack, model: _ExactModel, image: NDArray[np.uint8], row: NDArray[np.int64]) -> Step:
    before = stack.bits
    cells = model.posterior(image).pop(stack)
    popped = stack.bits
    stack.push(row, model.pixel_tables(cells))
    pixels = stack.bits
    stack.push(cells, model.prior)
    return Step(before - popped, pixels - popped, stack.bits - pixels, stack.bits)


def _first_words(model: _ExactModel, image: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """As many random words as the posterior of the first image takes, and two to spare: (W,)."""
    posterior = model.posterior(image)
    most = len(posterior.first) * integer_tables.PRECISION // WORD + 2 * _SPARE_WORDS
    words = (
        np.random.default_rng(_SEED).integers(1 << (WORD - 1), 1 << WORD, most, np.uint64).astype(np.uint32)
    )
    stack = Stack(words)
    before = stack.bits
    posterior.pop(stack)
    return words[-(math.ceil((before - stack.bits) / WORD) + _SPARE_WORDS) :]


@dataclass(frozen=True, eq=False)
class _Posterior:
    """Probabilities of the cells of each number of a code, of those around the mean alone.

    A cell has at least 1 of 2^24. Were there cells everywhere, one in ten thousand numbers would be popped
    far from the mean, at the cost of a thousand bits for its image.

    first: the lowest cell of each number, (L,); tables: frequencies from there on, one (K,) each
    """

    first: NDArray[np.int64]
    tables: tuple[NDArray[np.int64], ...]

    def pop(self, stack: Stack) -> NDArray[np.int64]:
        """Take a code from the stack: cells (L,)."""
        return self.first + np.array([stack.pop_alike(1, table)[0] for table in self.tables], np.int64)

    def push(self, stack: Stack, cells: NDArray[np.int64]) -> None:
        """Put cells (L,) that were popped back on the stack. Raises ValueError for others."""
        symbols = cells - self.first
        for symbol, table in zip(symbols[::-1], self.tables[::-1], strict=True):
            if not 0 <= symbol < len(table):
                raise ValueError("a code is none that its image has")
            stack.push_alike(np.array([symbol]), table)


class _ExactModel:
    """The model in double precision, and what it gives as whole-number probabilities."""

    def __init__(self, frozen_model: FrozenModel) -> None:
        from aestudio.training.model import build_model, load_weights

        snapshot = frozen_model.snapshot
        self.likelihood = likelihood_of(snapshot.architecture)
        self.shape = snapshot.data.image
        self._model = build_model(snapshot.architecture).eval().requires_grad_(False)
        load_weights(self._model, snapshot.weights)
        self._model.double()
        size = snapshot.architecture.latent.size
        self._edges = (2 * np.arange(-_REACH, _REACH) + 1) * (_CELL // 2)
        self.prior = integer_tables.probabilities(
            "normal", self._edges, np.zeros(size, np.int64), np.full(size, _UNIT)
        )

    def symbols(self, images: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Images (N, C, H, W) -> what is coded of each, (N, C * H * W)."""
        flat = images.reshape(len(images), -1).astype(np.int64)
        if self.likelihood == "discretised_logistic":
            return flat
        if not np.isin(flat, (0, 255)).all():
            raise StudioError(
                "This model's likelihood is of black and white pixels, and these images have grey ones",
                advice="Make them black and white first, or choose a model of grey levels (grey-level-vae).",
            )
        return flat // 255

    def image(self, symbols: NDArray[np.int64]) -> NDArray[np.uint8]:
        """What was coded of an image, (C * H * W,) -> the image (C, H, W)."""
        levels = symbols if self.likelihood == "discretised_logistic" else 255 * symbols
        return levels.astype(np.uint8).reshape(self.shape.array)

    def posterior(self, image: NDArray[np.uint8]) -> _Posterior:
        """The probabilities of the code of an image (C, H, W)."""
        import torch

        unit = torch.tensor(image[None].astype(np.float64) / 255)
        code = self._computed(lambda: self._model.encode(unit))
        mean = np.clip(_rounded(code.mean, _UNIT), -8 * _UNIT, 8 * _UNIT)
        scale = np.clip(_rounded((0.5 * code.log_variance).exp(), _UNIT), 1, 8 * _UNIT)
        low = np.clip((mean - _SPREAD * scale) // _CELL + _REACH, 0, 2 * _REACH)
        high = np.clip((mean + _SPREAD * scale) // _CELL + _REACH + 1, 0, 2 * _REACH)
        tables = [
            integer_tables.probabilities(
                "normal", self._edges[first:last], mean[at : at + 1], scale[at : at + 1]
            )
            for at, (first, last) in enumerate(zip(low.tolist(), high.tolist(), strict=True))
        ]
        return _Posterior(low, tuple(table[0] for table in tables))

    def pixel_tables(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """The probabilities of the pixels given the cells (L,) of a code: (C * H * W, 2 or 256)."""
        import torch

        codes = torch.tensor((cells - _REACH)[None] * (_CELL / _UNIT))
        logits = self._computed(lambda: self._model.decode(codes))
        if self.likelihood == "bernoulli":
            return integer_tables.of_binary(_rounded(logits, integer_tables.LOGIT_STEP))
        unit = 2 * 255 * _GREY_UNIT
        means = _rounded(self._computed(lambda: self._model.objective.to_images(logits)), unit)
        variance = cast("Tensor", self._model.objective.variance)
        scale = max(1, round(float(logistic_scale(variance)) * unit))
        edges = (2 * np.arange(255) + 1) * _GREY_UNIT
        return integer_tables.probabilities("logistic", edges, means, np.full(len(means), scale))

    def _computed(self, compute: Callable[[], Any]) -> Any:
        import torch

        with torch.inference_mode():
            return compute()


def _rounded(values: Tensor, unit: int) -> NDArray[np.int64]:
    """Numbers (1, ...) in whole units: (M,). Raises StudioError for NaN and infinity."""
    numbers = values.double().numpy().reshape(-1) * unit
    if not np.isfinite(numbers).all():
        raise StudioError(
            "The model gives no probabilities: its numbers grow beyond what can be computed with",
            advice="Choose weights from before they grew so large.",
        )
    return np.rint(np.clip(numbers, -(2**31), 2**31)).astype(np.int64)

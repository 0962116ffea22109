"""The built-in data set: 60,000 + 10,000 drawn digits, the same for the same seed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import DIGIT_NAMES, Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.synthetic.factors import FACTOR_NAMES, sample
from aestudio.datasets.synthetic.ink import draw
from aestudio.datasets.synthetic.writing import write
from aestudio.progress import Progress, silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "builtin"
TITLE = "Built-in digits"
_CHUNK = 500  # images drawn at a time: about 15 MB a thread, which stays near the cache
_THREADS = 2
_TRAIN, _TEST = 0, 1  # separate random streams, so that neither split depends on the other's size


@dataclass(frozen=True, eq=False)
class _Canvas:
    """The arrays of one split, filled chunk by chunk."""

    split: int
    seed: int
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    factors: NDArray[np.float32]

    @classmethod
    def empty(cls, split: int, seed: int, count: int) -> _Canvas:
        labels = np.arange(count, dtype=np.int64) % len(DIGIT_NAMES)
        np.random.default_rng([seed, split]).shuffle(labels)
        images = np.zeros((count, *MNIST.image.array), np.uint8)
        return cls(split, seed, images, labels, np.zeros((count, len(FACTOR_NAMES)), np.float32))

    def draw(self, start: int) -> int:
        """Fill one chunk, from its own random stream; return how many images it has."""
        chunk = slice(start, min(start + _CHUNK, len(self.labels)))
        random = np.random.default_rng([self.seed, self.split, start + 1])
        factors = sample(self.labels[chunk], random)
        self.images[chunk, 0] = draw(write(factors, random), factors.softness)
        self.factors[chunk] = factors.table()
        return chunk.stop - chunk.start

    def image_set(self) -> ImageSet:
        return ImageSet(self.images, self.labels, DIGIT_NAMES, self.factors, FACTOR_NAMES)


def generate(train: int = 60_000, test: int = 10_000, seed: int = 0, progress: Progress = silent) -> Dataset:
    """Draw the built-in digits; labels are balanced and shuffled.

    seed is a whole number >= 0. Raises Cancelled if the progress callback does.
    """
    canvases = [_Canvas.empty(_TRAIN, seed, train), _Canvas.empty(_TEST, seed, test)]
    done = 0
    with ThreadPoolExecutor(_THREADS, "strokes") as pool:
        try:
            futures = [
                pool.submit(canvas.draw, start)
                for canvas in canvases
                for start in range(0, len(canvas.labels), _CHUNK)
            ]
            for future in as_completed(futures):
                done += future.result()
                progress(done, train + test, "Drawing the built-in digits")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Dataset(NAME, TITLE, canvases[0].image_set(), canvases[1].image_set())

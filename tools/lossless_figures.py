"""Measures the lossless files of a run for docs/numbers.md: `python -m tools.lossless_figures RUN`.

Prints one row: bits per pixel of the file, without and with the first message, the negative ELBO that the
objective computes by itself, and what other programs make of the same images. Sizes do not depend on how busy
the machine is.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import numpy as np

from aestudio.codec.bits_back import compress_exactly, decompress_exactly
from aestudio.codec.elbo_size import elbo_bits
from aestudio.codec.lossless_models import likelihood_of
from aestudio.codec.other_formats import lossless_sizes
from aestudio.datasets.catalogue import load_dataset
from aestudio.inference.frozen_model import FrozenModel
from aestudio.runs.index import find_run

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIXELS = ("drawn", "black and white", "grey")


def as_pixels(images: NDArray[np.uint8], pixels: str, seed: int = 0) -> NDArray[np.uint8]:
    """Images uint8 (N, C, H, W): as they are, black and white at 128, or drawn by their grey levels once."""
    if pixels == "grey":
        return images
    if pixels == "black and white":
        return np.where(images >= 128, 255, 0).astype(np.uint8)
    drawn = np.random.default_rng(seed).random(images.shape) < images / 255
    return np.where(drawn, 255, 0).astype(np.uint8)


def figures(run: str, images: NDArray[np.uint8]) -> dict[str, float]:
    """Bits per number of images (N, C, H, W), by name. Raises AssertionError if other images come out."""
    snapshot = find_run(run).snapshot()
    model = FrozenModel(snapshot)
    file = compress_exactly(model, images)
    assert np.array_equal(decompress_exactly(model, file.container).pictures, images)
    bound = elbo_bits(snapshot, images)
    found = {
        "-ELBO": bound,
        "without the first message": file.net_bits,
        "file": 8.0 * file.container.sizes.total,
    }
    found |= {size.name: float(size.bits) for size in lossless_sizes(images)}
    return {name: bits / images.size for name, bits in found.items()}


def main() -> None:
    """Print the figures of one run as a row of a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--pixels", choices=PIXELS, default="drawn")
    chosen = parser.parse_args()
    grey = likelihood_of(find_run(chosen.run).snapshot().architecture) == "discretised_logistic"
    pixels = "grey" if grey else chosen.pixels
    images = as_pixels(load_dataset("mnist").test.images[: chosen.count], pixels)
    found = figures(chosen.run, images)
    sys.stdout.write(f"| run | images | pixels | {' | '.join(found)} | file / -ELBO |" + "\n")
    sys.stdout.write("|" + "---|" * (len(found) + 4) + "\n")
    values = " | ".join(f"{value:.4f}" for value in found.values())
    ratio = found["file"] / found["-ELBO"]
    sys.stdout.write(f"| {chosen.run} | {len(images):,} | {pixels} | {values} | {ratio:.4f} |" + "\n")


if __name__ == "__main__":
    main()

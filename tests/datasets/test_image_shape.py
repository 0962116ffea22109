"""Sizes of images as texts: height first, and from one function only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import aestudio
from aestudio.datasets.image_shape import ImageShape, size_text

PACKAGE = Path(aestudio.__file__).parent
WRITTEN = re.compile(r"[0-9}] ?[x×] ?[0-9{]")
# Files that write sizes themselves, and why.
OWN = {
    "analysis/metrics.py": "the SSIM's window in run.json",
    "cli/commands/datasets.py": "the smallest and the largest size",
    "cli/commands/shot.py": "an option",
    "datasets/image_shape.py": "has the function",
    "datasets/pixel_conversion.py": "an example of a size",
    "datasets/sources/sklearn_digits.py": "fixed sizes",
    "export/pictures/animation.py": "ffmpeg's option",
    "gui/plots/numbers.py": "a power of ten",
    "gui/views/latent/grid/grid_controls.py": "rows and columns of the grid",
    "gui/views/shared/image_sizes.py": "channels of 8 bits",
    "cli/commands/export.py": "of a picture file, width first as programs for pictures say",
    "export/pictures/traversal_pages.py": "of a picture file",
    "gui/views/latent/traversals/sheet_export.py": "of a picture file",
    "gui/window/context/thing_actions.py": "of a copied picture",
    "gui/window/files/exports.py": "of a picture of the view, in pixels",
    "gui/views/network/layer_panels.py": "rows and columns of weights",
    "layers/convolution.py": "the sides of a kernel",
    "layers/transposed_convolution.py": "the sides of a kernel",
    "gui/widgets/architecture_diagram.py": "as short as possible, below a block",
}


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((1, 28, 28), "28 × 28"),
        ((1, 28, 20), "28 × 20 (height × width)"),
        ((3, 32, 32), "32 × 32 in colour"),
        ((3, 30, 40), "30 × 40 (height × width) in colour"),
    ],
)
def test_a_shape_has_its_height_first_and_says_so(shape: tuple[int, int, int], text: str) -> None:
    assert str(ImageShape(*shape)) == text


def test_large_sizes_are_readable() -> None:
    assert size_text(13_000, 900) == "13,000 × 900 (height × width)"


def strings(source: str) -> list[str]:
    """The parts of a file in double quotes, without docstrings and comments."""
    without = re.sub(r'"""[\s\S]*?"""', "", source)
    return re.findall(r'"([^"\n]*)"', re.sub(r"(?m)#.*$", "", without))


def test_no_text_writes_a_size_another_way() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(WRITTEN.search(text) for text in strings(path.read_text("utf-8")))
    }
    assert found == OWN.keys()

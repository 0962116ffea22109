"""The shape of MNIST's images is named nowhere but where its format is read, made or fallen back to.

Everything else takes the shape from the data set or from the run. Numbers are looked for in the code, the
size in its comments, docstrings and texts as well.
"""

from __future__ import annotations

import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

import aestudio
from aestudio.resources import resources_folder

PACKAGE = Path(aestudio.__file__).parent
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
# Folders and files in which it may be named, and why.
ALLOWED = {
    "datasets/array_axes.py": "knows the height and width of the Frey faces, 28 x 20",
    "datasets/image_shape.py": "names MNIST's shape for all others",
    "datasets/published_set.py": "declares the published sets in MNIST's format",
    "datasets/sources/sklearn_digits.py": "enlarges digits to MNIST's size, and says so",
    "datasets/synthetic/": "draws the built-in digits on MNIST's pixels",
    "gui/widgets/slider_painting.py": "a row with a slider is as high by chance",
}
NUMBERS = {28, 784}
IN_TEXT = re.compile(r"(?<![\w.,])(?:28 ?[x×] ?28|28, 28|784)(?![\w])")


@cache
def named(source: Path) -> list[int]:
    """The lines on which a file names the shape."""
    found: list[int] = []
    digits = source.read_text(encoding="utf-8").replace("_", "")
    if "28" not in digits and "784" not in digits:
        return found  # tokens of all files take seconds
    with tokenize.open(source) as file:
        for token in tokenize.generate_tokens(file.readline):
            text = token.string
            if token.type == tokenize.NUMBER and text.replace("_", "").isdecimal():
                is_named = int(text) in NUMBERS
            else:
                # f-strings are one token up to Python 3.11, and several from 3.12 on.
                is_text = "STRING" in tokenize.tok_name[token.type] or token.type == tokenize.COMMENT
                is_named = is_text and IN_TEXT.search(text) is not None
            if is_named:
                found.append(token.start[0])
    return found


def is_allowed(name: str) -> bool:
    return any(name == entry or (entry.endswith("/") and name.startswith(entry)) for entry in ALLOWED)


def test_the_shape_is_not_named() -> None:
    assert len(FILES) > 300
    assert {
        name: lines for name, path in FILES.items() if not is_allowed(name) and (lines := named(path))
    } == {}


def test_every_exception_is_needed() -> None:
    names = [name for name, path in FILES.items() if named(path)]
    assert [entry for entry in ALLOWED if not any(name.startswith(entry) for name in names)] == []


def test_no_recipe_names_the_shape() -> None:
    files = sorted((resources_folder() / "recipes").glob("*.json"))
    assert len(files) > 5
    naming = re.compile(r"(?<!\d)(?:28|784)(?!\d)")
    assert [path.name for path in files if naming.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("side = 28", 1),
        ("size = 1 * 784", 1),
        ("shape = (1, 28, 28)", 2),
        ("a = 1  # images of 28x28", 1),
        ("a = 'of shape (N, 28, 28)'", 1),
        ("a = f'{a}: 28 x 28'", 1),
        ("a = 'of 28 × 28'", 1),
        ("a = 0.28 + 280 + 1 << 2", 0),
        ("a = '26,28 42,16'", 0),
        ("a = x28", 0),
    ],
)
def test_what_is_found(line: str, expected: int, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"{line}\n", encoding="utf-8")
    assert len(named(tmp_path / "a.py")) == expected

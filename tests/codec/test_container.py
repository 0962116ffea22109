"""The `.aec` file: its parts, its size, and one clear error for each damaged file."""

from __future__ import annotations

import dataclasses
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.codec.bits_back import compress_exactly
from aestudio.codec.container import Container, parse_container, read_container
from aestudio.codec.opened_file import decompress
from aestudio.codec.rounded_codes import compress_codes
from aestudio.datasets.image_shape import ImageShape
from aestudio.errors import StudioError
from tests.small_models import SMALL, untrained

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.inference.frozen_model import Codes, FrozenModel

FEW, MANY = 40, 2000
SHAPE = ImageShape(1, 28, 28)


def small(**changes: object) -> Container:
    container = Container("codes", b"12345678", SHAPE, 3, b"tables", b"coded", 12345)
    return dataclasses.replace(container, **changes)


@pytest.fixture(scope="module")
def files(
    variational: FrozenModel,
    learned: FrozenModel,
    reference: Callable[[FrozenModel], Codes],
    few_digits: Dataset,
    black_and_white: np.ndarray,
) -> dict[str, Container]:
    """A file of each kind; "learned": of a model that rounds itself; "model": with the model in it."""
    images, codes = few_digits.test.images[:5], reference(variational)
    return {
        "codes": compress_codes(variational, images, codes),
        "bits-back": compress_exactly(variational, black_and_white[:3]).container,
        "learned": compress_codes(learned, images, reference(learned)),
        "model": compress_codes(variational, images, codes, with_model=True),
    }


@pytest.mark.parametrize(
    "container", [small(), small(kind="bits-back", tables=b"", count=1_000_000, model=b"m" * 500)]
)
def test_what_is_written_is_read(container: Container, tmp_path: Path) -> None:
    path = tmp_path / "a.aec"
    container.write(path)
    assert read_container(path) == container
    assert container.sizes.total == path.stat().st_size
    assert container.sizes.without_model == path.stat().st_size - len(container.model)
    assert (container.sizes.tables, container.sizes.coded) == (len(container.tables), len(container.coded))


def test_nothing_is_overwritten_silently(tmp_path: Path) -> None:
    path = tmp_path / "a.aec"
    path.write_bytes(b"mine")
    with pytest.raises(StudioError, match="already exists"):
        small().write(path)
    assert path.read_bytes() == b"mine"
    small().write(path, overwrite=True)
    assert read_container(path) == small()


def with_check(data: bytes) -> bytes:
    """The bytes of a file with the check that belongs to them."""
    return data[:-4] + zlib.crc32(data[:-4]).to_bytes(4, "little")


def test_a_newer_file_says_so(tmp_path: Path) -> None:
    data = bytearray(small().to_bytes())
    data[3] = 2
    with pytest.raises(StudioError, match="newer version"):
        parse_container(with_check(bytes(data)), tmp_path / "a.aec")
    with pytest.raises(StudioError, match="damaged"):  # the same byte by chance
        parse_container(bytes(data), tmp_path / "a.aec")


@pytest.mark.parametrize("data", [b"", b"AEC", b"AEC\1", b"\x89PNG\r\n", b"AEC\1" + bytes(30)])
def test_other_files_are_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.aec"
    path.write_bytes(data)
    with pytest.raises(StudioError, match=r"no compressed file|damaged") as caught:
        read_container(path)
    assert "a.aec" in str(caught.value)


def mutated(data: bytes, generator: np.random.Generator) -> bytes:
    """The bytes with some changed, removed, doubled or cut off."""
    changed, at = bytearray(data), int(generator.integers(len(data)))
    length = int(generator.integers(1, 20))
    match generator.integers(4):
        case 0:
            for place in generator.integers(len(data), size=length):
                changed[place] ^= int(generator.integers(1, 256))
        case 1:
            del changed[at : at + length]
        case 2:
            changed[at:at] = changed[at : at + length]
        case _:
            del changed[at:]
    return bytes(changed)


def try_mutations(container: Container, model: FrozenModel, count: int, path: Path, checked: bool) -> int:
    """How many files of `count` were refused; any other outcome than images or a StudioError fails.

    checked: with a check that fits, so that what lies behind it is tried, too
    """
    data, refused = container.to_bytes(), 0
    generator = np.random.default_rng(count)
    for _ in range(count):
        damaged = mutated(data, generator)
        if damaged == data:
            refused += 1
            continue
        try:
            parsed = parse_container(with_check(damaged) if checked else damaged, path)
            if parsed.count > 1000:  # decoded for minutes, into as many images
                continue
            decoded = decompress(parsed, model.snapshot, path)
        except StudioError as error:
            refused += str(path) in str(error)
        else:
            assert decoded.pictures.shape == (parsed.count, *parsed.shape.array)
    return refused


@pytest.mark.parametrize("kind", ["codes", "bits-back", "learned"])
def test_each_damaged_file_gives_one_error(
    files: dict[str, Container],
    variational: FrozenModel,
    learned: FrozenModel,
    tmp_path: Path,
    kind: str,
) -> None:
    model = learned if kind == "learned" else variational
    assert try_mutations(files[kind], model, FEW, tmp_path / "a.aec", checked=False) == FEW
    try_mutations(files[kind], model, FEW, tmp_path / "a.aec", checked=True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["codes", "bits-back", "learned"])
def test_each_of_thousands_of_damaged_files_gives_one_error(
    files: dict[str, Container],
    variational: FrozenModel,
    learned: FrozenModel,
    tmp_path: Path,
    kind: str,
) -> None:
    model = learned if kind == "learned" else variational
    assert try_mutations(files[kind], model, MANY, tmp_path / "a.aec", checked=False) == MANY
    try_mutations(files[kind], model, MANY, tmp_path / "a.aec", checked=True)


def test_a_model_inside_is_checked(
    files: dict[str, Container], variational: FrozenModel, tmp_path: Path
) -> None:
    from aestudio.codec.opened_file import model_inside

    whole, path = files["model"], tmp_path / "a.aec"
    inside = model_inside(whole, path)
    assert inside is not None
    assert np.array_equal(
        decompress(whole, inside, path).pictures, decompress(whole, variational.snapshot, path).pictures
    )
    assert model_inside(files["codes"], path) is None
    for at in (1, 3000, len(whole.model) - 1):  # a title may be another one
        model = bytearray(whole.model)
        model[at] ^= 1
        with pytest.raises(StudioError, match="damaged"):
            model_inside(dataclasses.replace(whole, model=bytes(model)), path)


def test_another_model_is_refused(files: dict[str, Container], tmp_path: Path) -> None:
    other = untrained("vae", **SMALL, seed=5)
    with pytest.raises(StudioError, match="not the one that wrote"):
        decompress(files["codes"], other, tmp_path / "a.aec")

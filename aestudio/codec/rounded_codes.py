"""Images as rounded codes: a compressed file of kind "codes", and back.

What a code takes is really written: rounded numbers are entropy-coded under whole-number probabilities, and
the smallest of several ways to tell these probabilities is kept.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.codec import integer_tables
from aestudio.codec.carried_model import model_bytes, model_digest
from aestudio.codec.code_tables import (
    CodeTables,
    EntryTables,
    HistogramTables,
    NormalTables,
    PriorTables,
    parse_tables,
)
from aestudio.codec.container import Container
from aestudio.codec.learned_rounding import LearnedRounding, fineness_of, quality_for_bits
from aestudio.codec.rounding import (
    for_bits,
    for_quality,
    require_bits,
    require_quality,
    to_cells,
    to_codes,
)
from aestudio.codec.stack import Stack, from_bytes, to_bytes
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.conditions import class_of, condition_of_labels
from aestudio.recipes.requirements import has_standard_normal_prior, require_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.recipes.architecture import Architecture
    from aestudio.types import CodeArray, Condition, Reconstructed

_LEARNED = 4  # scheme of tables: the model's own, beside those of `code_tables`
_ALIKE, _EACH = 0, 1  # whether all numbers of a code are rounded alike
_STEPS = 12  # of the search for a rate: qualities to 100 / 2^12


@dataclass(frozen=True, eq=False)
class Decoded:
    """What a compressed file holds.

    pictures: uint8 (N, C, H, W); codes: float32 (N, L), None if the images are kept without their codes
    labels:   int64 (N,), of a model that is told classes, or None
    as_written: whether these are, bit for bit, the pictures that the writer saw
    """

    pictures: Reconstructed
    codes: CodeArray | None
    labels: NDArray[np.int64] | None
    as_written: bool


@dataclass(frozen=True)
class Fineness:
    """How finely codes are rounded: the first of these that is given.

    bits:    about 2^bits cells for each number
    rate:    bits of the file for each image at most, without a model in it
    quality: from 1 to 100, as `for_quality`
    Codes of entries are kept as they are.
    """

    bits: int | None = None
    rate: float | None = None
    quality: float = 50


DEFAULT = Fineness()


def compress_codes(
    frozen_model: FrozenModel,
    images: NDArray[np.uint8],
    reference: Codes,
    fineness: Fineness = DEFAULT,
    condition: Condition | None = None,
    with_model: bool = False,
) -> Container:
    """Images uint8 (N, C, H, W) as a compressed file of their rounded codes.

    reference: codes of training images, whose posteriors or ranges say how codes are rounded
    condition: float32 (N, K), what a conditional model is told; classes are kept with the codes
    with_model: put the model into the file, so that it can be opened without it
    Raises StudioError if the model does not reconstruct, is told factors of variation, or cannot reach the
    rate; BadChoice for an impossible fineness.
    """
    architecture = frozen_model.snapshot.architecture
    require_codec(architecture)
    if not len(images):
        raise StudioError("There is no image to compress", advice="Choose some images.")
    codes = frozen_model.encode(images, condition).mean
    labels = None if condition is None else np.array([class_of(row) for row in condition.tolist()], np.int64)

    def file_of(tables: bytes, coded: bytes) -> Container:
        pictures, _, _ = _decoded(frozen_model, tables, coded, len(images))
        model = model_bytes(frozen_model.snapshot) if with_model else b""
        shape, digest = frozen_model.snapshot.data.image, model_digest(frozen_model.snapshot)
        return Container("codes", digest, shape, len(images), tables, coded, check_of(pictures), model)

    def written(indices: NDArray[np.uint8] | None) -> Container:
        return file_of(*_smallest(architecture, codes, labels, reference, indices))

    if architecture.latent.choices:
        return written(None)
    if architecture.latent.rounds_itself:
        return _rounded_by_model(frozen_model, codes, reference, fineness, file_of)
    if fineness.bits is not None:
        return written(for_bits(reference, fineness.bits))
    if fineness.rate is not None:
        return _at_rate(fineness.rate, lambda quality: written(for_quality(reference, quality)))
    return written(for_quality(reference, fineness.quality))


def decompress_codes(frozen_model: FrozenModel, container: Container) -> Decoded:
    """The pictures (N, C, H, W) and codes (N, L) of a file of kind "codes".

    Raises ValueError if it is damaged.
    """
    pictures, codes, labels = _decoded(frozen_model, container.tables, container.coded, container.count)
    return Decoded(pictures, codes, labels, check_of(pictures) == container.pictures)


def check_of(pictures: NDArray[np.uint8]) -> int:
    """CRC-32 of pictures (N, C, H, W)."""
    return zlib.crc32(pictures.tobytes())


def require_codec(architecture: Architecture) -> None:
    """Raises StudioError if images cannot be kept as codes of this model."""
    require_encoder(architecture)
    if not architecture.reconstructs:
        raise StudioError(
            "This model decodes nothing, so its codes are no compressed images",
            where=architecture.recipe.title,
            advice="Choose a model that reconstructs images.",
        )
    if architecture.recipe.objective.condition == "factors":
        raise StudioError(
            "This model is told factors of variation, which a compressed file has no place for",
            where=architecture.recipe.title,
            advice="Choose a model that is told nothing, or classes.",
        )


def _rounded_by_model(
    frozen_model: FrozenModel,
    codes: CodeArray,
    reference: Codes,
    fineness: Fineness,
    file_of: Callable[[bytes, bytes], Container],
) -> Container:
    """The file of a model that knows how its codes are rounded, of any fineness."""
    rounding = LearnedRounding(frozen_model.snapshot)

    def written(quality: float) -> Container:
        step = fineness_of(quality)
        return file_of(bytes((_LEARNED, step)), rounding.encode(codes, step))

    if fineness.bits is not None:
        require_bits(fineness.bits)
        return written(quality_for_bits(rounding, reference, fineness.bits))
    if fineness.rate is not None:
        return _at_rate(fineness.rate, written)
    require_quality(fineness.quality)
    return written(fineness.quality)


def _at_rate(rate: float, written: Callable[[float], Container]) -> Container:
    """The file of the highest quality whose bits per image are at most the rate."""
    low, high = 1.0, 100.0

    def fits(file: Container) -> bool:
        return 8 * file.sizes.without_model <= rate * file.count

    best = written(low)
    if not rate > 0:
        raise BadChoice("bits per image", rate, "number above 0")
    if not fits(best):
        least = 8 * best.sizes.without_model / best.count
        raise StudioError(
            f"{rate:g} bits per image are too few: the coarsest codes take {least:,.1f}, the file's header "
            "included",
            advice="Allow more bits, or compress more images at a time.",
        )
    for _ in range(_STEPS):
        middle = (low + high) / 2
        file = written(middle)
        if fits(file):
            low, best = middle, file
        else:
            high = middle
    return best


def _smallest(
    architecture: Architecture,
    codes: CodeArray,
    labels: NDArray[np.int64] | None,
    reference: Codes,
    indices: NDArray[np.uint8] | None,
) -> tuple[bytes, bytes]:
    """The blocks of tables and of coded numbers that are shortest together."""
    latent = architecture.latent
    if indices is None:
        cells, head = codes.astype(np.int64), b""
        tables: list[CodeTables] = [
            EntryTables(latent.size, latent.choices, None),
            EntryTables.of(cells, latent.choices),
        ]
    else:
        cells, head = to_cells(codes, indices), _widths_block(indices)
        known = to_cells(reference.mean, indices)
        makers: list[Callable[[], CodeTables]] = [
            lambda: NormalTables.of(known),
            lambda: HistogramTables.of(cells),
        ]
        if has_standard_normal_prior(latent):
            makers.append(lambda: PriorTables(indices))
        tables = [made for make in makers if (made := _made(make)) is not None]
    if not tables:
        raise StudioError(
            "The codes lie in too many cells to be coded", advice="Choose a lower quality, or fewer bits."
        )
    classes = architecture.condition_size
    files = [(_block(head, one), _coded(one, cells, labels, classes)) for one in tables]
    return min(files, key=lambda file: len(file[0]) + len(file[1]))


def _made(make: Callable[[], CodeTables]) -> CodeTables | None:
    try:
        return make()
    except ValueError:  # not possible for these codes
        return None


def _block(head: bytes, tables: CodeTables) -> bytes:
    return bytes((tables.scheme,)) + head + tables.to_bytes()


def _widths_block(indices: NDArray[np.uint8]) -> bytes:
    alike = len(set(indices.tolist())) == 1
    return bytes((_ALIKE,)) + indices[:1].tobytes() if alike else bytes((_EACH,)) + indices.tobytes()


def _coded(
    tables: CodeTables, cells: NDArray[np.int64], labels: NDArray[np.int64] | None, classes: int
) -> bytes:
    """The words of the stack: number for number of the code, the classes on top."""
    stack = Stack()
    for number in reversed(range(cells.shape[1])):
        frequencies = tables.frequencies(number)
        symbols = np.clip(cells[:, number] - tables.first[number], 0, len(frequencies) - 1)
        stack.push_alike(symbols, frequencies)
    if labels is not None:
        stack.push_alike(labels, integer_tables.uniform(classes))
    return to_bytes(stack.words())


def _decoded(
    frozen_model: FrozenModel, tables_block: bytes, coded: bytes, count: int
) -> tuple[Reconstructed, CodeArray, NDArray[np.int64] | None]:
    """Pictures, codes and classes; raises ValueError for blocks that are none of this model's."""
    architecture = frozen_model.snapshot.architecture
    latent = architecture.latent
    if not tables_block:
        raise ValueError("its tables are missing")
    scheme, rest = tables_block[0], tables_block[1:]
    if latent.rounds_itself:
        if scheme != _LEARNED or len(rest) != 1:
            raise ValueError("its codes were rounded by another model")
        codes = LearnedRounding(frozen_model.snapshot).decode(coded, count, rest[0])
        return frozen_model.decode(codes), codes, None
    indices = np.zeros(latent.size, np.uint8)
    if not latent.choices:
        length = latent.size if rest[:1] == bytes((_EACH,)) else 1
        told = np.frombuffer(rest[1 : 1 + length], np.uint8)
        if len(told) != length or rest[0] not in (_ALIKE, _EACH):
            raise ValueError("the widths of its cells are missing")
        indices, rest = np.broadcast_to(told, latent.size).copy(), rest[1 + length :]
    tables = parse_tables(scheme, rest, latent, indices)
    stack = Stack(from_bytes(coded))
    classes = architecture.condition_size
    labels = stack.pop_alike(count, integer_tables.uniform(classes)) if classes else None
    cells = np.empty((count, latent.size), np.int64)
    for number in range(latent.size):
        cells[:, number] = stack.pop_alike(count, tables.frequencies(number)) + tables.first[number]
    if stack.bits > 0:
        raise ValueError("something follows its last code")
    codes = cells.astype(np.float32) if latent.choices else to_codes(cells, indices)
    told = None if labels is None else condition_of_labels(architecture, labels)
    return frozen_model.decode(codes, told), codes, labels

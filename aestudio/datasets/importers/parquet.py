"""Reads Parquet files with images as Hugging Face has them, through pyarrow.

There an image is {"bytes": a PNG or JPEG, "path": its name}; names of classes are in the metadata.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from aestudio.datasets.importers.optional_library import optional_library
from aestudio.datasets.label_file import is_label_word
from aestudio.datasets.memory_limit import check_free, check_size
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

SUFFIX = ".parquet"
_BATCH = 256  # rows at a time
_IMAGE_WORDS = ("image", "img", "picture", "pixel_values", "pixels", "data")
_ERRORS = (ValueError, OSError, KeyError, TypeError, NotImplementedError, MemoryError, OverflowError)
_DAMAGE = Damage("This Parquet file cannot be read", "Download it again, or choose another file.")


@dataclass(frozen=True, eq=False)
class ParquetTable:
    """A file's images and labels.

    pictures:    the bytes of a PNG or the like of each row, b"" without one; () if there are numbers
    images:      (N, ...) numbers, or None
    labels:      (N,) whole numbers or texts, or None
    class_names: of the numbers, if the file has them
    column:      the name of the column of labels, ""
    others:      other columns that may be labels
    """

    pictures: tuple[bytes, ...]
    images: NDArray[Any] | None
    labels: NDArray[Any] | None
    class_names: tuple[str, ...]
    column: str
    others: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.pictures) if self.images is None else len(self.images)


def read_parquet(path: Path) -> ParquetTable:
    """The images and labels in a file; raises StudioError if it cannot be read, or pyarrow is missing."""
    library = optional_library("pyarrow.parquet", "pyarrow", str(path))
    arrow = optional_library("pyarrow", "pyarrow", str(path))
    with reading(path):
        path.open("rb").close()  # a sentence of the system, rather than of the library
    try:
        with library.ParquetFile(path, thrift_string_size_limit=1 << 26) as file:
            return _read(arrow, file, path)
    except StudioError:
        raise
    # pyarrow's own errors are ValueError, KeyError, NotImplementedError, OSError or MemoryError
    except (
        ValueError,
        OSError,
        KeyError,
        TypeError,
        NotImplementedError,
        MemoryError,
        OverflowError,
    ) as error:
        raise _DAMAGE.error(path, error) from error
    except arrow.ArrowException as error:
        raise _DAMAGE.error(path, error) from error


def _read(arrow: Any, file: Any, path: Path) -> ParquetTable:
    schema = file.schema_arrow
    kinds: dict[str, Any] = {field.name: field.type for field in schema}
    names = _class_names(schema.metadata or {})
    column, others = _label_column(arrow, kinds, names)
    image = next((name for name, kind in kinds.items() if _holds_bytes(arrow, kind)), "")
    wanted = [image] if image else [name for name in kinds if name != column]
    size = sum(
        file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups)
    )
    check_size(size, str(path), "The columns")
    check_free(2 * size, str(path), "The columns")
    pictures: list[bytes] = []
    images: list[NDArray[Any]] = []
    labels: list[Any] = []
    held = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=[*wanted, *([column] if column else [])]):
        if column:
            labels += batch.column(column).to_pylist()
        if image:
            pictures += [_bytes_of(value) for value in batch.column(image).to_pylist()]
            held += sum(map(len, pictures[-len(batch) :]))
        else:
            images.append(_numbers(arrow, batch, wanted, str(path)))
            held += images[-1].nbytes
        check_size(held, str(path))
    if not (pictures or images):
        raise StudioError("It has no rows", where=str(path), advice="Choose another file.")
    return ParquetTable(
        tuple(pictures),
        np.concatenate(images) if images else None,
        _labels(labels) if column else None,
        names.get(column, ()),
        column,
        others,
    )


def _class_names(metadata: Mapping[bytes, bytes]) -> dict[str, tuple[str, ...]]:
    """By column, the names that Hugging Face's ClassLabel has."""
    try:
        features = json.loads(metadata[b"huggingface"])["info"]["features"]
        labelled = {name: entry["names"] for name, entry in features.items() if "names" in entry}
        return {name: tuple(map(str, _listed(names))) for name, names in labelled.items()}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _listed(names: Any) -> list[Any]:
    """The names in their order, which is in older files that of their numbers as keys."""
    if isinstance(names, dict):
        table = cast("dict[str, Any]", names)
        return [table[key] for key in sorted(table, key=int)]
    return list(names)


def _label_column(
    arrow: Any, kinds: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]
) -> tuple[str, tuple[str, ...]]:
    """The column of labels, "" without any, and others that may be some."""
    types = arrow.types
    simple = [
        name
        for name, kind in kinds.items()
        if types.is_integer(kind)
        or types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_boolean(kind)
    ]
    likely = [name for name in simple if name in names] or [name for name in simple if is_label_word(name)]
    if not likely and len(kinds) == 2 and len(simple) == 1:
        likely = simple
    likely.sort(key=lambda name: name != "label")
    return (likely[0], tuple(likely[1:])) if likely else ("", ())


def _holds_bytes(arrow: Any, kind: Any) -> bool:
    types = arrow.types
    if types.is_struct(kind):
        return any(field.name == "bytes" for field in kind)
    return bool(types.is_binary(kind) or types.is_large_binary(kind))


def _bytes_of(value: Any) -> bytes:
    content = cast("dict[str, Any]", value).get("bytes") if isinstance(value, dict) else value
    return content if isinstance(content, bytes) else b""


def _numbers(arrow: Any, batch: Any, wanted: list[str], where: str) -> NDArray[Any]:
    """The rows of a batch as numbers: a column of lists (N, ...), or a column for each pixel (N, P)."""
    types = arrow.types
    lists = [name for name in wanted if _is_list(arrow, batch.column(name))]
    if lists:
        column = batch.column(min(lists, key=lambda name: name.lower() not in _IMAGE_WORDS))
        shape = [len(column)]
        while _is_list(arrow, column):
            column = column.flatten()
            shape.append(len(column) // max(1, int(np.prod(shape))))
        return np.asarray(column.to_numpy(zero_copy_only=False)).reshape(shape)
    numeric = [
        name
        for name in wanted
        if types.is_integer(batch.schema.field(name).type) or types.is_floating(batch.schema.field(name).type)
    ]
    if len(numeric) < 2:
        raise StudioError(
            f"No column of this table holds images ({shortened(', '.join(wanted), 200)})",
            where=where,
            advice="Images are PNG or JPEG bytes, lists of numbers, or a column for each pixel.",
        )
    return np.stack([batch.column(name).to_numpy(zero_copy_only=False) for name in numeric], axis=1)


def _is_list(arrow: Any, column: Any) -> bool:
    kind, types = column.type, arrow.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _labels(values: list[Any]) -> NDArray[Any]:
    if all(value is None or isinstance(value, (int, bool)) for value in values):
        return np.array([-1 if value is None else int(value) for value in values], np.int64)
    return np.array(["" if value is None else str(value) for value in values], np.str_)

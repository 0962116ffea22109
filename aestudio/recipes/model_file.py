"""Reads a JSON file that is one declared model: a recipe, or the record of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from aestudio.errors import StudioError
from aestudio.recipes.own_parts.loading_errors import MissingPart, PartUnavailable
from aestudio.storage.files import read_bytes
from aestudio.storage.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.storage.damage import Damage

Model = TypeVar("Model", bound=BaseModel)


def read_model_file(
    model: type[Model],
    path: Path,
    most_bytes: int,
    damage: Damage,
    unusable: str,
    check: Callable[[Any], None] | None = None,
) -> Model:
    """The model in the file; raises StudioError naming the file and the first thing wrong.

    For damage, unusable and check, see `parse_model`.
    """
    return parse_model(model, read_bytes(path, most_bytes), path, damage, unusable, check)


def parse_model(
    model: type[Model],
    data: bytes,
    path: Path,
    damage: Damage,
    unusable: str,
    check: Callable[[Any], None] | None = None,
) -> Model:
    """The model that these bytes of a file are; raises StudioError naming the file and what is wrong.

    damage:   the message for a damaged file
    unusable: the sentence for a file in order that names a network or objective which is not available
    check:    called with the JSON before the model is made of it; its StudioError is passed on
    """
    try:
        table = parse_json(data)
    except ValueError as error:
        raise damage.error(path, error) from error
    if check is not None:
        check(table)
    try:
        return model.model_validate(table)
    except (PartUnavailable, MissingPart) as error:
        raise StudioError(
            f"{unusable} ({error.what}: {error.where})", where=str(path), advice=error.advice
        ) from error
    except (ValueError, StudioError) as error:
        raise damage.error(path, _first_problem(error)) from error


def _first_problem(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return ": ".join(part for part in (".".join(map(str, first["loc"])), first["msg"]) if part)
    return error.what if isinstance(error, StudioError) else str(error)

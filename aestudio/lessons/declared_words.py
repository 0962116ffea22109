"""Which words a lesson's file may use at a place of its tables, for messages that name the nearest one."""

from __future__ import annotations

import re
import types
import typing
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_QUOTED = re.compile(r"'([^']*)'")


def sentence_of(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    """What is wrong, and what is allowed, of one error of pydantic: a sentence without a full stop."""
    place = tuple(error["loc"])
    context: Mapping[str, Any] = error.get("ctx") or {}
    value = error.get("input")
    match error["type"]:
        case "extra_forbidden":
            return unknown_word(str(place[-1]), words_at(model, place[:-1]))
        case "literal_error":
            return unknown_word(str(value), _QUOTED.findall(str(context.get("expected", ""))))
        case "union_tag_invalid":
            return unknown_word(str(context.get("tag")), _QUOTED.findall(str(context.get("expected_tags"))))
        case "union_tag_not_found":
            word = _QUOTED.findall(str(context.get("discriminator", "")))
            return f"{' '.join(word) or 'its kind'} is missing"
        case "missing":
            return f"{place[-1]} is missing"
        case _:
            return str(error["msg"])


def unknown_word(word: str, allowed: Iterable[str]) -> str:
    """That a word is not known: the nearest one that is, and all that are."""
    known = list(allowed)
    near = get_close_matches(word, known, 1)
    meant = f", did you mean {near[0]}?" if near else "."
    return f"{word!r} is not known{meant} Allowed: {', '.join(known)}"


def words_at(model: type[BaseModel], place: Sequence[str | int]) -> tuple[str, ...]:
    """The words that the table at this place of a model's file may have."""
    kind: Any = model
    for part in place:
        kind = _inside(_plain(kind), part)
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return tuple(field.alias or name for name, field in kind.model_fields.items())
    return ()


def _plain(kind: Any) -> Any:
    """The kind without Annotated and without None."""
    while True:
        origin = typing.get_origin(kind)
        if origin is typing.Annotated:
            kind = typing.get_args(kind)[0]
            continue
        if origin in (typing.Union, types.UnionType):
            rest = [one for one in typing.get_args(kind) if one is not type(None)]
            if len(rest) == 1:
                kind = rest[0]
                continue
        return kind


def _inside(kind: Any, part: str | int) -> Any:
    """What stands in a kind of table at a key, at a number of an array, or behind the tag of a union."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        found = next(
            (field for name, field in kind.model_fields.items() if part in (name, field.alias)), None
        )
        return None if found is None else found.annotation
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return arguments[0]
    if typing.get_origin(kind) is dict:
        return arguments[1]
    tagged = (one for one in arguments if _tag_of(one) == part)
    return next(tagged, None)


def _tag_of(kind: Any) -> str | None:
    """The value of `do` or `kind` by which a union tells this model from the others."""
    fields = kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else {}
    for name in ("do", "kind"):
        if name in fields:
            values = typing.get_args(fields[name].annotation)
            return cast("str", values[0]) if values else None
    return None

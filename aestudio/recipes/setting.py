"""One declaration per setting: form, flag, file and error message all follow from it.

A group of settings is a frozen pydantic model whose fields are made by `setting(...)`;
`describe(group)` turns the declaration into plain `SettingInfo` rows for forms and flags.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from aestudio.errors import BadChoice
from aestudio.recipes.number_parsing import hint_at, one_size_instead, read_number, read_whole

SettingKind = Literal["integer", "number", "choice", "switch", "sizes", "text"]

_SWITCH_WORDS: dict[str, bool] = {
    **dict.fromkeys(("true", "on", "yes", "1"), True),
    **dict.fromkeys(("false", "off", "no", "0"), False),
}


class Settings(BaseModel):
    """A group of settings; immutable, unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _sizes_within_bounds(self) -> Settings:
        for info in describe(type(self)):
            if info.kind == "sizes":
                low, high = info.minimum or 0, info.maximum or float("inf")
                sizes = getattr(self, info.name)
                too_many = info.longest is not None and len(sizes) > info.longest
                if too_many or not all(low <= size <= high for size in sizes):
                    context = {"name": info.name, "allowed": info.allowed}
                    raise PydanticCustomError("sizes", "{name} must be {allowed}", context)
        return self


SettingsGroup = TypeVar("SettingsGroup", bound=Settings)


@dataclass(frozen=True)
class SettingInfo:
    """What a form or a flag needs to know about one setting.

    minimum/maximum are inclusive unless the matching `open_` flag is set; `live` means that it may be
    moved while training runs; `logarithmic` means a slider on a log scale; `applies_if` is
    (other setting, its values) or None; `longest` is the largest number of sizes, None for any; `slider`
    means a slider between the bounds, whose effect is seen while it moves.
    """

    name: str
    title: str
    help: str
    unit: str
    kind: SettingKind
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    choices: tuple[str, ...] = ()
    live: bool = False
    logarithmic: bool = False
    applies_if: tuple[str, tuple[str, ...]] | None = None
    longest: int | None = None
    slider: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words, for error messages and tooltips."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind == "switch":
            return "true, false"
        if self.kind == "text":
            return "any text"
        most = "" if self.longest is None else f"at most {self.longest} "
        noun = {"integer": "whole number", "sizes": f"{most}whole numbers with commas between, each"}.get(
            self.kind, "number"
        )
        low = (
            ""
            if self.minimum is None
            else f"{'above' if self.open_minimum else 'from'} {self._bound_text(self.minimum)}"
        )
        high = (
            ""
            if self.maximum is None
            else f"{'up to' if low else 'at most'} {self._bound_text(self.maximum)}"
        )
        return " ".join(part for part in (noun, low, high, self.unit) if part)

    def _bound_text(self, bound: float) -> str:
        # Six digits, as :g gives, would misstate the largest seed.
        return f"{bound:g}" if self.kind == "number" else str(int(bound))


def setting(
    default: Any,
    *,
    title: str,
    help: str,  # noqa: A002 - the usual name
    unit: str = "",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    live: bool = False,
    logarithmic: bool = False,
    applies_if: tuple[str, tuple[str, ...]] | None = None,
    longest: int | None = None,
    slider: bool = False,
) -> Any:
    """Declare one setting. `ge`, `gt`, `le` bound numbers, or each entry of a tuple of sizes.

    longest: the largest number of entries of a tuple of sizes, None for any
    slider:  whether the form has a slider between the bounds
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "live": live,
        "logarithmic": logarithmic,
        "applies_if": applies_if,
        "minimum": ge if gt is None else gt,
        "maximum": le,
        "open_minimum": gt is not None,
        "longest": longest,
        "slider": slider,
    }
    if isinstance(default, tuple):
        sizes = typing.cast("tuple[int, ...]", default)  # their bounds are checked by `Settings`
        return Field(sizes, title=title, description=help, json_schema_extra=extra)
    return Field(default, title=title, description=help, json_schema_extra=extra, ge=ge, gt=gt, le=le)


@cache
def describe(group: type[BaseModel]) -> tuple[SettingInfo, ...]:
    """Every setting of a group, in the order of declaration."""
    rows: list[SettingInfo] = []
    for name, field in group.model_fields.items():
        extra = field.json_schema_extra
        if not isinstance(extra, dict) or "live" not in extra:
            continue
        kind, choices = _kind_of(field.annotation)
        rows.append(
            SettingInfo(
                name=name,
                title=field.title or name,
                help=field.description or "",
                kind=kind,
                default=field.default,
                choices=choices,
                **typing.cast("dict[str, Any]", extra),
            )
        )
    return tuple(rows)


def _kind_of(annotation: Any) -> tuple[SettingKind, tuple[str, ...]]:
    origin = typing.get_origin(annotation)
    if origin is Literal:
        return "choice", tuple(str(choice) for choice in typing.get_args(annotation))
    if origin is tuple:
        return "sizes", ()
    if origin in (typing.Union, types.UnionType):
        raise TypeError(f"a setting has one type, not {annotation}")
    kinds: dict[Any, SettingKind] = {bool: "switch", int: "integer", float: "number", str: "text"}
    return kinds[annotation], ()


def parse(info: SettingInfo, text: str) -> Any:
    """The value in a flag's text; raises BadChoice if it is not one of this setting."""
    try:
        match info.kind:
            case "integer":
                return read_whole(text)
            case "number":
                return read_number(text)
            case "switch":
                return _SWITCH_WORDS[text.lower()]
            case "sizes":
                return tuple(_size(part) for part in text.split(",") if part.strip())
            case _:
                return text
    except (ValueError, KeyError):
        raise BadChoice(info.name, text, _allowed_instead(info, text)) from None


def _size(text: str) -> int:
    """One of several sizes; raises ValueError, also for 024, which is the end of 1,024."""
    if len(text.strip()) > 1 and text.strip().startswith("0"):
        raise ValueError(f"invalid whole number: {text}")
    return read_whole(text)


def _allowed_instead(info: SettingInfo, text: str) -> str:
    """The allowed values, and a hint at separators in the text that are not."""
    hint = hint_at(text, whole=info.kind == "integer") if info.kind in ("integer", "number") else ""
    if info.kind == "sizes" and (one := one_size_instead(text)) is not None:
        hint = f"and {one} without a comma"
    return f"{info.allowed}, {hint}" if hint else info.allowed


def change(group: SettingsGroup, values: dict[str, Any]) -> SettingsGroup:
    """A copy of the group with some settings changed; raises BadChoice naming the first bad one."""
    known = {info.name: info for info in describe(type(group))}
    for name in values:
        if name not in known:
            raise BadChoice("setting", name, known)
    merged = group.model_dump() | values
    try:
        return type(group).model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        context = first.get("ctx", {})
        name = str(first["loc"][0]) if first["loc"] else str(context.get("name", next(iter(values))))
        raise BadChoice(name, merged[name], context.get("allowed", known[name].allowed)) from None

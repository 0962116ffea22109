"""The metrics of a latent space as run.json keeps them: shown without changes, so all of it is checked."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

Natural = Annotated[int, Field(ge=0, le=2**31)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _FactorGap(_Strict):
    gap: FiniteFloat
    dimension: Natural
    tells: FiniteFloat


class _LatentTable(_Strict):
    dataset: str
    step: int
    images: Natural
    mig_measured: FiniteFloat | None
    mig_true: FiniteFloat | None
    measured: dict[str, _FactorGap] = Field(default_factory=dict)
    true: dict[str, _FactorGap] = Field(default_factory=dict)
    no_strokes: str = ""


def usable_table(value: object) -> dict[str, Any] | None:
    """The table unchanged; None if it is invalid: the metrics can be measured again."""
    try:
        _LatentTable.model_validate(value)
    except ValidationError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None

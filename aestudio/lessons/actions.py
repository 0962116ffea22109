"""What a step of a lesson may do: a closed list. Each is carried out headless and in the window alike."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

RunName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""How a lesson calls a run in its file: small letters, digits and hyphens."""
SettingValue = bool | int | float | str | tuple[int, ...]


class Declared(BaseModel):
    """A part of a lesson's file: immutable, unknown words are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Open(Declared):
    """Show a run of the lesson where it was left; one that has not begun, at step 0."""

    do: Literal["open"]
    run: RunName


class Start(Declared):
    """Begin a run of the lesson, and show it at step 0."""

    do: Literal["start"]
    run: RunName


class Advance(Declared):
    """Train the shown run further, by this number of steps."""

    do: Literal["advance"]
    steps: int = Field(ge=1, le=1_000_000)


class Change(Declared):
    """Change a live setting of the shown run, from its next step on."""

    do: Literal["change"]
    setting: str
    value: float


class GoTo(Declared):
    """Show the run at a step that it has reached."""

    do: Literal["go_to"]
    step: int = Field(ge=0)


class Branch(Declared):
    """Begin another run at the shown step, with settings that differ, and show it there.

    run: the name of the new one
    """

    do: Literal["branch"]
    run: RunName
    settings: dict[str, SettingValue]


class Compare(Declared):
    """Show runs of the lesson side by side."""

    do: Literal["compare"]
    runs: tuple[RunName, ...] = Field(min_length=2, max_length=4)


class SelectDigit(Declared):
    """Select a test image. index: from 0 on"""

    do: Literal["select_digit"]
    index: int = Field(ge=0)


class MoveSlider(Declared):
    """Set a number of the code. slider: from 0 on"""

    do: Literal["move_slider"]
    slider: int = Field(ge=0)
    value: float


class Overlay(Declared):
    """Lay something over the map; "none" takes it away."""

    do: Literal["overlay"]
    what: Literal["none", "density", "decode_encode_error", "decoder_sensitivity"]


Action = Annotated[
    Open | Start | Advance | Change | GoTo | Branch | Compare | SelectDigit | MoveSlider | Overlay,
    Field(discriminator="do"),
]

"""A recipe: network, objective, and settings of training, images and augmentation, as one file."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializeAsAny,
    SerializerFunctionWrapHandler,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from aestudio.errors import BadChoice
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.augmentation_settings import Augmentation
from aestudio.recipes.image_choice import ImageChoice
from aestudio.recipes.model_file import read_model_file
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import building, from_json
from aestudio.recipes.setting import SettingInfo, Settings, change, describe, parse
from aestudio.recipes.tied_weights import tying_refused
from aestudio.recipes.training_settings import Training
from aestudio.storage.atomic_file import new_file
from aestudio.storage.damage import Damage

if TYPE_CHECKING:
    from pathlib import Path


MOST_BYTES = 1_000_000
_DAMAGE = Damage("This recipe cannot be read", "Correct the file, or remove it.")
SECTIONS = ("network", "objective", "training", "images", "augmentation")


class Recipe(BaseModel):
    """What can be trained.

    name:      for the command line; title, purpose, source: for people
    essential: the few settings that matter most here, shown first
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    purpose: str
    source: str = ""
    order: int = 100
    network: SerializeAsAny[Network]
    objective: SerializeAsAny[Objective]
    training: Training = Training()
    images: ImageChoice = ImageChoice()
    augmentation: Augmentation = Augmentation()
    essential: tuple[str, ...] = ("latent_size", "learning_rate", "epochs")

    @field_validator("network", mode="before")
    @classmethod
    def _read_network(cls, value: object) -> object:
        return from_json(networks.PACKAGE, Network, value)

    @field_validator("objective", mode="before")
    @classmethod
    def _read_objective(cls, value: object) -> object:
        return from_json(objectives.PACKAGE, Objective, value)

    @field_serializer("network", "objective")
    def _write_part(self, part: Network | Objective) -> dict[str, Any]:
        return part.to_json()

    @field_serializer("images", "augmentation")
    def _write_changed(self, group: Settings) -> dict[str, Any]:
        return group.model_dump(exclude_defaults=True)

    @model_serializer(mode="wrap")
    def _without_what_is_off(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Files without these stay as they were before there were any.
        table: dict[str, Any] = write(self)
        for section, active in (("images", self.images.active), ("augmentation", self.augmentation.active)):
            if not active:
                table.pop(section, None)
        return table

    @model_validator(mode="after")
    def _parts_fit(self) -> Recipe:
        reason = self._misfit()
        if reason:
            context = {"kind": self.objective.kind(), "reason": reason}
            raise PydanticCustomError("combination", "objective {kind} is not possible: {reason}", context)
        unknown = [name for name in self.essential if name not in self._names()]
        if unknown:
            context = {"name": unknown[0], "known": ", ".join(self._names())}
            raise PydanticCustomError(
                "essential", "essential names {name}, which is not one of {known}", context
            )
        return self

    def settings(self) -> dict[str, tuple[SettingInfo, ...]]:
        """Every setting by section, in the order of `SECTIONS`."""
        return {section: describe(group) for section, group in zip(SECTIONS, self._groups(), strict=True)}

    def value(self, name: str) -> Any:
        """The value of a setting by its name, in any section; raises BadChoice if unknown."""
        return getattr(getattr(self, self._section_of(name)), name)

    def info(self, name: str) -> SettingInfo:
        """The declaration of a setting by its name; raises BadChoice if unknown."""
        rows = self.settings()[self._section_of(name)]
        return next(row for row in rows if row.name == name)

    def has_effect(self, info: SettingInfo) -> bool:
        """Whether a setting has an effect with the values of the others."""
        if info.name in self.objective.settings_without_effect():
            return False
        if info.name == "latent_size":
            return self.objective.decodes
        if info.applies_if is None:
            return True
        other, values = info.applies_if
        return str(self.value(other)) in values

    def with_settings(self, values: dict[str, Any]) -> Recipe:
        """A copy with settings changed by name; raises BadChoice naming the first bad name or value.

        An objective may also refuse a network for its settings.
        """
        by_section: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        for name, value in values.items():
            by_section[self._section_of(name)][name] = value
        parts = {
            section: change(getattr(self, section), changes)
            for section, changes in by_section.items()
            if changes
        }
        changed = self.model_copy(update=parts)
        if values and (reason := changed._refusal()):
            name = next(iter(values))
            raise BadChoice(name, values[name], reason)
        return changed

    def with_flags(self, flags: list[str]) -> Recipe:
        """A copy with `name=value` texts applied, as the command line gives them; raises BadChoice."""
        values: dict[str, Any] = {}
        for flag in flags:
            name, equals, text = flag.partition("=")
            if not equals:
                raise BadChoice("--set", flag, "name=value")
            values[name.strip()] = parse(self.info(name.strip()), text.strip())
        return self.with_settings(values)

    def combined(self, network: Network | None = None, objective: Objective | None = None) -> Recipe:
        """A copy with another network or objective; raises BadChoice if they do not fit."""
        changed = self.model_copy(
            update={"network": network or self.network, "objective": objective or self.objective}
        )
        reason = changed._misfit()
        if reason:
            raise BadChoice("objective", changed.objective.kind(), reason)
        # Settings of the part that was replaced cannot be shown first.
        essential = tuple(name for name in self.essential if name in changed._names())
        return changed.model_copy(update={"essential": essential})

    def _misfit(self) -> str:
        """Why these parts cannot be combined, or "" if they can."""
        names = self._names()
        twice = [name for index, name in enumerate(names) if name in names[:index]]
        if twice:
            return f"{', '.join(SECTIONS[:-1])} and {SECTIONS[-1]} have two settings called {twice[0]}"
        return self._refusal()

    def _refusal(self) -> str:
        """Why the objective does not take the network, or "" if it does."""
        with building(self.objective):
            return self.objective.refuses(self.network) or tying_refused(self.network, self.objective)

    def _groups(self) -> list[type[Settings]]:
        parts: list[Settings] = [getattr(self, section) for section in SECTIONS]
        return [type(part) for part in parts]

    def _section_of(self, name: str) -> str:
        sections = _sections_by_name(tuple(self._groups()))
        if name not in sections:
            raise BadChoice(f"setting of {self.name}", name, self._names())
        return sections[name]

    def _names(self) -> list[str]:
        return sorted(row.name for rows in self.settings().values() for row in rows)


@lru_cache(512)
def _sections_by_name(groups: tuple[type[Settings], ...]) -> dict[str, str]:
    """The section of every setting of groups in the order of `SECTIONS`: a form asks thousands of times."""
    named = reversed(
        [
            (info.name, section)
            for section, group in zip(SECTIONS, groups, strict=True)
            for info in describe(group)
        ]
    )
    return dict(named)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a JSON file; raises StudioError naming the file and the first thing wrong."""
    return read_model_file(Recipe, path, MOST_BYTES, _DAMAGE, "This recipe cannot be used")


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write the recipe as a JSON file, replacing it whole or not at all; raises StudioError."""
    text = json.dumps(recipe.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
    with new_file(path) as file:
        file.write(text.encode())

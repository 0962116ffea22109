"""What a sweep is: a recipe, how its settings vary, and how each combination is validated. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from aestudio.datasets.fingerprint import DataFacts
from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.recipe import Recipe
from aestudio.sweeps.variation import settings_text

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

VERSION = 1
MOST_RUNS = 10_000


@dataclass(frozen=True)
class Trial:
    """One run of a sweep. number: from 1 on; fold, repeat: from 1 on, fold 0 for no cross-validation

    candidate: of which combination, from 0 on; settings: its settings
    """

    number: int
    candidate: int
    settings: dict[str, Any] = field(hash=False)
    fold: int = 0
    repeat: int = 1


class SweepPlan(BaseModel):
    """A sweep before it begins; nothing of it changes later.

    name:     of its folder, and the beginning of the names of its runs
    recipe:   with the settings that do not vary
    origin:   of the data set, as `load_dataset` takes it
    settings: of each candidate
    metric:   by which candidates are compared, on the images held back
    folds:    0: the recipe's own validation images, otherwise the parts of a cross-validation
    repeats:  how many times other folds are drawn
    device:   "auto" or the name of a device
    facts:    what the data set was when the sweep began, so that no run is compared on other images
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(default=VERSION, ge=1, le=VERSION)
    name: str
    recipe: Recipe
    origin: str
    settings: tuple[dict[str, Any], ...]
    metric: str
    folds: int = 0
    repeats: int = 1
    device: str = "auto"
    facts: DataFacts | None = None

    @model_validator(mode="after")
    def _possible(self) -> SweepPlan:
        """Raises BadChoice, StudioError for what cannot be carried out."""
        if self.folds == 1 or self.folds < 0:
            raise BadChoice("--folds", self.folds, "0, or a whole number from 2 on")
        if self.repeats < 1:
            raise BadChoice("--repeats", self.repeats, "a whole number from 1 on")
        if self.repeats > 1 and not self.folds:
            raise BadChoice("--repeats", self.repeats, "1 without --folds")
        count = len(self.settings) * max(1, self.folds) * self.repeats
        if count > MOST_RUNS:
            raise StudioError(
                f"A sweep has at most {MOST_RUNS:,} runs, and this has {count:,}",
                advice="Give fewer values, or draw some of them with --random.",
            )
        for settings in self.settings:
            self.recipe.with_settings(settings)
        return self

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every run, fold by fold: after the first fold each candidate was tried once."""
        folds = range(1, self.folds + 1) if self.folds else (0,)
        order = [
            (repeat, fold, candidate)
            for repeat in range(1, self.repeats + 1)
            for fold in folds
            for candidate in range(len(self.settings))
        ]
        return tuple(
            Trial(number, candidate, self.settings[candidate], fold, repeat)
            for number, (repeat, fold, candidate) in enumerate(order, 1)
        )

    def on(self, dataset: Dataset) -> SweepPlan:
        """The same on these images, also when it goes on: "auto" may be others then."""
        return self.model_copy(update={"origin": dataset.origin, "facts": dataset.facts})

    def check_data(self, dataset: Dataset) -> None:
        """Raises StudioError if the data set is not the one that the sweep began with."""
        changed = "" if self.facts is None else self.facts.difference(dataset.facts)
        if changed:
            raise StudioError(
                f"These are not the images that the sweep began with: {changed}",
                where=dataset.origin,
                advice="Restore the files, or start a new sweep.",
            )

    def recipe_of(self, trial: Trial) -> Recipe:
        """What a run trains."""
        own = dict(trial.settings)
        if trial.fold:
            own |= {"folds": self.folds, "fold": trial.fold, "fold_draw": trial.repeat}
        return self.recipe.with_settings(own)

    def run_name(self, trial: Trial) -> str:
        """The name of a run's folder, the same at every start of the sweep."""
        return f"{self.name} {trial.number:0{len(str(len(self.trials)))}d}"

    def title_of(self, settings: dict[str, Any]) -> str:
        """The settings of a candidate in a few words."""
        return settings_text(self.recipe, settings)

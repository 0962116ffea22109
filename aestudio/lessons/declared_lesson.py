"""A lesson as its file declares it: runs, and steps with what is shown, done, asked and expected."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from aestudio.lessons.actions import Action, Declared, RunName, SettingValue
from aestudio.lessons.guesses import Expectation, Guess, MeasureOf

SCHEMA = 1
Phase = Literal["predict", "do", "explain", "explore"]
StepId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
View = Literal["train", "reconstruct", "latent", "features", "compress", "compare", "network"]
OptionValue = bool | int | float | str


class LessonRun(Declared):
    """A run that the lesson trains, or a shipped model that it shows.

    recipe:   the name of a recipe, trained on the lesson's images
    settings: what differs from the recipe
    model:    the name of a shipped model, instead of a recipe
    """

    recipe: str | None = None
    seed: int = Field(0, ge=0, le=2**31 - 1)
    settings: dict[str, SettingValue] = Field(default_factory=dict)
    model: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> LessonRun:
        if (self.recipe is None) == (self.model is None):
            raise PydanticCustomError("run", "a run needs a recipe or a model, and not both")
        if self.model is not None and self.settings:
            raise PydanticCustomError("run", "a shipped model has no settings to choose")
        return self


class StartingState(Declared):
    """Where a step begins, whatever came before it.

    run: shown at this step of its training (0: fresh; a shipped model has only its own)
    compare: runs shown side by side
    """

    run: RunName | None = None
    step: int = Field(0, ge=0)
    compare: tuple[RunName, ...] = Field((), max_length=4)

    @model_validator(mode="after")
    def _one_of_both(self) -> StartingState:
        if (self.run is None) == (not self.compare):
            raise PydanticCustomError(
                "start", "a starting state needs a run or runs to compare, and not both"
            )
        return self


class Step(Declared):
    """One step of a lesson.

    view, panel: what is in front; None for what was
    options: by the id of a command of the window: whether it is on, or what it is told
    start:   where it begins; None: where the step before ended
    values:  measured numbers that its text names in braces: {error}
    """

    id: StepId
    phase: Phase
    view: View | None = None
    panel: str | None = None
    options: dict[str, OptionValue] = Field(default_factory=dict)
    start: StartingState | None = None
    actions: tuple[Action, ...] = ()
    guess: Guess | None = None
    values: dict[RunName, MeasureOf] = Field(default_factory=dict)
    expect: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _guess_belongs_to_phase(self) -> Step:
        if (self.phase == "predict") != (self.guess is not None):
            context = {"id": self.id}
            if self.phase == "predict":
                raise PydanticCustomError("guess", "step {id} predicts, so it needs a guess", context)
            raise PydanticCustomError("guess", "step {id} has a guess, so its phase must be predict", context)
        return self


class Lesson(Declared):
    """A lesson.

    schema:      the version of this format
    order:       the place in the list
    minutes:     that it takes, for the list
    dataset:     the name of the data set that its runs learn from
    test_images: how many of its test images are measured, from the first on; 0 for all
    budget:      seconds that a step may train; where it takes longer, the prepared run is shown
    slow:        whether its check takes minutes
    """

    schema_version: int = Field(alias="schema")
    order: int = 100
    minutes: int = Field(ge=1, le=120)
    dataset: str
    test_images: int = Field(0, ge=0)
    budget: float = Field(30.0, gt=0, le=3600)
    slow: bool = False
    runs: dict[RunName, LessonRun] = Field(min_length=1)
    steps: tuple[Step, ...] = Field(min_length=1)

    def index_of(self, step: str) -> int:
        """The place of the step of this id, from 0 on; raises KeyError if there is none."""
        for index, one in enumerate(self.steps):
            if one.id == step:
                return index
        raise KeyError(step)

    def reveal_of(self, index: int) -> int | None:
        """The place of the step that shows what was measured about this one's guess; None without one."""
        guess = self.steps[index].guess
        if guess is None:
            return None
        if guess.reveal is not None:
            return self.index_of(guess.reveal)
        later = range(index + 1, len(self.steps))
        return next((place for place in later if self.steps[place].phase == "explain"), None)

"""What the inference worker keeps at hand between questions: a module of its own and the newest codes.

Torch is imported when it is first needed: the window stands before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from aestudio.datasets.dataset import ImageSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot


Value = TypeVar("Value")

MOST_AT_ONCE = 4  # twins


class InferenceCache:
    """Belongs to one thread.

    beside: another desk of the same thread, whose codes and drawer this one shares, with a module of its
            own: what it answers may come in between while the other's module is in use
    """

    def __init__(self, beside: InferenceCache | None = None) -> None:
        from aestudio.training.threads import use_threads

        use_threads()
        self._frozen_models: dict[Recipe, FrozenModel] = {}
        self._codes: dict[tuple[Snapshot, ImageSet, int], Codes] = {} if beside is None else beside._codes
        self._drawer: dict[str, tuple[tuple[Any, ...], Any]] = {} if beside is None else beside._drawer

    def frozen_model(self, snapshot: Snapshot) -> FrozenModel:
        """A viewer of the snapshot; one is kept for each of the recipes used last."""
        from aestudio.inference.frozen_model import FrozenModel

        frozen_model = self._frozen_models.pop(snapshot.recipe, None) or FrozenModel(snapshot)
        self._frozen_models[snapshot.recipe] = frozen_model
        if len(self._frozen_models) > MOST_AT_ONCE:
            del self._frozen_models[next(iter(self._frozen_models))]
        frozen_model.show(snapshot)
        return frozen_model

    def codes(self, snapshot: Snapshot, digits: ImageSet, count: int, progress: Progress) -> Codes:
        """Codes of the first `count` digits; kept for the newest snapshot of each of the last few runs."""
        from aestudio.inference.codes import encode_set

        key = (snapshot, digits, min(count, len(digits)))
        if key not in self._codes:
            part = digits if count >= len(digits) else first_digits(digits, count)
            codes = encode_set(self.frozen_model(snapshot), part, progress)
            runs = {snapshot.run_key} | {kept[0].run_key for kept in self._codes}
            for old in [kept for kept in self._codes if _outdated(kept[0], snapshot, len(runs))]:
                del self._codes[old]
            self._codes[key] = codes
        return self._codes[key]

    def kept(self, name: str, key: tuple[Any, ...], make: Callable[[], Value]) -> Value:
        """What was made for this key; of each name only the newest key's value is kept.

        Keys are compared part by part, by equality: frozen values, or objects that equal only themselves.
        """
        found = self._drawer.get(name)
        if found is None or found[0] != key:
            found = self._drawer[name] = (key, make())
        return found[1]

    def known(self, name: str, key: tuple[Any, ...]) -> Any:
        """What was kept for this key, or None: for what is welcome but not worth making now."""
        found = self._drawer.get(name)
        return found[1] if found is not None and found[0] == key else None


def _outdated(old: Snapshot, new: Snapshot, runs: int) -> bool:
    """Whether an old snapshot's codes go: the run has gone on, or there are too many runs."""
    return old is not new and (old.run_key == new.run_key or runs > MOST_AT_ONCE)


def first_digits(digits: ImageSet, count: int) -> ImageSet:
    """The first digits of a set, without copying their images."""
    labels = None if digits.labels is None else digits.labels[:count]
    return ImageSet(digits.images[:count], labels, digits.class_names)

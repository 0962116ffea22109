"""What the inference worker keeps between requests: its own modules and the newest codes.

Torch is imported when it is first needed, after the window is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from aestudio.datasets.dataset import ImageSet, part_of
from aestudio.inference.taken_images import require_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.image_shape import DataShape
    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot


Value = TypeVar("Value")

MOST_AT_ONCE = 4  # compared runs


class InferenceCache:
    """Belongs to one thread.

    shared_with: another cache of the same thread; this one shares its codes and values, but has its own
                 modules, so that an urgent request can be computed while the other's module is in use
    """

    def __init__(self, shared_with: InferenceCache | None = None) -> None:
        from aestudio.training.threads import use_threads

        use_threads()
        self._frozen_models: dict[tuple[Recipe, DataShape], FrozenModel] = {}
        # By weak references: the codes of a set of images go with it, however long its snapshot stays.
        self._codes: WeakKeyDictionary[ImageSet, dict[tuple[Snapshot, int], Codes]]
        self._codes = WeakKeyDictionary() if shared_with is None else shared_with._codes
        self._values: dict[str, tuple[tuple[Any, ...], Any]] = (
            {} if shared_with is None else shared_with._values
        )

    def frozen_model(self, snapshot: Snapshot) -> FrozenModel:
        """A module with the weights of the snapshot; one is kept for each of the models used last."""
        from aestudio.inference.frozen_model import FrozenModel

        key = snapshot.recipe, snapshot.data
        frozen_model = self._frozen_models.pop(key, None) or FrozenModel(snapshot)
        self._frozen_models[key] = frozen_model
        if len(self._frozen_models) > MOST_AT_ONCE:
            del self._frozen_models[next(iter(self._frozen_models))]
        frozen_model.show(snapshot)
        return frozen_model

    def codes(self, snapshot: Snapshot, image_set: ImageSet, count: int, progress: Progress) -> Codes:
        """Codes of the first `count` images; kept for the newest snapshot of each of the last few runs.

        Raises StudioError if the model takes images of another shape.
        """
        from aestudio.inference.codes import encode_set

        key = (snapshot, min(count, len(image_set)))
        codes = self._codes.get(image_set, {}).get(key)
        if codes is None:
            require_shape(snapshot, image_set.images)
            part = image_set if count >= len(image_set) else part_of(image_set, slice(count))
            codes = encode_set(self.frozen_model(snapshot), part, progress)
            self._drop_outdated(snapshot)
            self._codes.setdefault(image_set, {})[key] = codes
        return codes

    def _drop_outdated(self, newest: Snapshot) -> None:
        kept = list(self._codes.values())
        runs = {newest.run_key} | {snapshot.run_key for codes in kept for snapshot, _ in codes}
        for codes in kept:
            for key in [key for key in codes if _outdated(key[0], newest, len(runs))]:
                del codes[key]

    def get_or_make(self, name: str, key: tuple[Any, ...], make: Callable[[], Value]) -> Value:
        """The value for this key, made if needed; for each name only the newest key's value is kept.

        Keys are compared part by part, by equality: frozen values, or objects that equal only themselves.
        """
        entry = self._values.get(name)
        if entry is None or entry[0] != key:
            entry = self._values[name] = (key, make())
        return entry[1]

    def get(self, name: str, key: tuple[Any, ...]) -> Any:
        """The value kept for this key, or None; it is not made now."""
        entry = self._values.get(name)
        return entry[1] if entry is not None and entry[0] == key else None


def _outdated(old: Snapshot, new: Snapshot, runs: int) -> bool:
    """Whether an old snapshot's codes are dropped: the run has a newer one, or there are too many runs."""
    return old is not new and (old.run_key == new.run_key or runs > MOST_AT_ONCE)

"""The map's t-SNE or UMAP embedding; part of the state, without Qt and torch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aestudio.analysis.embedding_plan import Orders
from aestudio.analysis.embedding_settings import KINDS, SETTINGS, EmbeddingKind, EmbeddingSettings
from aestudio.recipes.setting import change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.datasets.dataset import ImageSet
    from aestudio.errors import StudioError
    from aestudio.gui.state.model_state import ShippedCodes
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class EmbeddingRequest:
    """Which embedding, of which codes and how many. Image sets and snapshots are compared by identity.

    settings: their number of points is `count`, so that a limit that changes nothing is no other request
    """

    kind: EmbeddingKind
    snapshot: Snapshot
    image_sets: tuple[ImageSet, ...]
    shipped_codes: ShippedCodes | None
    count: int
    settings: EmbeddingSettings

    def continues(self, other: EmbeddingRequest) -> bool:
        """Whether both embed the same images through the same run in the same way: one starts from the other.

        How many images they embed may differ.
        """
        return self._sort() == other._sort()

    def _sort(self) -> tuple[object, ...]:
        settings = with_points(self.settings, 0)
        return self.kind, self.snapshot.run_key, self.shipped_codes, self.image_sets[:1], settings


def with_points(settings: EmbeddingSettings, points: int) -> EmbeddingSettings:
    """The settings with another number of points, which is not checked."""
    return settings.model_copy(update={"points": points})


def _defaults() -> Mapping[EmbeddingKind, EmbeddingSettings]:
    return MappingProxyType({kind: SETTINGS[kind]() for kind in KINDS})


@dataclass(frozen=True, eq=False)
class EmbeddingState:
    """The newest embedding, and the problem of the newest attempt.

    requested:  what `result` was computed for
    working:    what is being computed; live: as it is now, from the first step on
    orders:     what the embedding that is being computed was told
    declined:   what was cancelled or failed: it is not tried again until a kind of map is chosen
    rest_until: when a training allows the next one, by `time.monotonic()`
    settings:   as chosen, by kind
    """

    requested: EmbeddingRequest | None = None
    result: Embedding2D | None = None
    problem: StudioError | None = None
    working: EmbeddingRequest | None = None
    live: Embedding2D | None = None
    orders: Orders = field(default_factory=Orders)
    declined: EmbeddingRequest | None = None
    rest_until: float = 0.0
    settings: Mapping[EmbeddingKind, EmbeddingSettings] = field(default_factory=_defaults)

    @property
    def paused(self) -> bool:
        """Whether an embedding has begun and waits for the user."""
        return self.live is not None and self.orders.paused


def begun(embedding: EmbeddingState, requested: EmbeddingRequest, *, perturbed: bool) -> EmbeddingState:
    """An embedding is being computed from now on. perturbed: whether it starts from positions with noise"""
    orders = Orders(embedding.orders.number + 1, perturbations=int(perturbed))
    return replace(embedding, working=requested, live=None, orders=orders, problem=None)


def ordered(embedding: EmbeddingState, **changes: Any) -> EmbeddingState:
    """The embedding that is being computed is told something else: fields of `Orders`."""
    return replace(embedding, orders=replace(embedding.orders, number=embedding.orders.number + 1, **changes))


def ended(embedding: EmbeddingState, *, declined: EmbeddingRequest | None = None) -> EmbeddingState:
    """Nothing is being computed any more. declined: what is not to be tried again"""
    return replace(embedding, working=None, live=None, declined=declined or embedding.declined)


def with_setting(embedding: EmbeddingState, kind: EmbeddingKind, name: str, value: Any) -> EmbeddingState:
    """Another value of a setting; raises BadChoice. What was stopped before may be computed again."""
    settings = change(embedding.settings[kind], {name: value})
    if settings == embedding.settings[kind]:
        return embedding
    return replace(
        embedding, settings=MappingProxyType({**embedding.settings, kind: settings}), declined=None
    )


def is_embedding(kind: Any) -> bool:
    """Whether this kind of map is an embedding, computed in a task, and not a plane."""
    return kind in KINDS

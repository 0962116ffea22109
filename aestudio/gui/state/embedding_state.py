"""The map's t-SNE or UMAP embedding; part of the state, without Qt and torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from aestudio.analysis.embedding import Embedding2D, EmbeddingKind
    from aestudio.datasets.dataset import ImageSet
    from aestudio.errors import StudioError
    from aestudio.gui.state.model_state import ShippedCodes
    from aestudio.training.events import Snapshot

EmbeddingPoints = Literal["some", "all"]
EMBEDDING_KINDS: tuple[EmbeddingKind, ...] = ("tsne", "umap")


@dataclass(frozen=True)
class EmbeddingRequest:
    """Which embedding, of which codes and how many. Image sets and snapshots are compared by identity."""

    kind: EmbeddingKind
    snapshot: Snapshot
    image_sets: tuple[ImageSet, ...]
    shipped_codes: ShippedCodes | None
    count: int

    def continues(self, other: EmbeddingRequest) -> bool:
        """Whether both embed the same images through the same run, so that one can start from the other."""
        mine = self.kind, self.snapshot.run_key, self.shipped_codes, self.image_sets[:1]
        return mine == (other.kind, other.snapshot.run_key, other.shipped_codes, other.image_sets[:1])


@dataclass(frozen=True, eq=False)
class EmbeddingState:
    """The newest embedding, and the problem of the newest attempt.

    requested: what `result` was computed for
    working:    what is being computed
    declined:   what was cancelled or failed: it is not tried again until a kind of map is chosen
    rest_until: when a training allows the next one, by `time.monotonic()`
    points: "some" embeds the first 10,000 images and puts the others next to their neighbours;
            "all" embeds all
    """

    requested: EmbeddingRequest | None = None
    result: Embedding2D | None = None
    problem: StudioError | None = None
    working: EmbeddingRequest | None = None
    declined: EmbeddingRequest | None = None
    rest_until: float = 0.0
    points: EmbeddingPoints = "some"


def is_embedding(kind: Any) -> bool:
    """Whether this kind of map is an embedding, computed in a task, and not a plane."""
    return kind in EMBEDDING_KINDS

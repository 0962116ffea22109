"""The pure changes of the embedding's state."""

from __future__ import annotations

from typing import Any

import pytest

from aestudio.analysis.embedding_settings import TsneSettings, UmapSettings
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.gui.state.embedding_state import (
    EmbeddingRequest,
    EmbeddingState,
    begun,
    ended,
    is_embedding,
    ordered,
    with_setting,
)
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot

SNAPSHOT = Snapshot("run", find_recipe("vae"), 5, 0.0, {}, data=MNIST)
LATER = Snapshot("run", find_recipe("vae"), 6, 0.0, {}, data=MNIST)


def request(snapshot: Snapshot = SNAPSHOT, count: int = 100, **settings: Any) -> EmbeddingRequest:
    return EmbeddingRequest("tsne", snapshot, (), None, count, TsneSettings(points=count, **settings))


def test_an_embedding_goes_on_from_one_of_the_same_run_and_the_same_settings() -> None:
    assert request(LATER).continues(request())
    assert request(count=200).continues(request())
    assert request() == request()
    assert not request(perplexity=5).continues(request())
    other = EmbeddingRequest("umap", SNAPSHOT, (), None, 100, UmapSettings())
    assert not other.continues(request())


def test_orders_are_numbered_so_that_the_newest_counts() -> None:
    state = begun(EmbeddingState(problem=None), request(), perturbed=False)
    assert state.working == request()
    assert (state.orders.number, state.orders.perturbations) == (1, 0)
    paused = ordered(state, paused=True)
    moved = ordered(paused, perturbations=1)
    assert (moved.orders.number, moved.orders.paused, moved.orders.perturbations) == (3, True, 1)
    assert not moved.paused, "it has not begun"
    again = begun(moved, request(LATER), perturbed=True)
    assert (again.orders.number, again.orders.paused, again.orders.perturbations) == (4, False, 1)
    stopped = ended(again, declined=request(LATER))
    assert (stopped.working, stopped.live, stopped.declined) == (None, None, request(LATER))
    assert ended(stopped).declined == request(LATER)


def test_a_setting_is_checked_and_lets_what_was_stopped_begin_again() -> None:
    state = EmbeddingState(declined=request())
    changed = with_setting(state, "tsne", "perplexity", 12.0)
    assert changed.settings["tsne"] == TsneSettings(perplexity=12)
    assert changed.settings["umap"] is state.settings["umap"]
    assert changed.declined is None
    assert with_setting(state, "tsne", "perplexity", 30.0) is state
    with pytest.raises(BadChoice, match="neighbours"):
        with_setting(state, "umap", "neighbours", 1)
    assert [is_embedding(kind) for kind in ("tsne", "umap", "components")] == [True, True, False]

"""The store carries out effects before the views are notified, and changes nothing meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.gui.controllers import store as store_module
from aestudio.gui.controllers.store import MOST_ROUNDS, Store
from aestudio.gui.state.effects.reactions import Reaction
from aestudio.gui.state.studio_state import StudioState
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable


class Follow(Reaction):
    pass


@pytest.fixture
def make_store(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Store]:
    def make(*effects: object) -> Store:
        monkeypatch.setattr(store_module, "EFFECTS", effects)
        return Store(StudioState(find_recipe("vae")))

    return make


def follow_selected(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    return (Follow(),) if before.selected != after.selected else ()


def test_views_see_what_follows_at_once_and_once(make_store: Callable[..., Store]) -> None:
    store = make_store(follow_selected)
    store.react_with(Follow, lambda _: store.update(hovered=store.state.selected))
    seen: list[tuple[int, int]] = []
    store.changed.connect(lambda: seen.append((store.state.selected, store.state.hovered)))
    store.update(selected=3)
    assert seen == [(3, 3)]


def test_later_effects_see_what_earlier_ones_did(make_store: Callable[..., Store]) -> None:
    def drop_hovered(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
        return (Drop(),) if after.hovered == 3 else ()

    class Drop(Reaction):
        pass

    store = make_store(follow_selected, drop_hovered)
    store.react_with(Follow, lambda _: store.update(hovered=3))
    store.react_with(Drop, lambda _: store.update(hovered=-1))
    store.update(selected=1)
    assert store.state.hovered == -1


def test_what_an_effect_ends_has_ended_once(make_store: Callable[..., Store]) -> None:
    """An effect behind it sees the change in the same round, one before it in the next one; each once."""
    told: list[str] = []

    class Tell(Reaction):
        def __init__(self, who: str) -> None:
            self.who = who

    def told_by(who: str) -> Callable[[StudioState, StudioState], tuple[Reaction, ...]]:
        def effect(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
            return (Tell(who),) if before.presentation and not after.presentation else ()

        return effect

    store = make_store(told_by("first"), follow_selected, told_by("last"))
    store.react_with(Tell, lambda reaction: told.append(reaction.who))
    store.react_with(Follow, lambda _: store.update(presentation=False))
    store.update(presentation=True)
    store.update(selected=1)
    assert sorted(told) == ["first", "last"]


def test_an_effect_that_changes_the_state_itself_is_asked_about_that_change_only(
    make_store: Callable[..., Store],
) -> None:
    pairs: list[tuple[int, int]] = []

    def record(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
        pairs.append((before.selected, after.selected))
        return (Follow(),) if after.selected < 3 else ()

    store = make_store(record)
    store.react_with(Follow, lambda _: store.update(selected=store.state.selected + 1))
    store.update(selected=1)
    assert pairs == [(0, 1), (1, 2), (2, 3)]


def test_a_change_while_a_state_is_shown_waits_until_all_views_have_shown_it(
    make_store: Callable[..., Store],
) -> None:
    store = make_store()
    seen: list[tuple[str, int]] = []

    def show_first() -> None:
        seen.append(("first", store.state.hovered))
        if store.state.hovered < 0:
            store.update(hovered=3)

    store.changed.connect(show_first)
    store.changed.connect(lambda: seen.append(("second", store.state.hovered)))
    store.update(selected=1)
    assert seen == [("first", -1), ("second", -1), ("first", 3), ("second", 3)]


def test_a_whole_state_is_refused_while_another_is_shown(make_store: Callable[..., Store]) -> None:
    store = make_store()
    problems: list[str] = []

    def show() -> None:
        try:
            store.set_state(replace(store.state, hovered=3))
        except RuntimeError as error:
            problems.append(str(error))

    store.changed.connect(show)
    store.update(selected=1)
    assert problems == ["the state cannot change while it is being shown"]
    assert store.state.hovered == -1


def test_what_must_wait_for_the_views_is_done_right_after_them(make_store: Callable[..., Store]) -> None:
    store = make_store()
    order: list[str] = []

    def show() -> None:
        order.append("shown")
        if len(order) == 1:
            store.after_showing(lambda: (order.append("after"), store.update(hovered=2)))

    store.changed.connect(show)
    store.update(selected=1)
    assert order == ["shown", "after", "shown"]
    assert store.state.hovered == 2


def test_a_circle_of_effects_ends_and_is_reported(
    make_store: Callable[..., Store], logged_errors: list[logging.LogRecord]
) -> None:
    store = make_store(lambda *_: (Follow(),))
    store.react_with(Follow, lambda _: store.set_state(replace(store.state, hovered=store.state.hovered + 1)))
    store.update(selected=1)
    assert "did not come to an end" in logged_errors[0].getMessage()
    assert store.state.hovered == MOST_ROUNDS - 1

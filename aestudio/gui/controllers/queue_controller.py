"""Intents about the trainings that wait, and their file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError
from aestudio.gui.state.effects.reactions import GoOnWithQueue, TakeNextRecipe, WriteQueue
from aestudio.gui.state.next_training import set_up_recipe, sets_up_next, with_next_taken
from aestudio.gui.state.studio_state import Message
from aestudio.gui.state.training_queue import (
    is_busy,
    is_trained,
    kept_entries,
    with_entry_begun,
    with_next_kept,
    with_outcome,
    with_queued,
)
from aestudio.recipes.run_titles import title_among
from aestudio.runs.queue_claims import QueueClaims
from aestudio.runs.queue_file import MOST_TRAININGS, queue_path, read_queue, recipe_of, write_queue
from aestudio.runs.shared_list import SharedList

if TYPE_CHECKING:
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.queue_state import TrainingQueue
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.queue_file import QueuedTraining

translate = QCoreApplication.translate

CLAIM = "claim training"


class QueueController:
    """Adds, orders and removes trainings, and begins the next one; nobody else begins one of the queue."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file = SharedList(queue_path(), read_queue, write_queue, lambda entry: entry, make_folder=True)
        self._claims = QueueClaims(queue_path())
        store.react_with(GoOnWithQueue, self._go_on)
        store.react_with(TakeNextRecipe, lambda _: store.set_state(with_next_taken(store.state)))
        store.react_with(WriteQueue, self._write)
        self._read()

    # ---- intents --------------------------------------------------------------------------------------

    def obstacle(self) -> str:
        """Why the recipe of the sidebar cannot be added now, "" if it can."""
        state = self._store.state
        if state.training.active and not sets_up_next(state):
            return translate("queue", "Set up the next training first.")
        if len(state.queue.entries) >= MOST_TRAININGS:
            return translate("queue", "The queue is full: remove some trainings.")
        return "\n".join(state.obstacles())

    def add(self, *, first: bool = False) -> None:
        """Let the recipe that the sidebar shows wait. first: before all others"""
        store = self._store
        if store.refuses_to_start():
            return
        obstacle = self.obstacle()
        if obstacle:
            store.show_message(obstacle, "warn")
            return
        store.set_state(with_queued(store.state, first=first))
        title = title_among(set_up_recipe(store.state), store.state.recipes)
        if store.state.queue.waits:
            text = translate("queue", "Added to the queue: {}. It waits until you start the queue.")
        elif first:
            text = translate("queue", "Added to the queue: {}. It is trained next.")
        else:
            text = translate("queue", "Added to the queue: {}. It begins by itself.")
        store.show_message(text.format(title), "good")

    def remove(self, key: str) -> None:
        """Take a waiting training out of the queue."""
        self._change(self._store.state.queue.without(key))

    def choose_data(self, key: str, origin: str) -> None:
        """Let a waiting training use another data set, as `load_dataset` takes it."""
        self._change(self._store.state.queue.with_data(key, origin))

    def move(self, key: str, places: int) -> None:
        """Let a waiting training begin some places later, or earlier if it is negative."""
        self._change(self._store.state.queue.moved(key, places))

    def hold(self) -> None:
        """Let the next training wait until the user says so; what is trained goes on."""
        self._change(replace(self._store.state.queue, waits=True))

    def go_on(self) -> None:
        """Begin the next training, or as soon as the present one has ended."""
        store = self._store
        store.update(queue=replace(store.state.queue, waits=False))
        if not is_busy(store.state):
            self._begin_next()

    def run_now(self, key: str) -> None:
        """Begin this training, also one that has failed; the others follow."""
        store, entry = self._store, self._store.state.queue.entry(key)
        if entry is None:
            return
        if is_busy(store.state):
            text = translate("queue", "A training runs: stop it first, or let this one begin after it.")
            store.show_message(text, "warn")
            return
        queue = store.state.queue.moved(key, -len(store.state.queue.entries))
        cleared = (replace(entry, problem=""), *queue.entries[1:])
        store.update(queue=replace(queue, entries=cleared, waits=False))
        self._begin_next()

    def _change(self, queue: TrainingQueue) -> None:
        self._store.update(queue=queue)

    def close(self) -> None:
        """Keep the recipe that is set up for later in the queue: with the window it would be lost."""
        self._store.set_state(with_next_kept(self._store.state))

    # ---- one after another ----------------------------------------------------------------------------

    def _go_on(self, reaction: GoOnWithQueue) -> None:
        store = self._store
        store.set_state(with_outcome(store.state, reaction.ended))
        if not store.state.queue.waits:
            self._begin_next()
            return
        self._release()
        if store.state.queue.next is not None:
            said, text = store.state.message, translate("queue", "The queue waits until you start it.")
            if not said.text.endswith(text):
                store.show_message(f"{said.text} {text}", said.tone)

    def _begin_next(self) -> None:
        """Begin the first one that can begin, once no other window can."""
        self._store.update(queue=replace(self._store.state.queue, begins=True))
        self._claim_next()

    def _claim_next(self) -> None:
        store, claims, shared = self._store, self._claims, self._file
        entry = store.state.queue.next
        if entry is None:
            self._end_of_beginning()
            return
        known = frozenset(one.key for one in shared.known)

        def work(progress: Progress) -> bool:  # noqa: ARG001 - quick
            return claims.claim(entry.key, known)

        def after(message: TaskDone) -> None:
            now = store.state.queue.entry(entry.key)
            if message.problem is not None:
                store.show_message(str(message.problem), "bad")
                self._hold_back()
            elif not message.value:
                self._taken_elsewhere(entry)
            elif now is None or store.state.queue.waits or is_trained(store.state):
                self._end_of_beginning()  # removed, held or overtaken meanwhile
            elif self._begin(now):
                self._end_of_beginning()
            else:
                self._claim_next()

        store.run_task(CLAIM, "the next training was being chosen", work, after, urgent=True)

    def _end_of_beginning(self) -> None:
        store = self._store
        store.update(queue=replace(store.state.queue, begins=False))
        if store.state.queue.running is None:
            self._release()
            if store.state.queue.failed:
                store.show_message(store.state.queue.failed, "bad")

    def _hold_back(self) -> None:
        self._store.update(queue=replace(self._store.state.queue, begins=False, waits=True))
        self._release()

    def _taken_elsewhere(self, entry: QueuedTraining) -> None:
        """Another window has begun this training, or is about to: take over what it has made of the queue."""
        store, shared = self._store, self._file

        def work(progress: Progress) -> tuple[QueuedTraining, ...]:  # noqa: ARG001 - quick
            return shared.read_again()

        def after(message: TaskDone) -> None:
            if message.value is not None:
                store.update(queue=replace(store.state.queue, entries=message.value, saved=message.value))
            if store.state.queue.entry(entry.key) is None and message.problem is None:
                self._claim_next()
                return
            text = translate("queue", "Another window is beginning this training: {}. The queue waits.")
            store.show_message(text.format(entry.title), "warn")
            self._hold_back()

        store.run_task(CLAIM, "the queue was being read", work, after, urgent=True)

    def _release(self) -> None:
        """Give back what was claimed, unless it is about to begin and has no run yet."""
        state, claims = self._store.state, self._claims
        running = state.queue.running
        needed = [entry.key for entry in kept_entries(state) if running is not None and entry is running]

        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            claims.release(but=needed)

        self._store.run_task("release queue", "the queue was being released", work, lambda _: None)

    def _begin(self, entry: QueuedTraining) -> bool:
        """Whether this training is about to begin; otherwise it is kept as failed."""
        store = self._store
        try:
            recipe = recipe_of(entry)
        except StudioError as problem:
            self._fail(entry, str(problem))
            return False
        store.set_state(with_entry_begun(store.state, entry, recipe))
        dataset = store.state.data.dataset
        there = dataset is not None and store.state.data.phase != "loading" and dataset.origin == entry.origin
        if not there or (entry.facts is not None and dataset is not None and entry.facts != dataset.facts):
            # The files may have changed since they were loaded.
            store.intents.choose_data(entry.origin, None if entry.facts is None else entry.facts.reading)
        store.intents.start_queued(lambda why: self._fail(entry, why))
        return store.state.queue.running is not None

    def _fail(self, entry: QueuedTraining, why: str) -> None:
        self._store.update(queue=self._store.state.queue.failing(entry, why))

    # ---- the file -------------------------------------------------------------------------------------

    def _read(self) -> None:
        """What was kept waits until the user says so. The file is small, and read once."""
        store = self._store
        try:
            kept = self._file.read_again()
        except StudioError as problem:  # a copy is kept before anything is written in its place
            store.update_quietly(message=Message(str(problem), "bad"))
        else:
            store.update_quietly(queue=replace(store.state.queue, entries=kept, saved=kept))

    def _write(self, reaction: WriteQueue) -> None:
        store, shared = self._store, self._file
        store.update_quietly(queue=replace(store.state.queue, saved=reaction.entries))
        if not shared.request_write(reaction.entries):
            return  # the running thread writes them next

        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            shared.write_requested()

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                store.show_message(str(message.problem), "bad")
            if shared.damaged_copy is not None:
                text = translate("session", "The damaged file was kept as {}.")
                store.show_message(text.format(shared.damaged_copy), "warn")
                shared.damaged_copy = None
            self._take_others_changes()
            if not store.state.queue.begins:
                self._release()

        store.run_task("write queue", "the queue of trainings was being kept", work, after, urgent=True)

    def _take_others_changes(self) -> None:
        """Another window has added or begun trainings."""
        merge, state = self._file.take_others_changes(), self._store.state
        if merge is None:
            return
        kept = merge(kept_entries(state))
        running = state.queue.running
        waiting = tuple(entry for entry in kept if running is None or entry.key != running.key)
        self._store.update(queue=replace(state.queue, entries=waiting, saved=kept))

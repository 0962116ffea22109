"""Which request is next, and which is abandoned: without a thread and without a clock."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.inference.request_queue import PATIENCE, PATIENCE_OF_LAST, RequestQueue
from aestudio.gui.state.subject import Subject
from aestudio.recipes.library import find_recipe

RECIPE = find_recipe("vae")
CHANNELS = ("map", "grid", "data support reference", "sliders", "overlay")


def about(step: int, run: str = "r") -> Subject:
    return Subject(((run, "", RECIPE),), step)


@dataclass(frozen=True)
class Q:
    channel: str
    subject: Subject
    urgent: bool = False
    detail: int = 0


def queue_of(*requests: Q) -> RequestQueue:
    queue = RequestQueue()
    for request in requests:
        queue.put(request)
    return queue


def test_a_channel_that_is_requested_again_keeps_its_position() -> None:
    queue = queue_of(Q("grid", about(1)), Q("map", about(1)), Q("grid", about(2)))
    first = queue.take()
    assert first == Q("grid", about(2)), "the newest request, in the position of the first"
    queue.done(first, completed=True)
    assert queue.take() == Q("map", about(1))


def test_urgent_requests_come_first_and_otherwise_the_order_stays() -> None:
    queue = queue_of(Q("map", about(1)), Q("grid", about(1)), Q("slider", about(1), urgent=True))
    assert queue.take(urgent_only=True) == Q("slider", about(1), urgent=True)
    assert queue.take(urgent_only=True) is None
    assert queue.take() == Q("map", about(1))


def test_of_several_that_are_due_the_most_overdue_comes_first() -> None:
    queue = queue_of(Q("map", about(1)), Q("grid", about(1)), Q("sliders", about(1)))
    waits = {"map": -1.0, "grid": -3.0, "sliders": 2.0}

    def wait(request: object) -> float:
        assert isinstance(request, Q)
        return waits[request.channel]

    assert queue.least_wait(wait) == -3.0
    assert queue.take(wait) == Q("grid", about(1))
    assert queue.take(wait) == Q("map", about(1))
    assert queue.take(wait) is None, "the last one has to wait"
    assert queue.least_wait(wait) == 2.0
    assert queue.take() == Q("sliders", about(1))
    assert queue.least_wait(wait) is None


def test_an_urgent_request_that_has_to_wait_does_not_come_first() -> None:
    queue = queue_of(Q("map", about(1)), Q("slider", about(1), urgent=True))

    def wait(request: object) -> float:
        assert isinstance(request, Q)
        return 1.0 if request.urgent else -1.0

    assert queue.take(wait, urgent_only=True) is None
    assert queue.take(wait) == Q("map", about(1))


@given(st.lists(st.sampled_from(CHANNELS), max_size=60))
def test_every_channel_is_computed_within_one_round_however_often_the_others_are_requested(
    again: list[str],
) -> None:
    """All are requested again at every step, some also in between and while they are computed."""
    queue = queue_of(*(Q(channel, about(0)) for channel in CHANNELS))
    last_computed = dict.fromkeys(CHANNELS, 0)
    asks = iter(again)
    for turn in range(1, 40):
        request = queue.take()
        assert request is not None
        for channel in CHANNELS:  # a snapshot came while it is worked on
            queue.put(Q(channel, about(turn)))
        for channel in (next(asks, "map"), request.channel):
            queue.put(Q(channel, about(turn), detail=turn))
        gave_way = queue.must_abandon(request, training=True)
        queue.done(request, completed=not gave_way)
        assert not gave_way, "only the step is another one"
        last_computed[request.channel] = turn
        assert turn - min(last_computed.values()) <= len(CHANNELS)


def test_the_names_of_the_axes_wait_for_all_else_but_not_for_ever() -> None:
    """On a busy machine they took a minute, and map and grid waited behind them."""
    queue = queue_of(Q("axis names", about(1)), Q("map", about(1)), Q("grid", about(1)))
    order = [queue.take(now=PATIENCE_OF_LAST / 2) for _ in range(3)]
    assert [request.channel for request in order if request] == ["map", "grid", "axis names"]
    queue = queue_of(Q("axis names", about(1)))
    taken: list[str] = []
    for turn in range(20):  # something else is always wanted, and takes half a second
        now = turn / 2
        queue.put(Q("map", about(turn)), now=now)
        request = queue.take(now=now)
        assert request is not None
        queue.done(request, completed=True)
        taken.append(request.channel)
    assert taken.index("axis names") == PATIENCE_OF_LAST * 2
    assert taken.count("axis names") == 1


def test_while_a_training_runs_a_result_of_an_earlier_step_is_completed() -> None:
    queue = queue_of(Q("map", about(1)))
    running = queue.take()
    assert running is not None
    queue.put(Q("map", about(2)))
    assert not queue.must_abandon(running, training=True)
    assert queue.must_abandon(running, training=False), "a checkpoint of the history that the user chose"


def test_a_change_by_the_user_abandons_one_request_but_not_two_in_a_row() -> None:
    queue = queue_of(Q("grid", about(1)))
    for turn, gives_way in enumerate((True, False, True, False)):
        running = queue.take()
        assert running is not None
        queue.put(Q("grid", about(1), detail=turn + 1))
        assert queue.must_abandon(running, training=True) is gives_way
        queue.done(running, completed=not gives_way)


def test_at_rest_the_newest_request_always_counts() -> None:
    queue = queue_of(Q("interpolation", about(1)))
    for turn in range(4):
        running = queue.take()
        assert running is not None
        queue.put(Q("interpolation", about(1), detail=turn + 1))
        assert queue.must_abandon(running, training=False)
        queue.done(running, completed=False)


def test_requests_about_another_run_are_dropped_also_while_computed() -> None:
    queue = queue_of(Q("grid", about(5, "old")), Q("map", about(5, "old")), Q("sliders", about(0, "new")))
    running = queue.take()
    assert running is not None
    queue.keep(lambda subject: subject.runs[0][0] == "new")
    assert queue.must_abandon(running, training=True), "nobody wants it"
    queue.done(running, completed=False)
    assert queue.take() == Q("sliders", about(0, "new"))
    assert queue.take() is None


def test_an_urgent_result_on_the_same_channel_is_not_replaced_by_the_slow_one_before_it() -> None:
    queue = queue_of(Q("grid", about(1)))
    slow = queue.take()
    assert slow is not None
    queue.put(Q("grid", about(1), urgent=True))
    hurried = queue.take(urgent_only=True)
    assert hurried is not None
    queue.done(hurried, completed=True)
    assert queue.must_abandon(slow, training=True)


def test_the_newer_request_of_an_abandoned_one_does_not_go_to_the_end() -> None:
    queue = queue_of(Q("grid", about(1)), Q("map", about(1)), Q("sliders", about(1)))
    running = queue.take()
    assert running is not None
    queue.put(Q("grid", about(1), detail=1))
    assert queue.must_abandon(running, training=False)
    queue.done(running, completed=False)
    assert queue.take() == Q("grid", about(1), detail=1)


def test_after_a_coarse_answer_a_newer_request_counts_at_once() -> None:
    queue = RequestQueue()
    for turn in range(6):
        queue.put(Q("grid", about(1), detail=turn), now=float(turn))
        running = queue.take()
        assert running is not None
        queue.answered(running)
        queue.put(Q("grid", about(1), detail=turn + 1), now=float(turn))
        assert queue.must_abandon(running, training=False, now=turn + 0.9)
        queue.done(running, completed=False)


def test_a_withdrawn_channel_is_neither_waiting_nor_computed_to_its_end() -> None:
    queue = queue_of(Q("grid", about(1)), Q("map", about(1)))
    running = queue.take()
    assert running is not None
    queue.withdraw("grid")
    queue.withdraw("map")
    assert queue.must_abandon(running, training=False)
    queue.done(running, completed=False)
    assert queue.take() is None


COSTS = {"grid": 0.6, "map": 0.15, "sliders": 0.05, "overlay": 0.3, "data support": 0.02}
PROGRESS_SECONDS = 0.05
MOVE_SECONDS = 0.1


def longest_silences(training: bool, seconds: float = 30.0) -> dict[str, float]:
    """The longest time without an answer on each channel while the user moves the code all the time.

    One thread that takes `COSTS` for an answer and asks whether to abandon it; a move asks for everything.
    """
    queue, now, moved = RequestQueue(), 0.0, 0
    answered, silences = dict.fromkeys(COSTS, 0.0), dict.fromkeys(COSTS, 0.0)

    def move_until(time: float) -> None:
        nonlocal moved
        while moved * MOVE_SECONDS <= time:
            for channel in COSTS:
                queue.put(Q(channel, about(1), channel == "data support", moved), moved * MOVE_SECONDS)
            moved += 1

    while now < seconds:
        move_until(now)
        request = queue.take(now=now)
        if request is None:
            now += 0.01
            continue
        until, abandoned = now + COSTS[request.channel], False
        while now < until and not abandoned:
            now += min(PROGRESS_SECONDS, until - now)
            move_until(now)
            abandoned = now < until and queue.must_abandon(request, training, now)
        queue.done(request, completed=not abandoned)
        if not abandoned:
            silences[request.channel] = max(silences[request.channel], now - answered[request.channel])
            answered[request.channel] = now
    return {channel: max(longest, now - answered[channel]) for channel, longest in silences.items()}


def test_a_slow_grid_and_every_other_channel_get_their_turn_while_the_user_moves_all_the_time() -> None:
    for training in (False, True):
        longest = longest_silences(training)
        bound = 2 * PATIENCE + 2 * sum(COSTS.values())
        assert max(longest.values()) <= bound, (training, longest)
        assert longest["data support"] < bound


def test_what_waited_for_a_second_comes_before_urgent_requests() -> None:
    queue = RequestQueue()
    queue.put(Q("grid", about(1)), now=0.0)
    queue.put(Q("triples", about(1), urgent=True), now=0.9)
    assert queue.take(now=0.9) == Q("triples", about(1), urgent=True)
    queue.put(Q("triples", about(2), urgent=True), now=1.0)
    assert queue.take(now=1.0) == Q("grid", about(1))


def test_what_a_training_lets_wait_is_not_late_before_it_is_due() -> None:
    queue = RequestQueue()
    queue.put(Q("grid", about(1)), now=0.0)
    queue.put(Q("triples", about(1), urgent=True), now=8.0)
    waits = {"grid": -0.5, "triples": -0.1}

    def wait(request: object) -> float:
        assert isinstance(request, Q)
        return waits[request.channel]

    assert queue.take(wait, now=8.0) == Q("triples", about(1), urgent=True)

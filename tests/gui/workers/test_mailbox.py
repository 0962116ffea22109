"""Messages of threads: all without a key, only the newest of each key."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.workers.mailbox import Mailbox


def test_messages_come_once_and_in_order() -> None:
    mailbox = Mailbox()
    for message in "abc":
        mailbox.put(message)
    assert mailbox.take() == ["a", "b", "c"]
    assert mailbox.take() == []


def test_only_the_newest_of_a_key_is_kept_at_the_newest_position() -> None:
    mailbox = Mailbox()
    mailbox.put("progress 1", replaces="progress")
    mailbox.put("point 1")
    mailbox.put("progress 2", replaces="progress")
    mailbox.put("point 2")
    assert mailbox.take() == ["point 1", "progress 2", "point 2"]
    mailbox.put("progress 3", replaces="progress")
    assert mailbox.take() == ["progress 3"]


@given(st.lists(st.tuples(st.integers(), st.sampled_from(["", "a", "b"]), st.booleans())))
def test_as_a_plain_list_would_do_it(messages: list[tuple[int, str, bool]]) -> None:
    mailbox, expected, given_out = Mailbox(), [], []
    taken = []
    for value, key, fetch in messages:
        mailbox.put(value, replaces=key)
        expected = [(k, v) for k, v in expected if not key or k != key] + [(key, value)]
        if fetch:
            taken += mailbox.take()
            given_out += [v for _, v in expected]
            expected = []
    assert taken + mailbox.take() == given_out + [v for _, v in expected]


def test_nothing_is_lost_between_threads() -> None:
    mailbox, taken = Mailbox(), []
    writers = [
        threading.Thread(target=lambda n=n: [mailbox.put((n, i)) for i in range(2000)]) for n in range(4)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        taken += mailbox.take()
    taken += mailbox.take()
    for n in range(4):
        assert [i for writer, i in taken if writer == n] == list(range(2000))


def test_somebody_waits_for_a_message_unless_it_can_wait() -> None:
    mailbox = Mailbox()
    mailbox.put("point", can_wait=True)
    assert not mailbox.awaited
    mailbox.put("result")
    mailbox.put("point", can_wait=True)
    assert mailbox.awaited
    assert mailbox.take() == ["point", "result", "point"]
    assert not mailbox.awaited

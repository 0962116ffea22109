"""The entropy coder's stack: popping and pushing undo each other, and the size is the ideal one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.codec.integer_tables import ideal_bits, of_counts, uniform
from aestudio.codec.stack import Stack, from_bytes, to_bytes


def tables(seed: int, count: int, choices: int) -> np.ndarray:
    return of_counts(
        np.random.default_rng(seed).integers(0, 200, (count, choices)) + np.eye(count, choices, dtype=int)
    )


@given(seed=st.integers(0, 2**32), count=st.integers(1, 40), choices=st.integers(2, 30))
def test_what_is_popped_and_pushed_again_leaves_the_stack_as_it_was(
    seed: int, count: int, choices: int
) -> None:
    words = np.random.default_rng(seed).integers(1, 2**32, 60, np.uint64).astype(np.uint32)
    stack, table = Stack(words), tables(seed, count, choices)
    symbols = stack.pop(table)
    assert ((symbols >= 0) & (symbols < choices)).all()
    stack.push(symbols, table)
    assert np.array_equal(stack.words(), words)


@given(seed=st.integers(0, 2**32), choices=st.integers(1, 30))
def test_symbols_come_out_as_they_went_in(seed: int, choices: int) -> None:
    generator = np.random.default_rng(seed)
    symbols = generator.integers(0, choices, 50)
    table = of_counts(generator.integers(1, 200, (1, choices)))[0]
    stack = Stack()
    stack.push_alike(symbols, table)
    again = Stack(from_bytes(to_bytes(stack.words())))
    assert np.array_equal(again.pop_alike(50, table), symbols)
    assert again.bits == 0


def test_the_size_is_that_of_an_ideal_coder() -> None:
    """Exactly the whole numbers of our tables are what is coded under."""
    table = tables(1, 500, 7)
    symbols = np.array(
        [np.random.default_rng(row).choice(7, p=table[row] / table[row].sum()) for row in range(500)]
    )
    stack = Stack(np.full(50, 2**32 - 1, np.uint32))
    before = stack.bits
    stack.push(symbols, table)
    assert stack.bits - before == pytest.approx(ideal_bits(table, symbols), abs=0.05)


def test_no_symbols_and_what_is_certain_take_nothing() -> None:
    stack = Stack()
    stack.push(np.empty(0, np.int64), np.empty((0, 3), np.int64))
    stack.push_alike(np.zeros(9, np.int64), uniform(1))
    assert len(stack.words()) == 0
    assert stack.pop(np.empty((0, 3), np.int64)).shape == (0,)
    assert stack.pop_alike(9, uniform(1)).tolist() == [0] * 9


def test_bytes_that_no_stack_gives_are_refused() -> None:
    with pytest.raises(ValueError, match="zero"):
        from_bytes(b"\1\2\3\4\5\0")
    assert from_bytes(b"\1\2\3\4\5").tolist() == [0x04030201, 5]

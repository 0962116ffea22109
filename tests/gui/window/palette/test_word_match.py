"""Finding by words: any order, beginnings, parts and left-out letters; better matches score more."""

from __future__ import annotations

import pytest

from aestudio.gui.window.palette.word_match import Searchable, score, words_of


def scored(typed: str, text: str, kind: str = "Command", help_text: str = "") -> float | None:
    return score(words_of(typed), Searchable.of(text, kind, help_text))


def test_words_are_compared_without_case_accents_and_signs() -> None:
    assert words_of("  Été, β-VAE (2-D)!") == ("ete", "β", "vae", "2", "d")
    assert words_of("...") == ()


@pytest.mark.parametrize(
    "typed", ["conv vae", "VAE conv", "volut", "cnv", "conv recipe", "map of digits", "con 2"]
)
def test_each_typed_word_is_found_in_any_order(typed: str) -> None:
    assert scored(typed, "Convolutional VAE 2", "Recipe", "A map of digits.") is not None


@pytest.mark.parametrize("typed", ["conv gan", "x", "vnc", "av", "ne", "a"])
def test_one_word_that_is_not_found_is_enough_to_leave_an_entry_out(typed: str) -> None:
    assert scored(typed, "Convolutional VAE", "Recipe", "One of them.") is None


def test_a_whole_word_beats_a_beginning_a_part_and_left_out_letters() -> None:
    ranks = [scored("rate", text) for text in ("a rate", "a rates", "a separated", "a roatxex")]
    assert all(rank is not None for rank in ranks)
    assert ranks == sorted(ranks, reverse=True)  # type: ignore[type-var]
    assert len(set(ranks)) == 4


def test_the_text_counts_more_than_the_kind_and_the_kind_more_than_the_help() -> None:
    ranks = [scored("view", "A view"), scored("view", "x", "View"), scored("view", "x", "y", "A view.")]
    assert ranks == sorted(ranks, reverse=True)  # type: ignore[type-var]
    assert scored("train", "Train") > scored("train", "Reset train")  # type: ignore[operator]


def test_nothing_typed_matches_everything_alike() -> None:
    assert scored("", "Anything") == scored("  ", "Else") == 0.0

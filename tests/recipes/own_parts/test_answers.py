"""An answer holds for exactly the bytes that were asked about, and survives a new start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.paths import settings_folder, settings_lock
from aestudio.recipes.own_parts.answers import FILE, answer_about, remember_answer
from aestudio.recipes.own_parts.part_folder import read_part_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_nobody_was_asked_yet(network: Path) -> None:
    assert answer_about(read_part_folder("networks", "two_layers")) is None
    assert not settings_folder().exists()


def test_the_answer_is_about_these_bytes(network: Path) -> None:
    first = read_part_folder("networks", "two_layers")
    remember_answer(first, allowed=True)
    (network / "config.py").write_text("changed", encoding="utf-8")
    second = read_part_folder("networks", "two_layers")
    assert (answer_about(first), answer_about(second)) == (True, None)
    remember_answer(second, allowed=False)
    assert (answer_about(first), answer_about(second)) == (True, False)
    remember_answer(first, allowed=False)
    assert answer_about(first) is False


def test_the_same_bytes_under_another_name_are_asked_about(network: Path) -> None:
    content = read_part_folder("networks", "two_layers")
    remember_answer(content, allowed=True)
    assert answer_about(replace(content, name="other")) is None
    assert answer_about(replace(content, group="objectives")) is None


DAMAGED = (
    "",
    "{",
    "[]",
    '{"format": 1}',
    '{"format": 1, "answers": []}',
    '{"format": 1, "answers": {"networks/two_layers": true}}',
    '{"format": 1, "answers": {"networks/two_layers": ["DIGEST"]}}',
    '{"format": 1, "answers": {"networks/two_layers": {"DIGEST": "true"}}}',
    '{"format": 1, "answers": {"networks/two_layers": {"DIGEST": 1}}}',
    '{"format": 1, "answers": {"networks/two_layers": {"DIGEST": null}}}',
    '{"format": 2, "answers": {"networks/two_layers": {"DIGEST": true}}}',
)


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_allows_nothing(network: Path, text: str) -> None:
    content = read_part_folder("networks", "two_layers")
    settings_folder().mkdir(parents=True)
    text = text.replace("DIGEST", content.digest)
    (settings_folder() / FILE).write_text(text, encoding="utf-8")
    assert answer_about(content) is None
    remember_answer(content, allowed=True)
    assert answer_about(content) is True


def test_an_answer_that_cannot_be_kept_is_an_error(network: Path) -> None:
    content = read_part_folder("networks", "two_layers")
    settings_folder().parent.mkdir(parents=True, exist_ok=True)
    settings_folder().write_text("", encoding="utf-8")
    with pytest.raises(StudioError, match="written"):
        remember_answer(content, allowed=True)
    assert answer_about(content) is None


def test_nothing_else_lies_beside_the_file(network: Path) -> None:
    remember_answer(read_part_folder("networks", "two_layers"), allowed=True)
    assert {path.name for path in settings_folder().iterdir()} == {FILE, settings_lock().name}

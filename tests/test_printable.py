"""Names of files that are not UTF-8."""

from __future__ import annotations

import json
import os

from hypothesis import given
from hypothesis import strategies as st

from aestudio.errors import BadChoice, StudioError
from aestudio.printable import json_safe, printable, shortened

NAME = os.fsdecode(b"Ziffern_\xfc")


def test_bytes_that_are_not_utf_8_are_escaped() -> None:
    assert printable(NAME) == r"Ziffern_\xfc"
    assert printable("\x1b[31mred\x00\ud800\n") == "\\x1b[31mred\\x00\\ud800\n"
    assert printable("Zürich β 数字") == "Zürich β 数字"


@given(st.binary())
def test_every_name_of_a_file_is_printable_and_survives_json(name: bytes) -> None:
    text = os.fsdecode(name)
    printable(text).encode("utf-8")
    line = json_safe(json.dumps({"path": text}, ensure_ascii=False))
    line.encode("utf-8")
    assert json.loads(line)["path"] == text


@given(st.text(max_size=60), st.integers(8, 50))
def test_long_texts_are_shortened_in_their_middle(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most
    if len(printable(text)) <= most:
        assert shortened(text, most) == printable(text)


def test_problems_can_be_printed_whatever_they_name() -> None:
    for problem in (StudioError(f"No {NAME}", where=NAME, advice=NAME), BadChoice(NAME, NAME, NAME)):
        for text in (str(problem), problem.what, problem.where, problem.advice):
            text.encode("utf-8")
    assert len(str(BadChoice("run", "x" * 5000, "any"))) < 300

"""docs/own-models.md shows the examples that the other tests use, to the letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.recipes.own_parts.conftest import EXAMPLES

DOCUMENT = Path(__file__).parents[3] / "docs" / "own-models.md"
FENCE = re.compile(r"^```(?:python|json)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILES = sorted(path for path in EXAMPLES.rglob("*") if path.suffix in (".py", ".json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_example_is_shown(path: Path) -> None:
    assert path.read_text(encoding="utf-8") in FENCE.findall(DOCUMENT.read_text(encoding="utf-8"))


def test_nothing_else_is_shown() -> None:
    assert len(FENCE.findall(DOCUMENT.read_text(encoding="utf-8"))) == len(FILES) == 5

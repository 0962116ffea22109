"""`aestudio tags`: a list, JSON, and a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.runs.image_tags_file import ImageTags, tags_path, untagged, write_tags

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.cli.conftest import Answer


def test_tags_are_listed_and_written(
    aestudio: Callable[..., Answer], few_digits: Dataset, tmp_path: Path
) -> None:
    assert "No image has a tag" in aestudio("tags", "builtin").out
    entry = replace(untagged("test", few_digits.test, 3), tags=("wrong label", "thin"), note="a 7?")
    moved = ImageTags("train", 4, "00" * 8, "1", ("ambiguous",))
    tags_path(few_digits).parent.mkdir(parents=True)
    write_tags(tags_path(few_digits), [entry, moved])
    answer = aestudio("tags", "builtin")
    assert "wrong label, thin" in answer.out
    assert "no longer at their place" in answer.err
    assert aestudio("tags", "builtin", "--json").json == [
        {"index": 3, "set": "test", "label": entry.label, "tags": ["wrong label", "thin"], "note": "a 7?"}
    ]
    path = tmp_path / "tags.csv"
    assert aestudio("tags", "builtin", "--csv", path).code == 0
    assert path.read_text().splitlines()[1] == f"3,test,{entry.label},wrong label; thin,a 7?"
    again = aestudio("tags", "builtin", "--csv", path)
    assert again.code == 1
    assert "--overwrite" in again.line

"""`aestudio datasets` says what the images of each set are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_size_of_the_images_is_listed(aestudio: Callable[..., Any]) -> None:
    lines = aestudio("datasets").out.splitlines()
    assert "IMAGES" in lines[0]
    column = lines[0].index("IMAGES")
    assert lines[1].startswith("mnist")
    assert lines[1][column:].startswith("28 × 28 ")
    listed = aestudio("datasets", "--json").json
    assert {tuple(entry["image"]) for entry in listed} == {(1, 28, 28)}

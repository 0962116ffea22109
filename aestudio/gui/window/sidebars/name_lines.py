"""The name of a run in a narrow column: broken between its parts instead of cut. Pure, no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LINES = 3
"""Of a name: more would push the other runs out of the list."""


def in_lines(name: str, width: int, width_of: Callable[[str], int], most: int = MOST_LINES) -> str:
    """The name in as few lines as its words fit into, broken after a comma where that takes no line more.

    What does not fit into `most` lines stays in the last one, which the list cuts. width: logical pixels
    """
    words, lines = name.split(" "), list[str]()
    while words and len(lines) < most - 1:
        count = _fitting(words, width, width_of)
        if count < len(words):
            commas = [number for number in range(1, count + 1) if words[number - 1].endswith(",")]
            if commas and _fitting(words[commas[-1] :], width, width_of) == len(words) - commas[-1]:
                count = commas[-1]
        lines.append(" ".join(words[:count]))
        words = words[count:]
    return "\n".join([*lines, " ".join(words)] if words else lines)


def _fitting(words: list[str], width: int, width_of: Callable[[str], int]) -> int:
    """How many of the words fit into a line; at least one."""
    fitting = [count for count in range(1, len(words) + 1) if width_of(" ".join(words[:count])) <= width]
    return max(fitting, default=1)

"""The heading in one line or several, each a heading with what of it stands there. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.window.model_heading import SEPARATOR, Heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Width = Callable[[str], int]
    """The width of a text in logical pixels."""

CUT = "…"


def text_of(lines: tuple[Heading, ...]) -> str:
    """What stands in the lines, as one line."""
    text = ""
    for line in lines:
        joint = " " if text and line.model else SEPARATOR  # a title goes on in the next line
        text = f"{text}{joint}{line.text}" if text else line.text
    return text


def lines_of(
    heading: Heading, width: int, most: int, width_of: Width, least_title: int
) -> tuple[Heading, ...]:
    """All of it in as few lines as it needs, `most` at most, or else what is left of it by importance.

    The data set is left out first, and the end of the title is cut; then the step is left out, if the title
    had less than `least_title` pixels otherwise. The state always stands there.
    """
    whole = _whole(heading, width, most, width_of)
    if whole:
        return whole
    if most < 2:
        return (_in_one(heading, width, width_of, least_title),)
    without = replace(heading, dataset="")
    return _whole(without, width, most, width_of) or _cut_lines(without, width, most, width_of)


def _cut_lines(heading: Heading, width: int, most: int, width_of: Width) -> tuple[Heading, ...]:
    """As many lines, full of words of the title; the last one has what is left, and the rest of it."""
    if most < 2:
        return (_in_one(heading, width, width_of, 0),)
    first, rest = _first_line(heading, width, width_of)
    return first, *_cut_lines(replace(heading, model=rest), width, most - 1 if rest else 1, width_of)


def _whole(heading: Heading, width: int, most: int, width_of: Width) -> tuple[Heading, ...]:
    """All of it in as few lines as it needs; no lines, if it needs more."""
    if width_of(heading.text) <= width:
        return (heading,)
    if most < 2:
        return ()
    for lines in _breaks(heading):
        if all(width_of(line.text) <= width for line in lines):
            return lines
    first, rest = _first_line(heading, width, width_of)
    if most < 3 or not rest or CUT in first.model:
        return ()
    others = _whole(replace(heading, model=rest), width, most - 1, width_of)
    return (first, *others) if others else ()


def count_of_lines(heading: Heading, width: int, most: int, width_of: Width) -> int:
    """How many lines it needs with the longest numbers that it may have; `most` + 1 if those are too few."""
    counts = (len(_whole(one, width, most, width_of)) or most + 1 for one in (heading, *heading.longest))
    return max(counts)


def _breaks(heading: Heading) -> Iterator[tuple[Heading, Heading]]:
    """Each way to write it in two lines, the best first: between two parts, then within the title."""
    empty = Heading(tone=heading.tone)
    if heading.model:
        yield replace(empty, model=heading.model), replace(heading, model="")
    yield replace(heading, step="", state=""), replace(heading, model="", dataset="")
    yield replace(heading, state=""), replace(empty, state=heading.state)
    words = heading.model.split(" ")
    counts = range(len(words) - 1, 0, -1)
    for count in sorted(counts, key=lambda count: not words[count - 1].endswith(",")):  # between two changes
        begin, end = " ".join(words[:count]), " ".join(words[count:])
        yield replace(empty, model=begin), replace(heading, model=end)


def _first_line(heading: Heading, width: int, width_of: Width) -> tuple[Heading, str]:
    """As many words of the title as fit, and the rest of it."""
    words = heading.model.split(" ")
    for count in range(len(words), 0, -1):
        begin = " ".join(words[:count])
        if width_of(begin) <= width:
            return Heading(begin, tone=heading.tone), " ".join(words[count:])
    return Heading(cut(heading.model, width, width_of), tone=heading.tone), ""


def _in_one(heading: Heading, width: int, width_of: Width, least_title: int) -> Heading:
    """What of it fits into one line."""
    with_step, without_step = replace(heading, dataset=""), replace(heading, dataset="", step="")
    for shorter in (heading, with_step):
        if width_of(shorter.text) <= width:
            return shorter
    if _place_for_title(with_step, width, width_of) >= max(least_title, width_of(CUT)):
        return _with_cut_title(with_step, width, width_of)
    if width_of(without_step.text) <= width:
        return without_step
    return _with_cut_title(without_step, width, width_of)


def _place_for_title(heading: Heading, width: int, width_of: Width) -> int:
    """The width that the other parts leave for the title."""
    rest = replace(heading, model="").text
    return max(0, width - (width_of(SEPARATOR + rest) if rest else 0))


def _with_cut_title(heading: Heading, width: int, width_of: Width) -> Heading:
    return replace(heading, model=cut(heading.model, _place_for_title(heading, width, width_of), width_of))


def cut(text: str, width: int, width_of: Width) -> str:
    """The text, or its beginning with an ellipsis; "" if not even that fits."""
    if width_of(text) <= width:
        return text
    for length in range(len(text) - 1, 0, -1):
        shorter = text[:length].rstrip(" ,") + CUT
        if width_of(shorter) <= width:
            return shorter
    return CUT if width_of(CUT) <= width else ""

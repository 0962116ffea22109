"""`aestudio lesson`: list, prepare and check lessons, write their handouts, and what was guessed in them."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import Annotated

import typer

from aestudio.cli.lesson_actions import ACTIONS, Chosen
from aestudio.cli.options import DataDir, Json  # noqa: TC001 - typer reads them
from aestudio.errors import BadChoice


def command(
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help="list, check, prepare, handout or guesses.")
    ],
    lesson: Annotated[
        str, typer.Argument(metavar="LESSON", show_default=False, help="A lesson's name, or its file.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", show_default=False, help="handout, guesses: the file to write.")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes", help="handout: with the presenter's notes.")] = False,
    language: Annotated[
        str, typer.Option(help="Of the texts; English where they are not translated.")
    ] = "en",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Lessons: files that drive trainings, and compare guesses with what is measured.

    list; check LESSON (runs it, tests what it expects, prints seconds per step); prepare LESSON (trains
    ahead); handout LESSON --out FILE.html; guesses [LESSON] --out FILE.csv (all that were committed).
    """
    if action not in ACTIONS:
        raise BadChoice("action", action, ACTIONS)
    if not lesson and action not in ("list", "guesses"):
        raise BadChoice("lesson", lesson, f"a name or a file: aestudio lesson {action} NAME")
    ACTIONS[action](Chosen(lesson, language, out, overwrite, notes, data_dir, json))

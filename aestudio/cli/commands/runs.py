"""`aestudio runs`: the kept runs and the shipped models, and what may be changed about a kept run."""

from __future__ import annotations

from typing import Annotated

import typer

from aestudio.cli.options import Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_json, print_notice, print_result
from aestudio.cli.run_changes import ACTIONS, change_runs
from aestudio.cli.run_table import row_table, row_to_json, summary
from aestudio.errors import BadChoice
from aestudio.runs.index import list_runs
from aestudio.runs.run_rows import matching_rows, run_rows, sorted_rows


def command(
    action: Annotated[
        str | None,
        typer.Argument(
            metavar="ACTION",
            show_default=False,
            help="rename, note, tag, remove, restore or thin; without one, the runs are listed.",
        ),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="RUN", show_default=False, help="Which run, and its new text or tags."),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            show_default="the newest first",
            help="Order of the list: name, best, size, date or another column; -size: the largest first.",
        ),
    ] = None,
    find: Annotated[
        str, typer.Option(show_default=False, help="List runs with these words only; #word is a tag.")
    ] = "",
    limit: Annotated[
        str | None,
        typer.Option(metavar="MB", show_default="64", help="thin: the room that each run may take."),
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="tag: take these tags away.")] = False,
    json: Json = False,
) -> None:
    """List the kept runs and the shipped models; name, note, tag, remove, restore or thin kept runs.

    rename RUN TITLE; note RUN TEXT ("" for none; without TEXT it is printed); tag RUN TAG ...;
    remove RUN ...; restore RUN ... (without RUN the removed ones are listed); thin [RUN ...] makes
    histories smaller.
    """
    if action is None:
        for name, given in (("--limit", limit is not None), ("--delete", delete)):
            if given:
                raise BadChoice("place of an option", name, f"behind `runs {'thin' if limit else 'tag'}`")
        _list(sort, find, json)
        return
    if action not in ACTIONS:
        raise BadChoice("action", action, ACTIONS)
    if sort is not None or find:
        raise BadChoice(
            "place of an option", "--sort" if sort is not None else "--find", "behind `runs` alone"
        )
    change_runs(action, words or [], limit=limit, delete=delete, json=json)


def _list(sort: str | None, find: str, json: bool) -> None:
    rows = matching_rows(run_rows(list_runs()), find)
    if sort is not None:
        rows = sorted_rows(rows, sort.removeprefix("-"), descending=sort.startswith("-"))
    if json:
        print_json([row_to_json(row) for row in rows])
        return
    print_result(row_table(rows))
    notice = summary(rows)
    if notice:
        print_notice(notice)

"""`aestudio trust`: the user's Python folders with networks and objectives, and which may be loaded.

A command of its own instead of an option of the others: nothing else happens meanwhile, so that a script that
trains cannot allow by the way what nobody has looked at.
"""

from __future__ import annotations

from typing import Annotated

import typer

from aestudio.cli.options import Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_json, print_notice, print_result, print_warning, table
from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.own_parts.answers import answer_about, remember_answer
from aestudio.recipes.own_parts.available import GROUPS
from aestudio.recipes.own_parts.part_folder import PartFolder, folder_names, read_part_folder

_STATES = {True: "allowed", False: "refused", None: "not asked yet"}


def command(
    name: Annotated[
        str | None, typer.Argument(help="Network or objective of yours to allow, as it is now.")
    ] = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead.")] = False,
    json: Json = False,
) -> None:
    """Allow a network or objective in your folder to be loaded; without a name, list them.

    Its Python files can do everything that you can do on this computer: read them first. The answer holds
    until one of its files changes.
    """
    if name is not None:
        remember_answer(_named(name), not refuse)
    elif refuse:
        raise BadChoice("--refuse", "nothing", "the name of a network or objective")
    contents, problems = _all()
    if name is not None:
        contents = [content for content in contents if name in (content.name, content.key)]
    if json:
        print_json([_as_json(content) for content in contents])
    elif contents:
        rows = [
            (content.key, _STATES[answer_about(content)], content.digest[:16], str(content.folder))
            for content in contents
        ]
        print_result(table(rows, ("NAME", "STATE", "DIGEST", "FOLDER")))
    else:
        print_notice("You have no networks or objectives of your own: see docs/own-models.md.")
    for problem in problems:
        print_warning(problem)


def _as_json(content: PartFolder) -> dict[str, object]:
    return {
        "name": content.key,
        "allowed": answer_about(content),
        "digest": content.digest,
        "folder": str(content.folder),
        "files": sorted(content.files),
    }


def _named(name: str) -> PartFolder:
    """The folder of this name; raises BadChoice if there is none, or one of each kind."""
    keys = [f"{group}/{one}" for group in GROUPS for one in folder_names(group)]
    found = [key for key in keys if name in (key, key.partition("/")[2])]
    if len(found) != 1:
        raise BadChoice("network or objective", name, found or keys or "there is none in your folder")
    group, _, one = found[0].partition("/")
    return read_part_folder(group, one)


def _all() -> tuple[list[PartFolder], list[StudioError]]:
    contents: list[PartFolder] = []
    problems: list[StudioError] = []
    for group in GROUPS:
        for name in folder_names(group):
            try:
                contents.append(read_part_folder(group, name))
            except StudioError as problem:
                problems.append(problem)
    return contents, problems

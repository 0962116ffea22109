"""`aestudio desktop`: a Linux desktop has the program in its menu and opens runs by a double click."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from aestudio.cli.desktop_files import install, remove
from aestudio.cli.output import print_result
from aestudio.errors import StudioError


def command(
    remove_files: Annotated[bool, typer.Option("--remove", help="Take the files away again.")] = False,
) -> None:
    """Put the program into the menu of a Linux desktop, and open `.aestudio` files by a double click.

    Writes a desktop entry, a MIME type and an icon into your own folder of shared data; needs no rights.
    """
    if not sys.platform.startswith("linux"):
        raise StudioError(
            "Desktop entries are a thing of Linux and BSD",
            advice="Choose aestudio in Open with, for a file whose name ends in .aestudio.",
        )
    paths = remove() if remove_files else install()
    if not paths:
        print_result("There was nothing to take away.")
        return
    print_result("\n".join(f"{'Removed' if remove_files else 'Wrote'} {path}" for path in paths))

"""`aestudio shot`: a screenshot of the window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from aestudio.cli.options import RunArgument  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_result
from aestudio.errors import BadChoice
from aestudio.runs.index import find_run

# Names of earlier versions, for command lines that use them.
_FORMER_NAMES = {"twins": "compare"}
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")
_SMALLEST, _LARGEST = (640, 480), (7680, 4320)


def views() -> tuple[str, ...]:
    """The names of the window's views: the folders in `gui/views`, looked up without loading Qt."""
    import aestudio

    folders = [Path(part) / "gui" / "views" for part in aestudio.__path__]
    files = [path for folder in folders for path in folder.glob("*/*_view.py")]
    return tuple(sorted(path.parent.name for path in files if path.stem == f"{path.parent.name}_view"))


def command(
    run: RunArgument,
    out: Annotated[Path, typer.Option("--out", help="The .png file to write; an existing file is replaced.")],
    view: Annotated[
        str,
        typer.Option(
            help="The view to show: latent, train, reconstruct, features, compress, compare, network."
        ),
    ] = "latent",
    size: Annotated[str, typer.Option(help="Width x height of the window in pixels.")] = "1600x1000",
    theme: Annotated[str, typer.Option(help="dark or light.")] = "dark",
    digit: Annotated[
        int | None,
        typer.Option(min=0, help="Index of the test image to select; without it the plainest one."),
    ] = None,
) -> None:
    """Save an image of the window with a run in it, and exit."""
    view = _FORMER_NAMES.get(view, view)
    if view not in views():
        raise BadChoice("--view", view, views())
    if theme not in ("dark", "light"):
        raise BadChoice("--theme", theme, ("dark", "light"))
    if out.suffix.lower() != ".png":
        raise BadChoice("--out", str(out), "a file whose name ends in .png")
    width, height = _parsed(size)
    kept = find_run(run)
    from aestudio.gui.app import make_hidden_window
    from aestudio.gui.window.screenshot import take_shot

    take_shot(make_hidden_window(theme=theme), kept, view, width, height, out, digit=digit)
    print_result(str(out))


def _parsed(size: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(size)
    width, height = map(int, match.groups()) if match else (0, 0)
    if not (_SMALLEST[0] <= width <= _LARGEST[0] and _SMALLEST[1] <= height <= _LARGEST[1]):
        low, high = ("{}x{}".format(*bound) for bound in (_SMALLEST, _LARGEST))
        raise BadChoice("--size", size, f"WIDTHxHEIGHT from {low} up to {high}")
    return width, height

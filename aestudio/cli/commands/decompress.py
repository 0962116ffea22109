"""`aestudio decompress`: the pictures of a compressed file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aestudio.cli.images import free_targets
from aestudio.cli.output import print_notice, print_result
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.runs.index import find_run


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A compressed file (.aec).")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the pictures, one PNG file each.")],
    run: Annotated[
        str | None,
        typer.Option(
            "--run",
            show_default=False,
            help="The run that wrote the file, if it is neither among the kept runs nor in the file.",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
) -> None:
    """Write the pictures of a compressed file as PNG files; the model is found by itself."""
    from aestudio.codec.container import read_container

    container = read_container(file)
    digits = len(str(container.count))
    names = [Path(f"{file.stem}-{number:0{digits}}") for number in range(1, container.count + 1)]
    targets = free_targets(names, out, overwrite)

    from aestudio.analysis.image_formats import encoded
    from aestudio.codec.opened_file import decompress
    from aestudio.runs.model_of_file import model_of
    from aestudio.storage.atomic_file import new_file
    from aestudio.training.threads import temporary_threads

    with temporary_threads(1), TerminalProgress() as progress:
        snapshot = model_of(container, file) if run is None else find_run(run).snapshot()
        decoded = decompress(container, snapshot, file, progress)
    for target, picture in zip(targets, decoded.pictures, strict=True):
        with new_file(target) as written:
            written.write(encoded(picture))
    if not decoded.as_written:
        print_notice(
            "The codes are those of the file, but this machine's decoder rounds some pixels to a "
            "neighbouring grey level."
        )
    pictures = "1 picture was" if container.count == 1 else f"{container.count:,} pictures were"
    print_result(f"{pictures} written to {out}")

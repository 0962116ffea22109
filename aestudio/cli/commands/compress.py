"""`aestudio compress`: image files as one compressed file."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from aestudio.cli.condition_options import condition_for
from aestudio.cli.loading import load_for
from aestudio.cli.options import DataDir, DatasetOption, RunArgument  # noqa: TC001 - typer reads them
from aestudio.cli.output import BadUsage, print_result, print_warning
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.cli.written_file import WrittenAs, written_file
from aestudio.datasets.own_picture import BOXED, FITS, read_for_model
from aestudio.errors import BadChoice, StudioError
from aestudio.runs.index import find_run
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from aestudio.codec.container import Container

_SUFFIX = ".aec"


def command(
    run: RunArgument,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Image files of any size.")],
    out: Annotated[Path, typer.Option("--out", help="The compressed file (.aec).")],
    bits: Annotated[
        int | None,
        typer.Option("--bits", show_default=False, help="Round each number of the code to 2^BITS cells."),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option("--rate", show_default=False, help="Bits of the file for each image, at most."),
    ] = None,
    quality: Annotated[
        float | None,
        typer.Option(
            "--quality",
            show_default="50",
            help="1 to 100; at 50, rounding adds as much noise as a variational model was trained with.",
        ),
    ] = None,
    lossless: Annotated[
        bool,
        typer.Option("--lossless", help="Keep every pixel, by bits-back coding; for variational models."),
    ] = False,
    binarise: Annotated[
        bool,
        typer.Option("--binarise", help="Make the images black and white first (grey levels from 128 on)."),
    ] = False,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="Put the model into the file, which opens anywhere then.")
    ] = False,
    fit: Annotated[
        str, typer.Option(help="How images become the model's: auto, digit or whole, as in `reconstruct`.")
    ] = "auto",
    label: Annotated[
        str | None,
        typer.Option(
            "--class", show_default=False, help="The class of the images, for models that are told one."
        ),
    ] = None,
    dataset: DatasetOption = None,
    data_dir: DataDir = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """Write images as one file that `aestudio decompress` opens, and say what each part of it takes."""
    _check(out, overwrite, fit, {"--bits": bits, "--rate": rate, "--quality": quality}, lossless)
    kept = find_run(run)
    snapshot = kept.snapshot(print_warning)
    boxed = kept.require_record().dataset in BOXED
    condition = condition_for(snapshot.architecture, len(images), label, None)
    inputs = [read_for_model(path, fit, boxed, snapshot.data.image).image for path in images]
    data = None if lossless else load_for(kept, dataset, data_dir)

    fineness = {"bits": bits, "rate": rate, "quality": quality}
    chosen = {name: value for name, value in fineness.items() if value is not None}
    how = WrittenAs(None if data is None else data.train, chosen, binarise, condition, with_model)
    with TerminalProgress() as progress:
        container, error = written_file(snapshot, inputs, how, out, progress)
    container.write(out, overwrite)
    _tell(out, container, error)


def _check(out: Path, overwrite: bool, fit: str, fineness: dict[str, float | None], lossless: bool) -> None:
    """Everything that can be wrong before anything is read."""
    given = [name for name, value in fineness.items() if value is not None]
    if len(given) + lossless > 1:
        named = " and ".join([*given, *(["--lossless"] if lossless else [])])
        raise BadUsage(f"{named} exclude each other", advice="Give one of them.")
    if fit not in FITS:
        raise BadChoice("--fit", fit, FITS)
    if out.suffix != _SUFFIX:
        raise BadChoice("--out", str(out), f"a file whose name ends in {_SUFFIX}")
    if is_there(out) and not overwrite:
        raise StudioError(
            "This file already exists", where=str(out), advice="Choose another name, or add --overwrite."
        )


def _tell(out: Path, container: Container, error: float) -> None:
    sizes, count = container.sizes, container.count
    images = "1 image" if count == 1 else f"{count:,} images"
    pictures = sizes.without_model
    print_result(
        f"{out}: {images} in {pictures:,} bytes, {8 * pictures / count:,.1f} bits each; the pixels are "
        f"{8 * container.shape.size:,} bits each"
    )
    lines = {"header and checks": sizes.header, "tables of the coder": sizes.tables, "coded": sizes.coded}
    print_result("\n".join(f"  {name:<20}{size:>10,} bytes" for name, size in lines.items()))
    if sizes.model:
        print_result(f"  {'the model':<20}{sizes.model:>10,} bytes more")
    else:
        print_result("  the model is not in it: to open the file takes the run (or add --with-model)")
    loss = (
        "no pixel is changed"
        if container.kind == "bits-back"
        else f"mean squared error {error:.4g} per pixel"
    )
    print_result(f"Decoded again from the file's content: {loss}.")

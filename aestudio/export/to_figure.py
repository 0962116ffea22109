"""Every plot of a run for a paper, as PDF, SVG and PNG: `--to figure`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aestudio.errors import StudioError
from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.recipes.setting import Settings, setting

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import ImageSet
    from aestudio.export.figure.figure_canvas import Canvas
    from aestudio.progress import Progress

_FORMATS = ("pdf", "svg", "png")


class FigureOptions(Settings):
    """Which plots, and in which formats."""

    plots: Literal[
        "all", "curves", "map", "code use", "reconstructions", "samples", "traversals", "plane"
    ] = setting("all", title="Plots", help="All that the run has, or one kind.")
    formats: Literal["all", "pdf", "svg", "png"] = setting(
        "all",
        title="Formats",
        help="PDF with its typeface embedded, SVG with texts as outlines, PNG at 300 dots per inch.",
    )


def _write(run: ExportedRun, path: Path, options: FigureOptions, progress: Progress) -> str:
    from aestudio.export.figure.figure_canvas import Words
    from aestudio.export.figure.run_figures import KINDS, OF_IMAGES, figures, prepared
    from aestudio.export.typefaces.figure_type import lost_letters
    from aestudio.storage.new_folder import new_folder

    kinds = KINDS if options.plots == "all" else (options.plots,)
    formats = _FORMATS if options.formats == "all" else (options.formats,)
    images, missing = _images(run, options.plots == "all") if set(kinds) & set(OF_IMAGES) else (None, "")
    shown = prepared(run, images, progress)
    written, texts = 0, list[str]()
    with new_folder(path) as folder:
        for name, canvas in figures(shown, kinds):
            texts += [shape.text for shape in canvas.shapes if isinstance(shape, Words)]
            progress(written, None, "Drawing the figures")
            for form in formats:
                (folder / f"{name}.{form}").write_bytes(content(canvas, form))
            written += 1
        if not written:
            raise StudioError(
                "This run has no such plot", where=run.title, advice="Choose another one, or all of them."
            )
    kinds_text = " and ".join(", ".join(form.upper() for form in formats).rsplit(", ", 1))
    lost = lost_letters(texts)
    odd = f' (no typeface here has {lost}: "?" stands for them, or they have no accents)' if lost else ""
    count = "1 figure" if written == 1 else f"{written} figures"
    return f"{count} as {kinds_text}{missing}{odd}"


def _images(run: ExportedRun, optional: bool) -> tuple[ImageSet | None, str]:
    """The test images; without them the plots that need none are written, if all were asked for."""
    try:
        return run.dataset().test, ""
    except StudioError as problem:
        if not optional:
            raise
        return None, f" (none of images: {problem.what})"


def content(canvas: Canvas, form: str) -> bytes:
    """A figure as a file of this format, "pdf", "svg" or "png"."""
    if form == "pdf":
        from aestudio.export.figure.figure_pdf import pdf_data

        return pdf_data(canvas)
    if form == "svg":
        from aestudio.export.figure.figure_svg import svg_data

        return svg_data(canvas)
    from aestudio.export.figure.figure_png import png_data

    return png_data(canvas)


EXPORTER = Exporter(
    name="figure",
    title="Figures for a paper",
    summary="A folder with the plots of the run, light, as PDF, SVG and PNG: curves, map, use of the code, "
    "reconstructions, samples, traversals.",
    suffix="",
    write=_write,
    options=FigureOptions,
)

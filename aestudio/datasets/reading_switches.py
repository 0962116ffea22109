"""The decisions of reading as the user meets them: options of the command line, switches of the preview."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """A decision. field: of `Reading`; title, help: for people; choices: each value and what it means.

    option: on the command line, "--axes"
    """

    field: str
    title: str
    help: str
    choices: tuple[tuple[str | bool, str], ...]
    option: str

    @property
    def option_help(self) -> str:
        """The help of its option, with the values that it takes."""
        values = [str(value) for value, _ in self.choices if not isinstance(value, bool)]
        return f"{self.help}: {', '.join(values[:-1])} or {values[-1]}." if values else f"{self.help}."


SWITCHES = (
    Switch(
        "axes",
        "Axes",
        "Where the number of images stands among the dimensions",
        (
            ("auto", "Automatic"),
            ("first", "Number of images first"),
            ("last", "Number of images last, as MATLAB has it"),
            ("transposed", "Rows and columns exchanged"),
        ),
        "--axes",
    ),
    Switch(
        "values",
        "Values",
        "From which number, black, to which one, white",
        (("auto", "Automatic"), ("own", "From least to greatest"), ("bytes", "From 0 to 255")),
        "--values",
    ),
    Switch(
        "invert",
        "Background",
        "Whether light paper is inverted: models learn light ink on a dark background",
        (("auto", "Automatic"), ("no", "Dark: keep all"), ("yes", "Light: invert all")),
        "--invert",
    ),
    Switch(
        "colour",
        "Colours",
        "Whether colours are turned into grey",
        ((True, "Keep them"), (False, "Turn into grey")),
        "--grey",
    ),
    Switch(
        "labels",
        "Labels",
        "What the classes are taken from",
        (
            ("auto", "Automatic"),
            ("folders", "The folders"),
            ("names", "The first word of the files' names"),
            ("file", "A table or JSON beside them"),
            ("first", "The first of several an image"),
            ("attributes", "All of several, as attributes"),
            ("none", "Leave them out"),
        ),
        "--labels",
    ),
    Switch(
        "frames",
        "Pages",
        "Of files with several pages or frames",
        (("all", "Each is an image"), ("first", "The first of each file")),
        "--frames",
    ),
    Switch(
        "cut",
        "Cut out",
        "Whether each digit on a page is cut out and becomes an image of its own",
        (
            ("auto", "Automatic"),
            ("no", "Each picture is an image"),
            ("digits", "Each digit is an image"),
        ),
        "--cut",
    ),
    Switch(
        "broken",
        "Broken",
        "Whether pictures that cannot be read are left out, if more than a tenth of them are broken",
        (("few", "Left out up to a tenth"), ("any", "All left out")),
        "--broken",
    ),
)


def switch_of(field: str) -> Switch:
    """The switch of this field of `Reading`."""
    return next(switch for switch in SWITCHES if switch.field == field)

"""`aestudio`: opens the window, or runs one command. Problems are one line on stderr, never a traceback.

Exit codes: 0 well, 1 a problem, 2 a bad name or value, 130 stopped by the person.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aestudio import __version__
from aestudio.cli import commands
from aestudio.cli.options import DataDir  # noqa: TC001
from aestudio.cli.output import one_line, say
from aestudio.errors import BadChoice, Cancelled, StudioError

if TYPE_CHECKING:
    from collections.abc import Sequence

PROBLEM, BAD_VALUE, STOPPED = 1, 2, 130
# typer carries its own copy of click in newer versions: its classes are reached through typer's names.
_USAGE: tuple[Any, ...] = tuple(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


def build_app() -> typer.Typer:
    """The command line with every module in `aestudio.cli.commands` as a command of its name."""
    app = typer.Typer(
        name="aestudio", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Autoencoders on handwritten digits: pick one, train it, walk through its latent space. "
        "Without a command the window opens.",
    )  # fmt: skip
    app.callback(invoke_without_command=True)(_window)
    for entry in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{entry.name}")
        app.command(entry.name)(module.command)
    return app


def _window(
    context: typer.Context,
    data_dir: DataDir = None,
    theme: Annotated[str, typer.Option(help="system, dark or light.")] = "system",
    dataset: Annotated[str, typer.Option(help="Digits to begin with: a name or a path.")] = "auto",
    run: Annotated[str | None, typer.Option(help="Run or shipped model to begin with.")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        say(f"aestudio {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        _only_for_the_window(context)
        return
    if theme not in ("system", "dark", "light"):
        raise BadChoice("--theme", theme, ("system", "dark", "light"))
    from aestudio.gui.app import open_window

    raise typer.Exit(open_window(data_dir=data_dir, theme=theme, dataset=dataset, run=run))


def _only_for_the_window(context: typer.Context) -> None:
    """Refuse the window's options before a command, where they would do nothing."""
    for name in ("data_dir", "theme", "dataset", "run"):
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            flag = f"--{name.replace('_', '-')}"
            raise BadChoice("place of an option", flag, f"behind `{context.invoked_subcommand}`")


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    command = typer.main.get_command(build_app())
    try:
        code = command.main(args=list(arguments), prog_name="aestudio", standalone_mode=False)
    except BadChoice as problem:
        return _fail(str(problem), BAD_VALUE)
    except StudioError as problem:
        return _fail(str(problem), PROBLEM)
    except (KeyboardInterrupt, Cancelled, typer.Abort):
        return _fail("Stopped.", STOPPED)
    except BrokenPipeError:
        # Whoever read the output has gone (`| head`): nothing more to say, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except _USAGE as problem:
        return _fail(_usage(problem, command), BAD_VALUE)
    except Exception as problem:
        if os.environ.get("AESTUDIO_DEBUG"):
            raise
        where = "Set AESTUDIO_DEBUG=1 to see where, and please report it."
        return _fail(f"Unexpected problem ({type(problem).__name__}: {problem}). {where}", PROBLEM)
    return code if isinstance(code, int) else 0


def main() -> None:
    """The console entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Greek letters
    sys.exit(run(sys.argv[1:]))


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"aestudio: {one_line(message)}\n")
    return code


def _usage(problem: Any, command: Any) -> str:
    """What was wrong with the command line, and what is allowed there."""
    message = problem.format_message().rstrip()
    context = getattr(problem, "ctx", None)
    kind = type(problem).__name__
    owner = command if context is None else context.command
    if "No such command" in message:
        message = message.partition(" Did you mean")[0]
        return f"{message} Allowed: {', '.join(owner.list_commands(context))}."
    if kind == "NoSuchOption":
        options = [name for parameter in owner.params for name in parameter.opts if name.startswith("--")]
        message = message.partition(" Did you mean")[0].partition(" (Possible")[0].rstrip(".")
        return f"{message}. Allowed: {', '.join([*options, '--help'])}."
    return message

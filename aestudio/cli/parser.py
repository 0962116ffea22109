"""The command-line parser: the window's options, and one command for each module in `commands`."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any, Protocol, runtime_checkable

import typer

from aestudio.cli import commands
from aestudio.cli.before_setup import command_name, with_open
from aestudio.cli.options import DataDir  # noqa: TC001
from aestudio.cli.output import BadUsage, no_such_command, no_such_option, print_result
from aestudio.errors import BadChoice, Cancelled
from aestudio.storage.os_errors import reading
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@runtime_checkable
class _UsageError(Protocol):
    """An error of click about the command line, by click's documented interface.

    typer does not export these classes, and newer versions carry a copy of click of their own.
    """

    exit_code: int

    def format_message(self) -> str: ...


def build_app() -> typer.Typer:
    """The command line with every module in `aestudio.cli.commands` as a command of its name."""
    app = typer.Typer(
        name="aestudio",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Autoencoders on handwritten digits: pick one, train it, explore its latent space. "
        "Without a command, the window opens.",
    )
    app.callback(invoke_without_command=True)(_window)
    for entry in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{entry.name}")
        app.command(command_name(entry.name))(_with_cancelled(module.command))
    return app


def _with_cancelled(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with Ctrl+C as Cancelled: typer would end with 130 and print nothing."""

    @functools.wraps(command)
    def run(**values: Any) -> None:
        try:
            command(**values)
        except KeyboardInterrupt:
            raise Cancelled from None

    return run


def _window(
    context: typer.Context,
    data_dir: DataDir = None,
    theme: Annotated[
        str | None,
        typer.Option(help="Colours of the window: system, dark or light. Usually those of the last time."),
    ] = None,
    dataset: Annotated[str, typer.Option(help="Data set to start with: a name or a path.")] = "auto",
    run: Annotated[
        str | None, typer.Option(help="Run or shipped model to open first. Usually the one shown last.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--open", help="File or folder to open, as in the window; `aestudio FILE` does it, too."
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        print_result(f"aestudio {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        _only_for_the_window(context)
        return
    if theme not in (None, "system", "dark", "light"):
        raise BadChoice("--theme", theme, ("system", "dark", "light"))
    if run is not None:
        from aestudio.runs.index import find_run

        find_run(run)  # the window would open empty, and its first message would be read by nobody
    if file is not None:
        with reading(file):
            file.stat()
    from aestudio.gui.app import open_window

    code = open_window(data_dir=data_dir, theme=theme, dataset=dataset, run=run, file=file)
    raise typer.Exit(code)


def _only_for_the_window(context: typer.Context) -> None:
    """Refuse the window's options before a command, where they would do nothing."""
    flags = {name: f"--{name.replace('_', '-')}" for name in ("data_dir", "theme", "dataset", "run")}
    for name, flag in {**flags, "file": "--open"}.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise BadChoice("place of an option", flag, f"behind `{context.invoked_subcommand}`")


def call(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Raises BadUsage and what the command itself raises."""
    arguments = with_open(arguments)
    command = typer.main.get_command(build_app())
    try:
        code = command.main(args=list(arguments), prog_name="aestudio", standalone_mode=False)
    except typer.Abort:
        raise Cancelled from None
    except SystemExit as end:
        # What typer prints itself (help) met a reader that has gone: it ends the process with 1 then.
        raise BrokenPipeError from end
    except Exception as problem:
        if isinstance(problem, _UsageError):
            raise _usage_error(problem, command) from None
        raise
    return code if isinstance(code, int) else 0


def _usage_error(problem: Any, command: Any) -> BadUsage:
    """The error in the command line, with what is allowed there."""
    message = problem.format_message().rstrip()
    context = getattr(problem, "ctx", None)
    owner = command if context is None else context.command
    if "No such command" in message:
        return no_such_command(message.partition("'")[2].partition("'")[0], owner.list_commands(context))
    if hasattr(problem, "possibilities"):  # of click's errors with it, only this one is left
        options = [name for parameter in owner.params for name in parameter.opts if name.startswith("--")]
        return no_such_option(problem.option_name, options)
    return BadUsage(message.rstrip("."))

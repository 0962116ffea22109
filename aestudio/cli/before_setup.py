"""The command line before its packages are installed: help, version, and errors of usage.

The commands cannot be imported without packages, so their options are read from the text of their files.
Only Python's own library is imported here.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.cli.output import (
    BAD_VALUE,
    PROBLEM,
    BadUsage,
    no_such_command,
    no_such_option,
    print_error,
    print_result,
    table,
)
from aestudio.datasets.reading_switches import switch_of
from aestudio.errors import StudioError
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_HERE = Path(__file__).parent
_HELP = ("-h", "--help")


@dataclass(frozen=True)
class Parameter:
    """An option or an argument of a command.

    names:    its flags, () for an argument
    required: whether the command cannot run without it
    """

    names: tuple[str, ...]
    takes_value: bool
    shown: str
    help: str
    required: bool = False


@dataclass(frozen=True)
class Syntax:
    """The options and arguments of one command. name: "" for the window."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """All its flags."""
        return tuple(name for argument in self.parameters for name in argument.names)

    def option(self, name: str) -> Parameter | None:
        """The option with this flag."""
        return next((argument for argument in self.parameters if name in argument.names), None)


def run_without_packages(arguments: Sequence[str]) -> int | None:
    """Print help, version or an error; returns the exit code, None if the program itself has to run."""
    try:
        text = _text(with_open(arguments))
        if text is not None:
            print_result(text)
    except BadUsage as problem:
        return print_error(problem, BAD_VALUE, arguments)
    except StudioError as problem:
        return print_error(problem, PROBLEM, arguments)
    return None if text is None else 0


def with_open(arguments: Sequence[str]) -> list[str]:
    """The command line with `--open` before a file that stands in place of a command."""
    rest, words = list(arguments), set(command_names())
    for index, argument in enumerate(rest):
        if argument.startswith("-") or (index > 0 and _takes_next(rest[index - 1])):
            continue
        is_file = argument not in words and Path(argument).exists()
        return [*rest[:index], "--open", *rest[index:]] if is_file else rest
    return rest


def _takes_next(argument: str) -> bool:
    """Whether an option of the window takes the word behind it."""
    option = window_syntax().option(argument)
    return option is not None and option.takes_value


def _text(rest: list[str]) -> str | None:
    """The text to print; None if the program itself has to run. Raises BadUsage."""
    owner = window_syntax()
    given: set[str] = set()  # options
    values = 0  # arguments
    while rest:
        argument = rest.pop(0)
        name, equals, _ = argument.partition("=")
        if argument == "--":
            if owner.name:
                return None  # what follows is not an option
            continue  # a command may follow; alone it opens the window, like no argument at all
        if argument in _HELP:
            return _help(owner)
        if argument == "--version" and not owner.name:
            return f"aestudio {__version__}"
        if name.startswith("--"):
            option = _known(owner, name)
            given.update(option.names)
            if option.takes_value and not equals:
                if not rest:
                    raise BadUsage(f"Option '{name}' needs a value")
                del rest[:1]
        elif not owner.name and not argument.startswith("-"):
            owner = _chosen(argument)
        else:
            values += 1
    _check_required(owner, given, values)
    return None


def _check_required(owner: Syntax, given: set[str], values: int) -> None:
    """Raise BadUsage for an argument or option that is missing."""
    needed = [parameter for parameter in owner.parameters if parameter.required]
    arguments = [parameter for parameter in needed if not parameter.names]
    if values < len(arguments):
        raise BadUsage(f"Missing argument '{arguments[values].shown}'")
    for parameter in needed:
        if parameter.names and not given & set(parameter.names):
            raise BadUsage(f"Missing option '{parameter.names[0]}'")


def command_names() -> tuple[str, ...]:
    """The commands, by name: each is a file."""
    return tuple(sorted(command_name(path.stem) for path in (_HERE / "commands").glob("[!_]*.py")))


def command_name(module: str) -> str:
    """The command of a module: `import` is a word of Python's own, so its module is called `import_`."""
    return module.rstrip("_")


def command_syntax(name: str) -> Syntax:
    """The options and arguments of the command of this name, read from its file."""
    paths = (_HERE / "commands" / f"{name}{end}.py" for end in ("", "_"))
    return _read(next(path for path in paths if path.is_file()), "command", name)


def window_syntax() -> Syntax:
    """The options without a command."""
    return _read(_HERE / "parser.py", "_window", "")


def _chosen(argument: str) -> Syntax:
    if argument not in command_names():
        raise no_such_command(argument, command_names())
    return command_syntax(argument)


def _known(owner: Syntax, name: str) -> Parameter:
    option = owner.option(name)
    if option is None:
        raise no_such_option(name, owner.options)
    return option


def _help(owner: Syntax) -> str:
    arguments = "".join(f" {argument.shown}" for argument in owner.parameters if not argument.names)
    called = f"{owner.name} [OPTIONS]{arguments}" if owner.name else "[OPTIONS] [COMMAND]"
    parts = [f"Usage: aestudio {called}", owner.help]
    parts.append(
        table([(argument.shown, argument.help) for argument in owner.parameters], ("OPTION", "MEANING"))
    )
    if not owner.name:
        rows = [(name, command_syntax(name).help.partition("\n")[0]) for name in command_names()]
        parts.append(table(rows, ("COMMAND", "WHAT IT DOES")))
    parts.append("The set-up is not complete yet. Run start.py without --help to complete it.")
    return "\n\n".join(part for part in parts if part)


# ---- reading the files ---------------------------------------------------------------------------


def _read(path: Path, function: str, name: str) -> Syntax:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    shared = _shared()
    parameters: list[Parameter] = []
    optional = len(found.args.args) - len(found.args.defaults)
    for index, argument in enumerate(found.args.args):
        annotation = argument.annotation
        if isinstance(annotation, ast.Name):
            annotation = shared.get(annotation.id)
        if isinstance(annotation, ast.Subscript) and _name_of(annotation.value) == "Annotated":
            parameters.append(replace(_word(argument.arg, annotation), required=index < optional))
    return Syntax(name, ast.get_docstring(found) or _text_of_app(tree), tuple(parameters))


def _shared() -> dict[str, ast.expr]:
    """The annotations that have files of their own, by name: `options.py` and those of one command."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(_HERE.glob("*options.py")))
    assignments = (node for tree in trees for node in tree.body if isinstance(node, ast.Assign))
    return {_name_of(node.targets[0]): node.value for node in assignments}


def _word(parameter: str, annotation: ast.Subscript) -> Parameter:
    """From `Annotated[type, typer.Option("--name", help="...")]`, or with `reading_option("field")`."""
    assert isinstance(annotation.slice, ast.Tuple)
    kind, call = annotation.slice.elts
    assert isinstance(call, ast.Call)
    keywords = {keyword.arg: _constant(keyword.value) for keyword in call.keywords}
    text = keywords.get("help") or ""
    metavar = keywords.get("metavar")
    if _name_of(call.func) == "reading_option":
        switch = switch_of(_constant(call.args[0]))
        value = "" if _name_of(kind) == "bool" else " VALUE"
        return Parameter((switch.option,), bool(value), switch.option + value, switch.option_help)
    if _name_of(call.func) == "Argument":
        return Parameter((), True, metavar or parameter.upper(), text)
    flags = tuple(flag for flag in map(_constant, call.args) if flag.startswith("--"))
    names = flags or (f"--{parameter.replace('_', '-')}",)
    takes_value = _name_of(kind) != "bool"
    value = f" {metavar or 'VALUE'}" if takes_value else ""
    return Parameter(names, takes_value, ", ".join(names) + value, text)


def _text_of_app(tree: ast.Module) -> str:
    """The help of the whole program, which `build_app` passes to typer."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name_of(call.func) == "Typer":
            return next(
                (_constant(argument.value) for argument in call.keywords if argument.arg == "help"), ""
            )
    return ""


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

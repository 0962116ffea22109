"""A command of the window: an untranslated id, typed arguments, translated texts. No Qt.

Menus, shortcuts, the list in Help, the palette, tests and lessons run commands by their id, so that a
translated text or a moved button breaks none of them. Ids are part of the lessons' files: they are not
renamed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aestudio.errors import BadChoice, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Value = bool | int | float | str
_KINDS: dict[type[Value], str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
}


@dataclass(frozen=True)
class Argument:
    """What a command has to be told. default: used if it is left out; None: it must be given."""

    name: str
    kind: type[Value]
    default: Value | None = None

    def checked(self, value: object) -> Value:
        """The value as this argument's kind; a whole number is also a number. Raises BadChoice."""
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, self.kind) or (self.kind is int and isinstance(value, bool)):
            raise BadChoice(self.name, value, _KINDS[self.kind])
        return value


@dataclass(frozen=True)
class Choice:
    """A value that a command can be told now: an entry of its submenu, and one of the palette."""

    value: Value
    text: str
    help: str = ""


def _nothing() -> str:
    return ""


@dataclass(frozen=True)
class Command:
    """One command. It is in a menu if `menu` has a name.

    id:        "training.toggle", never translated and never changed
    text, help: translated; help is one sentence
    act:       is called with the arguments by name
    menu:      the translated name of its menu, "" if it has none; shortcut: as in QKeySequence, "" for none
    alternatives: further shortcuts for the same
    keys_in:   where the shortcuts work: anywhere in the window, in it during a presentation only, in the list
               of runs only (Delete means something else elsewhere), or, for Escape, where no widget uses the
               key itself
    arguments: what `act` must be told; a command with a menu or a shortcut can do without, or has choices
    section:   untranslated; in a menu there is a line between two entries of different sections
    submenu:   the translated name of the submenu that it is in, "" for none
    kind:      what the palette calls it or its choices, translated: "View", "Run"; "" for a command
    checked:   whether it is on, of one that can be on or off
    obstacle:  why it cannot be done now, a translated sentence, "" if it can
    choices:   the values that its only argument can have now
    """

    id: str
    text: str
    help: str
    act: Callable[..., object]
    menu: str = ""
    shortcut: str = ""
    alternatives: tuple[str, ...] = ()
    keys_in: Literal["window", "presentation", "runs", "escape"] = "window"
    arguments: tuple[Argument, ...] = field(default=())
    section: str = ""
    submenu: str = ""
    kind: str = ""
    checked: Callable[[], bool] | None = None
    obstacle: Callable[[], str] = _nothing
    choices: Callable[[], Sequence[Choice]] | None = None

    @property
    def all_shortcuts(self) -> tuple[str, ...]:
        """The shortcut and its alternatives; () without one."""
        return (self.shortcut, *self.alternatives) if self.shortcut else ()

    @property
    def complete(self) -> bool:
        """Whether it needs to be told nothing."""
        return all(argument.default is not None for argument in self.arguments)

    def chosen(self, choice: Choice) -> dict[str, Value]:
        """The arguments that tell it this choice."""
        return {self.arguments[0].name: choice.value}

    def run(self, **values: object) -> None:
        """Do it. Raises BadChoice for an argument that is unknown or of another kind, StudioError if one
        is missing."""
        known = {argument.name: argument for argument in self.arguments}
        for name in values:
            if name not in known:
                raise BadChoice(f"argument of {self.id}", name, known or "no argument")
        taken: dict[str, Value] = {}
        for name, argument in known.items():
            if name in values:
                taken[name] = argument.checked(values[name])
            elif argument.default is None:
                raise StudioError(f"The command {self.id} needs to be told its {name}", where=self.id)
            else:
                taken[name] = argument.default
        self.act(**taken)


class CommandTable(Mapping[str, Command]):
    """Every command by its id, in the order of the menus."""

    def __init__(self, commands: Iterable[Command]) -> None:
        """Raises ValueError if two commands have the same id or the same shortcut."""
        self._commands: dict[str, Command] = {}
        shortcuts: dict[str, str] = {}
        for command in commands:
            if command.id in self._commands:
                raise ValueError(f"two commands are called {command.id}")
            for keys in command.all_shortcuts:
                if shortcuts.setdefault(keys, command.id) != command.id:
                    raise ValueError(f"{command.id} and {shortcuts[keys]} have the same shortcut")
            self._commands[command.id] = command

    def run(self, name: str, /, **values: object) -> None:
        """Run the command of this id; raises as `Command.run`, and BadChoice for an unknown id."""
        if name not in self._commands:
            raise BadChoice("command", name, self._commands)
        self._commands[name].run(**values)

    def __getitem__(self, name: str) -> Command:
        return self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._commands)

    def __len__(self) -> int:
        return len(self._commands)

"""Commands by id: arguments are checked, ids and shortcuts belong to one command."""

from __future__ import annotations

import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.window.commands.command import Argument, Command, CommandTable


def command(name: str, told: list[dict[str, object]], *arguments: Argument, shortcut: str = "") -> Command:
    return Command(
        name, "Text", "Help.", lambda **values: told.append(values), shortcut=shortcut, arguments=arguments
    )


def test_a_command_is_told_its_arguments_by_name() -> None:
    told: list[dict[str, object]] = []
    both = Argument("index", int), Argument("value", float, 0.5)
    table = CommandTable([command("slider.move", told, *both)])
    table.run("slider.move", index=3)
    table.run("slider.move", index=3, value=2)
    assert told == [{"index": 3, "value": 0.5}, {"index": 3, "value": 2.0}]
    assert isinstance(told[1]["value"], float)


@pytest.mark.parametrize(
    ("kind", "value"), [(int, 1.5), (int, True), (int, "1"), (float, "1"), (float, True), (str, 1), (bool, 1)]
)
def test_another_kind_of_value_is_refused(kind: type, value: object) -> None:
    told: list[dict[str, object]] = []
    table = CommandTable([command("a.b", told, Argument("x", kind))])
    with pytest.raises(BadChoice, match="x cannot be"):
        table.run("a.b", x=value)
    assert told == []


def test_a_missing_argument_an_unknown_one_and_an_unknown_command_are_refused() -> None:
    told: list[dict[str, object]] = []
    table = CommandTable([command("a.b", told, Argument("x", int)), command("a.c", told)])
    with pytest.raises(StudioError, match=r"a\.b needs to be told its x"):
        table.run("a.b")
    with pytest.raises(BadChoice, match="no argument"):
        table.run("a.c", y=1)
    with pytest.raises(BadChoice, match=r"a\.b, a\.c"):
        table.run("a.d")
    assert told == []


def test_ids_and_shortcuts_belong_to_one_command() -> None:
    with pytest.raises(ValueError, match=r"two commands are called a\.b"):
        CommandTable([command("a.b", []), command("a.b", [])])
    with pytest.raises(ValueError, match="same shortcut"):
        CommandTable([command("a.b", [], shortcut="F1"), command("a.c", [], shortcut="F1")])

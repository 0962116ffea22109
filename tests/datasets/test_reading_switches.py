"""Options of the command line and boxes of the preview are one declaration, with every value that is read."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any, get_type_hints

import pytest

from aestudio.cli.commands import datasets, train
from aestudio.datasets.reading import CHOICES, Reading
from aestudio.datasets.reading_switches import SWITCHES, Switch


def test_every_decision_has_a_switch_with_every_value() -> None:
    fields = {field.name for field in dataclasses.fields(Reading)} - {"image", "rules"}
    assert {switch.field for switch in SWITCHES} == fields
    for switch in SWITCHES:
        values = tuple(value for value, _ in switch.choices)
        assert set(values) == set(CHOICES.get(switch.field, (True, False)))
        assert values[0] == getattr(Reading(), switch.field)


@pytest.mark.parametrize("command", [datasets.command, train.command])
@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.field)
def test_every_switch_is_an_option(command: Any, switch: Switch) -> None:
    options = {}
    for name, hint in get_type_hints(command, include_extras=True).items():
        for option in getattr(hint, "__metadata__", ()):
            names = (getattr(option, "default", ""), *(getattr(option, "param_decls", None) or ()))
            options |= {written: (name, option.help) for written in names if isinstance(written, str)}
    name, text = options[switch.option]
    assert text == switch.option_help
    assert inspect.signature(command).parameters[name].default in (getattr(Reading(), switch.field), False)

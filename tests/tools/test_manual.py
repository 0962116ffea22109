"""The manual says what is there: its pictures, command lines, menus and keys exist."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import numpy as np
import pytest
import typer
from PIL import Image
from PySide6.QtGui import QKeySequence

from aestudio.cli.parser import build_app
from aestudio.gui.views.tab import ViewTab, discover
from aestudio.gui.window.commands.table import window_commands
from tools.manual_pictures import MANUAL, MOST_BYTES, pack, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.window.commands.command import CommandTable

TEXT = MANUAL.read_text(encoding="utf-8")
FENCE = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMANDS = [line for block in FENCE.findall(TEXT) for line in block.splitlines()]
# A name in bold with > in it is a menu entry, and keys in code that follow it, in brackets, are its keys.
ENTRY = re.compile(r"\*\*(\w+) > ([^*]+)\*\*(?: \(`([^`]+)`\))?")
SINGLE_KEYS = re.compile(r"`(F\d+|Esc|PgDown|PgUp|B|(?:Ctrl|Alt|Shift)\+[^`]+)`")


@pytest.fixture(scope="module")
def table(qapp: object) -> CommandTable:
    """The commands of a window that nobody opens: only their names, menus and keys count."""
    window = MagicMock()
    window.views.known = {view.name: view for view in discover(ViewTab)}
    return window_commands(window)


def test_every_picture_has_its_command_and_is_as_that_says() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", TEXT)
    made = pictures()
    assert shown == [picture.path.name for picture in made], "with a description, and a command below"
    assert len(shown) >= 8
    for picture in made:
        assert picture.out == picture.path
        assert picture.path.stat().st_size < MOST_BYTES, picture.path.name
        with Image.open(picture.path) as image:
            assert image.format == "PNG"
            assert image.size == picture.size, picture.path.name


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_line_is_understood(line: str) -> None:
    """It is parsed, and not carried out."""
    program, *arguments = shlex.split(line, comments=True)
    assert program == "aestudio"
    group = typer.main.get_command(build_app())
    command = group.commands[arguments[0]]  # type: ignore[attr-defined]
    context = command.make_context(arguments[0], arguments[1:])
    assert context.params


def test_every_menu_entry_and_its_keys_exist(table: CommandTable) -> None:
    known = {
        tuple(part.replace("&", "") for part in (one.menu, one.submenu, one.text) if part): one
        for one in table.values()
        if one.menu
    }
    entries = ENTRY.findall(TEXT)
    assert len(entries) > 30
    for menu, names, keys in entries:
        path = (menu, *names.split(" > "))
        assert path in known, path
        if keys:
            assert keys in known[path].all_shortcuts, (path, keys)
    assert {menu for menu, _, _ in entries} == {path[0] for path in known}, "each menu is mentioned"


def test_every_key_exists(table: CommandTable) -> None:
    known = {QKeySequence(keys).toString() for one in table.values() for keys in one.all_shortcuts}
    found = SINGLE_KEYS.findall(TEXT)
    assert len(found) > 20
    assert {QKeySequence(keys).toString() for keys in found} <= known


def test_a_picture_is_packed_without_another_look(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    noise[10:] = (20, 90, 200)
    Image.fromarray(noise).save(path)
    before = path.stat().st_size
    pack(path)
    assert path.stat().st_size < before
    with Image.open(path) as packed:
        pixels = np.asarray(packed.convert("RGB")).astype(int)
    assert pixels.shape == noise.shape
    assert np.abs(pixels - noise).mean() < 8
    assert (pixels[10:] == noise[10:]).all()


def test_a_name_that_is_not_there_is_noticed(table: CommandTable) -> None:
    """The tests above would see it."""
    assert ENTRY.findall("**Edit > Nothing** (`Ctrl+J`)") == [("Edit", "Nothing", "Ctrl+J")]
    assert "Ctrl+J" not in {keys for one in table.values() for keys in one.all_shortcuts}

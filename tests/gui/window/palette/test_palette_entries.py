"""The entries of the palette follow from the table of commands."""

from __future__ import annotations

from aestudio.gui.window.commands.command import Argument, Choice, Command
from aestudio.gui.window.palette.palette_entries import matching, palette_entries


def command(name: str, text: str, **others: object) -> Command:
    return Command(name, text, f"{text} help.", lambda **_: None, **others)  # type: ignore[arg-type]


COMMANDS = (
    command("file.open", "&Open ...", shortcut="Ctrl+O"),
    command("image.select", "Select", arguments=(Argument("index", int),)),
    command("training.step", "Step", arguments=(Argument("phase", str, ""),), obstacle=lambda: "Not now."),
    command(
        "recipe.choose",
        "Take a recipe",
        arguments=(Argument("name", str),),
        kind="Recipe",
        choices=lambda: (Choice("vae", "VAE", "The classic."), Choice("ae", "Plain autoencoder")),
    ),
    command("view.next", "Next", shortcut="PgDown", keys_in="presentation"),
    command("window.escape", "Leave", shortcut="Esc", keys_in="escape"),
)


def test_what_must_be_told_something_is_there_once_for_each_choice_or_not_at_all() -> None:
    entries = palette_entries(COMMANDS, presentation=False)
    assert [(entry.text, entry.kind) for entry in entries] == [
        ("Open", "Command"),
        ("Step", "Command"),
        ("VAE", "Recipe"),
        ("Plain autoencoder", "Recipe"),
    ]
    assert [entry.key for entry in entries[2:]] == ["recipe.choose vae", "recipe.choose ae"]
    assert entries[2].values == {"name": "vae"}
    assert (entries[2].help, entries[1].obstacle, entries[0].keys) == ("The classic.", "Not now.", "Ctrl+O")


def test_the_keys_of_a_presenter_are_offered_in_a_presentation() -> None:
    assert "Next" in [entry.text for entry in palette_entries(COMMANDS, presentation=True)]


def test_recent_entries_come_first_and_among_equal_matches() -> None:
    entries = palette_entries(COMMANDS, presentation=False)
    recent = ("recipe.choose ae", "training.step", "gone.command")
    assert [entry.text for entry in matching(entries, "", recent)] == [
        "Plain autoencoder",
        "Step",
        "Open",
        "VAE",
    ]
    assert [entry.text for entry in matching(entries, "recipe", recent)] == ["Plain autoencoder", "VAE"]
    # A better match is not pushed down by a recent one.
    assert [entry.text for entry in matching(entries, "vae", ("recipe.choose ae",))] == ["VAE"]
    assert matching(entries, "no such thing", recent) == ()

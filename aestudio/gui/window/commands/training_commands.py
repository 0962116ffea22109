"""The Training menu, and what a recipe, the data and the training can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.datasets.catalogue import dataset_menu
from aestudio.errors import BadChoice
from aestudio.gui.state.next_training import set_up_recipe
from aestudio.gui.state.slow_motion import no_slow_motion
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.window.commands.command import Argument, Choice, Command
from aestudio.gui.window.commands.obstacles import no_comparison, no_step, no_training
from aestudio.gui.window.commands.queue_commands import queue_commands
from aestudio.gui.window.commands.sabotage_commands import sabotage_commands
from aestudio.gui.window.commands.sweep_commands import sweep_commands
from aestudio.recipes.setting import parse

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.runs.index import KeptRun


def training_commands(window: CommandTarget) -> tuple[Command, ...]:
    """What is trained, and the buttons of the training."""
    translate = QCoreApplication.translate
    menu = translate("commands", "&Training")
    session = window.session
    control = session.training
    return (
        Command(
            "recipe.gallery",
            translate("commands", "Choose a recipe ..."),
            translate("commands", "Opens the gallery of recipes."),
            window.left.recipe.open_gallery,
            menu=menu,
            shortcut="Ctrl+G",
            section="recipe",
        ),
        Command(
            "training.toggle",
            translate("commands", "Start, pause or resume"),
            translate("commands", "Starts the recipe on the left; pauses and continues it exactly."),
            control.toggle,
            menu=menu,
            shortcut="Ctrl+Return",
            section="training",
        ),
        Command(
            "training.step",
            translate("commands", "Single step"),
            translate("commands", "Does one step of the optimiser and pauses."),
            control.step,
            menu=menu,
            shortcut="Ctrl+.",
            section="training",
            obstacle=lambda: no_step(session.state),
            arguments=(Argument("phase", str, ""),),
        ),
        _phase_step(window, menu),
        _slow_motion(window, menu),
        Command(
            "training.stop",
            translate("commands", "Stop"),
            translate("commands", "Ends the training; the run is kept."),
            control.stop,
            menu=menu,
            shortcut="Ctrl+Shift+S",
            section="training",
            obstacle=lambda: no_training(session.state),
        ),
        _show_training(window, menu),
        Command(
            "training.reset",
            translate("commands", "Reset to the initial weights"),
            translate("commands", "The same initial weights and order of images again, from the seed."),
            control.reset,
            menu=menu,
            shortcut="Ctrl+R",
            section="training",
        ),
        *queue_commands(window, menu),
        *sweep_commands(window, menu),
        *sabotage_commands(window, menu),
        *_chosen_commands(window),
        *_comparison_commands(window),
    )


def _phase_step(window: CommandTarget, menu: str) -> Command:
    translate = QCoreApplication.translate
    session = window.session

    def choices() -> tuple[Choice, ...]:
        text = translate("commands", "One step of: {}")
        phases = session.state.recipe.objective.phases()
        return tuple(Choice(phase.name, text.format(one_line(phase.title))) for phase in phases)

    def obstacle() -> str:
        if len(session.state.recipe.objective.phases()) < 2:
            return translate("commands", "A step of this recipe has a single phase.")
        return no_step(session.state)

    return Command(
        "training.step_phase",
        translate("commands", "Step of one phase"),
        translate("commands", "Does one step of a single phase, as of the critic of a GAN, and pauses."),
        session.training.step,
        menu=menu,
        submenu=translate("commands", "Step of one phase"),
        section="training",
        arguments=(Argument("phase", str),),
        obstacle=obstacle,
        choices=choices,
    )


def _slow_motion(window: CommandTarget, menu: str) -> Command:
    translate = QCoreApplication.translate
    session = window.session
    return Command(
        "training.slow_motion",
        translate("commands", "Next step in slow motion ..."),
        translate("commands", "Shows the next step part by part, from the batch to the update."),
        lambda: window.dialogs.show_slow_motion(),
        menu=menu,
        shortcut="Ctrl+Shift+M",
        section="training",
        obstacle=lambda: no_slow_motion(session.state),
    )


def _show_training(window: CommandTarget, menu: str) -> Command:
    translate = QCoreApplication.translate
    session = window.session

    def shown_already() -> str:
        hidden = session.state.hidden_training is not None
        return "" if hidden else translate("commands", "No training is hidden behind another run.")

    return Command(
        "training.show",
        translate("commands", "Show the training"),
        translate("commands", "Back from another run to the training that goes on meanwhile."),
        session.runs.show_training,
        menu=menu,
        shortcut="Ctrl+T",
        section="training",
        obstacle=shown_already,
    )


def _chosen_commands(window: CommandTarget) -> tuple[Command, ...]:
    """What has no place in a menu, because it must be told something."""
    translate = QCoreApplication.translate
    session = window.session

    def choose_recipe(name: str) -> None:
        recipes = {recipe.name: recipe for recipe in session.state.recipes}
        if name not in recipes:
            raise BadChoice("recipe", name, recipes)
        session.recipe.choose_recipe(recipes[name])
        if set_up_recipe(session.state).name == name:  # otherwise a message says why it is refused
            text = translate("commands", "The next training: {}.")
            session.show_message(text.format(one_line(recipes[name].title)))

    def recipe_choices() -> tuple[Choice, ...]:
        return tuple(
            Choice(recipe.name, one_line(recipe.title), recipe.purpose) for recipe in session.state.recipes
        )

    def run_choices() -> tuple[Choice, ...]:
        return tuple(_run_choice(run) for run in session.state.runs)

    def data_choices() -> tuple[Choice, ...]:
        return tuple(Choice(name, title, summary) for name, title, summary in dataset_menu())

    def change_setting(name: str, value: str) -> None:
        session.recipe.set_values({name: parse(set_up_recipe(session.state).info(name), value)})

    return (
        Command(
            "recipe.choose",
            translate("commands", "Take a recipe"),
            translate("commands", "Takes the recipe of this name, with its own settings."),
            choose_recipe,
            arguments=(Argument("name", str),),
            kind=translate("commands", "Recipe"),
            choices=recipe_choices,
        ),
        Command(
            "recipe.set",
            translate("commands", "Change a setting"),
            translate("commands", "Changes a setting of the recipe, written as on the command line."),
            change_setting,
            arguments=(Argument("name", str), Argument("value", str)),
        ),
        Command(
            "data.choose",
            translate("commands", "Load a data set"),
            translate("commands", "Loads the data set of this name, or of this folder."),
            session.data.choose,
            arguments=(Argument("name_or_path", str),),
            kind=translate("commands", "Data set"),
            choices=data_choices,
        ),
        Command(
            "run.open",
            translate("commands", "Open a run"),
            translate("commands", "Shows a kept run or a shipped model exactly as it was."),
            session.runs.open,
            arguments=(Argument("wanted", str),),
            kind=translate("commands", "Run"),
            choices=run_choices,
        ),
    )


def _comparison_commands(window: CommandTarget) -> tuple[Command, ...]:
    """What is planned and trained in the Compare view."""
    translate = QCoreApplication.translate
    session = window.session
    return (
        Command(
            "comparison.toggle",
            translate("commands", "Start, pause or resume the comparison"),
            translate("commands", "Trains the planned runs step by step together."),
            lambda: session.training.toggle(group="comparison"),
        ),
        Command(
            "comparison.step",
            translate("commands", "Single step of the comparison"),
            translate("commands", "Does one step of each compared run and pauses."),
            lambda phase: _step_of_comparison(window, phase),
            obstacle=lambda: no_step(session.state, "comparison"),
            arguments=(Argument("phase", str, ""),),
        ),
        Command(
            "comparison.stop",
            translate("commands", "Stop the comparison"),
            translate("commands", "Ends the compared runs; each of them is kept."),
            lambda: session.training.stop(group="comparison"),
            obstacle=lambda: no_comparison(session.state),
        ),
        Command(
            "comparison.choose",
            translate("commands", "Compare another setting"),
            translate("commands", "Plans runs that differ in the setting of this name."),
            session.comparison.choose_difference,
            arguments=(Argument("name", str),),
        ),
    )


def _step_of_comparison(window: CommandTarget, phase: str) -> None:
    session, before = window.session, window.session.state.message
    session.training.step(phase, group="comparison")
    if window.views.front_name != "compare" and session.state.message is before:
        text = QCoreApplication.translate("commands", "The compared runs do a step: they are in Compare.")
        session.show_message(text)


def _run_choice(run: KeptRun) -> Choice:
    """A run by its folder: several may have the same title, and are told apart by their date."""
    text, record = one_line(run.title), run.record
    if record is None:
        return Choice(str(run.folder), text, one_line(str(run.problem)))
    if not run.shipped and run.title != run.name:
        text = f"{text}, {record.created.astimezone():%Y-%m-%d %H:%M}"
    on = QCoreApplication.translate("commands", "{} on {}")
    return Choice(
        str(run.folder), text, on.format(record.recipe.title, record.dataset_title or record.dataset)
    )

"""The View menu: tabs, panels, sidebars, theme."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication

from aestudio.gui.theme.holder import theme_for
from aestudio.gui.views.tab import PanelTab, discover
from aestudio.gui.window.commands.command import Argument, Command
from aestudio.gui.window.commands.text_size_commands import text_size_commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.theme.schemes import Scheme
    from aestudio.gui.window.commands.target import CommandTarget


translate = QCoreApplication.translate


def view_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Views and panels, sidebars and presentation, size of the text, theme and ink on paper."""
    menu = translate("commands", "&View")
    return (
        *_views(window, menu),
        *_panels(window, menu),
        *_layout(window, menu),
        *text_size_commands(window, menu),
        _curves(window, menu),
        *_colours(window, menu),
    )


def _views(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """One for each view, and one that is told the name."""

    def in_front(name: str) -> Callable[[], bool]:
        return lambda: window.views.front_name == name

    show = Command(
        "view.show",
        translate("commands", "Show a view"),
        translate("commands", "Brings the view of this name to the front."),
        window.show_view,
        arguments=(Argument("name", str),),
    )
    tabs = tuple(
        Command(
            f"view.{name}",
            view.title(),
            view.help(),
            partial(window.show_view, name),
            menu=menu,
            shortcut=view.keys(index),
            section="views",
            kind=translate("commands", "View"),
            checked=in_front(name),
        )
        for index, (name, view) in enumerate(window.views.known.items())
    )
    return (*tabs, show)


def _panels(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """One for each panel of the Latent view, and for all; each shows that view first."""
    title, submenu = translate("help", "Latent: {}"), translate("commands", "Panels of the Latent view")

    def show(act: Callable[[], None]) -> None:
        act()
        reason = window.views.reason
        if reason is not None:  # the view says it, too, but may have said so before the key was pressed
            window.session.show_message(reason.sentence)

    panels = tuple(
        Command(
            f"panel.{panel.name.replace(' ', '_')}",
            title.format(panel.title()),
            panel.help(),
            partial(show, partial(window.show_panel, panel.name)),
            menu=menu,
            submenu=submenu,
            shortcut=panel.keys(index),
            section="views",
            kind=translate("commands", "Panel"),
        )
        for index, panel in enumerate(discover(PanelTab))
    )
    drawer = Command(
        "panel.drawer",
        translate("commands", "Open or close the panels"),
        translate("commands", "Opens the Latent view with its panels, or closes them."),
        partial(show, window.toggle_panels),
        menu=menu,
        submenu=submenu,
        shortcut="Alt+0",
        section="views",
    )
    return (*panels, drawer)


def _layout(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """Which parts of the window are shown."""
    return (
        Command(
            "window.left_sidebar",
            translate("commands", "Recipe sidebar"),
            translate("commands", "Opens or folds the left sidebar: the recipe of the next training."),
            lambda: window.toggle_sidebar(window.left),
            menu=menu,
            shortcut="Ctrl+B",
            section="parts",
            checked=lambda: window.is_open(window.left),
        ),
        Command(
            "window.right_sidebar",
            translate("commands", "Inspector"),
            translate("commands", "Opens or folds the right sidebar: the inspector and the kept runs."),
            lambda: window.toggle_sidebar(window.right),
            menu=menu,
            shortcut="Ctrl+I",
            section="parts",
            checked=lambda: window.is_open(window.right),
        ),
        Command(
            "window.runs",
            translate("commands", "Kept runs"),
            translate("commands", "Opens the right sidebar at the list of kept runs."),
            window.show_runs,
            menu=menu,
            section="parts",
        ),
        Command(
            "runs.all",
            translate("commands", "All runs ..."),
            translate("commands", "Opens the table of all kept runs: find, sort, name, compare, remove."),
            window.show_all_runs,
            menu=menu,
            shortcut="Ctrl+Shift+R",
            section="parts",
        ),
        Command(
            "window.presentation",
            translate("commands", "Presentation: the view alone"),
            translate("commands", "The view fills the screen, with larger fonts; again or Escape to return."),
            window.toggle_presentation,
            menu=menu,
            shortcut="F11",
            section="presentation",
            checked=lambda: window.session.state.presentation,
        ),
        *_presentation(window),
    )


def _presentation(window: CommandTarget) -> tuple[Command, ...]:
    """The keys of a presenter remote, and what leaves the presentation."""
    return (
        Command(
            "view.next",
            translate("commands", "Presentation: next view"),
            translate("commands", "As the forward key of a presenter remote."),
            partial(window.turn_view, 1),
            shortcut="PgDown",
            keys_in="presentation",
        ),
        Command(
            "view.previous",
            translate("commands", "Presentation: previous view"),
            translate("commands", "As the back key of a presenter remote."),
            partial(window.turn_view, -1),
            shortcut="PgUp",
            keys_in="presentation",
        ),
        Command(
            "window.blank",
            translate("commands", "Presentation: blank the screen"),
            translate("commands", "Makes the screen black, and shows it again."),
            window.toggle_blank,
            shortcut="B",
            alternatives=(".",),
            keys_in="presentation",
        ),
        Command(
            "window.escape",
            translate("commands", "Leave the presentation"),
            translate("commands", "Leaves the presentation, a blank screen or a sidebar over the view."),
            window.escape,
            shortcut="Esc",
            keys_in="escape",
        ),
    )


def _curves(window: CommandTarget, menu: str) -> Command:
    """What all plots of curves have in common."""
    session = window.session

    def switch() -> None:
        on = not session.state.clip_outliers
        session.update(clip_outliers=on)
        session.show_message(
            translate("commands", "Outliers of curves are clipped; triangles at the edge stand for them.")
            if on
            else translate("commands", "Curves are shown with their outliers.")
        )

    return Command(
        "curves.clip_outliers",
        translate("commands", "Clip outliers of curves"),
        translate(
            "commands", "The range of each plot leaves spikes out; points outside are marked at its edge."
        ),
        switch,
        menu=menu,
        section="curves",
        checked=lambda: session.state.clip_outliers,
    )


def _colours(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """The theme, and how grey images are drawn."""
    session = window.session

    def choose(scheme: str) -> None:
        theme_for(scheme)  # raises BadChoice
        if window.theme_holder is not None:
            window.theme_holder.set_scheme(cast("Scheme", scheme))
            session.update(theme=scheme)

    def switch_ink() -> None:
        on = not session.state.ink_on_paper
        session.update(ink_on_paper=on)
        session.show_message(
            translate("commands", "Grey images are drawn black on white.")
            if on
            else translate("commands", "Grey images are drawn white on black.")
        )

    def theme(scheme: str, text: str, help_text: str) -> Command:
        def chosen() -> bool:
            return window.theme_holder is not None and window.theme_holder.scheme == scheme

        act = partial(choose, scheme)
        kind = translate("commands", "Theme")
        return Command(
            f"theme.{scheme}",
            text,
            help_text,
            act,
            menu=menu,
            section="colours",
            kind=kind,
            checked=chosen,
        )

    return (
        theme("dark", translate("commands", "Dark"), translate("commands", "Light on dark.")),
        theme("light", translate("commands", "Light"), translate("commands", "Dark on light.")),
        theme(
            "system",
            translate("commands", "As the system"),
            translate("commands", "Follows the system's colour scheme."),
        ),
        Command(
            "images.ink_on_paper",
            translate("commands", "Ink on paper"),
            translate("commands", "Grey images black on white instead of white on black."),
            switch_ink,
            menu=menu,
            shortcut="Ctrl+Shift+I",
            section="images",
            checked=lambda: session.state.ink_on_paper,
        ),
        Command(
            "theme.choose",
            translate("commands", "Theme"),
            translate("commands", "Dark, light, or as the system."),
            choose,
            arguments=(Argument("scheme", str),),
        ),
    )

"""The recipe: its title (a click opens the gallery), diagram, network, objective, and all settings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from aestudio.errors import StudioError
from aestudio.gui.controllers.memory_check import chosen_device, is_gpu, memory_of, memory_problem
from aestudio.gui.state.next_training import as_set_up, set_up_recipe
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import keep_length, set_role
from aestudio.gui.widgets.architecture_diagram import ArchitectureDiagram
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.folded_settings import SettingGroup
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.offer import Entry
from aestudio.gui.widgets.plain_text import PlainLabel, one_line
from aestudio.gui.widgets.scroll_column import ScrollColumn
from aestudio.gui.widgets.setting_form import SettingForm, reason_of
from aestudio.gui.widgets.text_question import ask_text
from aestudio.gui.window.sidebars.augmentation_preview import AugmentationPreview
from aestudio.gui.window.sidebars.phase_facts import phase_lines
from aestudio.memory import in_words
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.memory_estimate import memory_needed
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import Part, discover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.gallery import Gallery
    from aestudio.recipes.recipe import Recipe

_LONGEST, _SHORTEST = 36, 8  # characters of a title, and of what is shown of it at least


class RecipeBox(QWidget):
    """The form is created again only if the kind of network or objective changes.

    vary_wanted(name): a setting is to vary in a sweep
    """

    vary_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = Shown()
        self._kinds: tuple[str, str] = ("", "")
        self._subject: tuple[str, str] = ("", "")
        self._showing = False
        self._pending: dict[str, Any] = {}  # changes that do not fit the other settings yet
        self.form: SettingForm | None = None
        self._gallery: Gallery | None = None
        self._own: object = None
        self.choose = TextButton("layers", "", tip=self.tr("Opens the gallery of recipes (Ctrl+G)"), role="")
        self.choose.clicked.connect(self.open_gallery)
        self.diagram = ArchitectureDiagram()
        self.diagram.figure = self._diagram_on_paper
        keep_length(self.diagram, lambda diagram, theme: diagram.setFixedHeight(theme.px(92)))
        self.facts = PlainLabel()
        self.facts.setWordWrap(True)
        set_role(self.facts, "caption")
        self.network = self._part_box(networks.PACKAGE, Network, self.tr("Network"))
        self.objective = self._part_box(objectives.PACKAGE, Objective, self.tr("Objective"))
        self.preview = AugmentationPreview(self)  # its form is made later, maybe never
        self.preview.wanted.connect(self._request_preview)
        self.network.chosen.connect(self._choose_network)
        self.objective.chosen.connect(self._choose_objective)
        session.starting.connect(self._finish)
        session.changed.connect(self._update_gallery)
        self._lay_out()

    def _part_box(self, package: str, base: type[Part], name: str) -> ChoiceBox:
        # A long title of a user's own part is elided, whole in the tooltip: the sidebar keeps its width.
        return ChoiceBox(name, entries=_titles(discover(package, base)), characters=_SHORTEST)

    def _diagram_on_paper(self) -> Callable[[str], bytes]:
        from aestudio.gui.widgets.paper import widget_on_paper  # imports what only files need

        return widget_on_paper(self.diagram)

    def _add_own_parts(self, state: StudioState) -> None:
        """Offer the user's own networks and objectives after the shipped ones."""
        bases: tuple[tuple[ChoiceBox, str, type[Part]], ...] = (
            (self.network, networks.PACKAGE, Network),
            (self.objective, objectives.PACKAGE, Objective),
        )
        for box, package, base in bases:
            box.set_entries(_titles({**discover(package, base), **state.own.parts.get(package, {})}))
        self._show_parts(state.recipe)

    def _lay_out(self) -> None:
        # The titles of the objectives are long: their box has the whole width, below its label.
        objective = label(self.objective.accessibleName())
        objective.setBuddy(self.objective)
        parts = column(
            row(label(self.network.accessibleName()), fill(self.network)), objective, self.objective, gap=4
        )
        # All but the title scrolls together: in a low window the settings alone would have no space.
        self._scroll = ScrollColumn(self.diagram, self.facts, parts, fill())
        column(self.choose, fill(self._scroll), gap=6, on=self)

    def _reveal(self, group: int) -> None:
        """Scroll a group of settings into view that was unfolded, or as much of it as fits."""
        if self.form is not None:
            self._scroll.reveal(self.form, partial(self.form.group_area, group))

    def show_invalid(self) -> None:
        """Go to the first field with an invalid value, and select its text."""
        if self.form is None or not self.form.invalid:
            return
        name = next(iter(self.form.invalid))
        self._scroll.reveal(self.form, partial(self.form.reveal, name))
        stop = self.form.row(name).tab_stops[-1]
        stop.setFocus()
        if isinstance(stop, QAbstractSpinBox):
            stop.selectAll()

    def open_gallery(self) -> None:
        """Open the gallery; while a training runs, show a message instead."""
        if self._session.recipe.locked(self.tr("The recipe")):
            return
        from aestudio.gui.window.gallery import Gallery

        gallery = Gallery(as_set_up(self._session.state), self.window())
        gallery.chosen.connect(self._session.recipe.choose_recipe)
        gallery.finished.connect(self._forget_gallery)
        gallery.returned.connect(self._session.own_models.refresh)
        self._gallery = gallery
        gallery.open()
        self._session.own_models.refresh()  # a file that was added meanwhile appears at once

    def save(self) -> None:
        """Ask for a title, and keep the recipe under it among the user's own."""
        title = set_up_recipe(self._session.state).title
        save = self._session.own_models.save_recipe
        ask_text(self.window(), self.tr("Save the recipe"), self.tr("Title"), title, save)

    def _update_gallery(self) -> None:
        if self._gallery is not None:
            self._gallery.show_state(as_set_up(self._session.state))

    def _forget_gallery(self) -> None:
        self._gallery = None

    def _choose_network(self, kind: str) -> None:
        self._session.recipe.choose_network(kind)
        self._show_parts(set_up_recipe(self._session.state))  # the old one if the change was refused

    def _choose_objective(self, kind: str) -> None:
        self._session.recipe.choose_objective(kind)
        self._show_parts(set_up_recipe(self._session.state))

    def prepare(self, state: StudioState) -> None:
        """Create the form of a new network or objective while it is hidden, to show it fast later."""
        if self._kinds == ("", "") or _kinds(state.recipe) == self._kinds:
            return
        self.show_state(state)
        assert self.form is not None
        for widget in (self.form, *self.form.findChildren(QWidget)):
            widget.ensurePolished()

    def requests(self, state: StudioState) -> Iterable[Request]:
        """Training images as the augmentation changes them."""
        return self.preview.requests(state)

    def _request_preview(self) -> None:
        self._session.request(self.requests(as_set_up(self._session.state)))

    def show_state(self, state: StudioState) -> None:
        """Show the recipe, and enable the settings that can change now."""
        self.preview.show_state(state)
        if state.own is not self._own:
            self._own = state.own
            self._add_own_parts(state)
        training = state.training
        device = chosen_device(state)
        if not self._shown.differs(
            state.recipe, state.data_shape, training.active, training.live, training.resumable, device
        ):
            return
        self._showing = True
        self._show_recipe(state.recipe, state)
        self._show_values(state)
        self._showing = False

    def _show_values(self, state: StudioState) -> None:
        training = state.training
        values = {info.name: state.recipe.value(info.name) for info in _all_settings(state.recipe)}
        if training.active or training.resumable:
            values |= {name: value for name, value in training.live.items() if name in values}
        assert self.form is not None
        subject = (state.recipe.name, training.run)
        self.form.set_values(values, discard_input=subject != self._subject)
        self._subject = subject
        names = [info.name for info in _all_settings(state.recipe) if info.live or not training.active]
        self.form.set_enabled_names(names, self.tr("Fixed while a training runs: stop it first."))
        for box in (self.choose, self.network, self.objective):
            box.setEnabled(not training.active)

    def _show_facts(self, recipe: Recipe, state: StudioState) -> None:
        """Show layers, the number of parameters, the memory of a training, and whether that is not free."""
        try:
            architecture = Architecture(recipe, state.data_shape)
        except StudioError as misfit:
            self.diagram.set_architecture(None)
            self.facts.setText(f"{misfit.what}.")
            set_role(self.facts, "bad")
            return
        self.diagram.set_architecture(architecture)
        gpu = is_gpu(chosen_device(state))
        texts = [
            self.tr("{} parameters").format(f"{architecture.parameter_count:,}"),
            self.tr("about {} of memory").format(in_words(memory_needed(architecture, gpu=gpu).device)),
        ]
        phases = phase_lines(recipe.objective.phases())
        if phases:
            texts.insert(1, self.tr("{} phases").format(len(phases)))
        insufficient = memory_problem((recipe,), state) is not None
        if insufficient:
            available = in_words(memory_of(chosen_device(state)))
            texts.append(self.tr("more than the {} that are free").format(available))
        self.facts.setText(", ".join(texts))
        set_role(self.facts, "bad" if insufficient else "caption")

    def _show_recipe(self, recipe: Recipe, state: StudioState) -> None:
        self.choose.setText(one_line(recipe.title, _LONGEST))
        self._show_facts(recipe, state)
        self.facts.setToolTip("\n".join([recipe.source, *phase_lines(recipe.objective.phases())]).strip())
        kinds = self._show_parts(recipe)
        if self.form is None or kinds != self._kinds:
            self._kinds = kinds
            self._create_form(recipe)
        assert self.form is not None
        known = {info.name for info in _all_settings(recipe)}
        self.form.set_essential(name for name in recipe.essential if name in known)

    def _show_parts(self, recipe: Recipe) -> tuple[str, str]:
        """Show and return the kinds of network and objective."""
        kinds = _kinds(recipe)
        self.network.show_value(kinds[0])
        self.objective.show_value(kinds[1])
        for box in (self.network, self.objective):
            tip = self.tr("{}: any network goes with any objective").format(box.accessibleName())
            box.setToolTip("\n".join(part for part in (box.currentText(), tip) if part))
        return kinds

    def _create_form(self, recipe: Recipe) -> None:
        if self.form is not None:
            self.form.blockSignals(True)  # its typed texts belong to another recipe
            self._scroll.content.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        groups = (self._image_group(recipe), self._augmentation_group(recipe))
        self.form = SettingForm(_all_settings(recipe), groups)
        self.form.setting_changed.connect(self._changed)
        self.form.invalid_changed.connect(self._report_invalid)
        self._report_invalid()
        self.form.unfolded.connect(self._reveal)
        self.form.entries = self._entries
        self._scroll.content.insertWidget(self._scroll.content.count() - 1, self.form)
        self.form.follow_in_tab_order(self.objective)

    def _entries(self, name: str) -> tuple[Entry, ...]:
        """What the context menu of a setting offers."""
        from aestudio.sweeps.variation import NOT_VARIED

        if name in NOT_VARIED:
            return ()
        obstacle = self._session.sweeps.obstacle()
        return (Entry(self.tr("Vary ..."), lambda: self.vary_wanted.emit(name), obstacle=obstacle),)

    def _image_group(self, recipe: Recipe) -> SettingGroup:
        names = frozenset(info.name for info in recipe.settings()["images"])
        return SettingGroup(
            self.tr("Which images"), self.tr("A part of the training images, for lessons"), names
        )

    def _augmentation_group(self, recipe: Recipe) -> SettingGroup:
        names = frozenset(info.name for info in recipe.settings()["augmentation"])
        tip = self.tr("Random changes of the training images before every step")
        return SettingGroup(self.tr("Augmentation"), tip, names, self.preview)

    def _changed(self, name: str, value: Any) -> None:
        """Apply a setting, together with pending ones that may fit now; refuse it if it does not fit."""
        assert self.form is not None
        together = {**self._pending, name: value}
        problem: StudioError | None = None
        for values in (together, {name: value}) if len(together) > 1 else (together,):
            try:
                self._session.recipe.set_values(values)
            except StudioError as error:
                problem = error
                continue
            for other in values:
                if self._pending.pop(other, None) is not None:
                    self.form.row(other).editor.show_value(values[other])
            return
        assert problem is not None
        self._pending[name] = value
        recipe = set_up_recipe(self._session.state)
        self.form.refuse(name, reason_of(problem, name, recipe), recipe.value(name))

    def _finish(self) -> None:
        if self.form is not None:
            self.form.finish()

    def _report_invalid(self) -> None:
        assert self.form is not None
        invalid = self.form.invalid
        self._pending = {name: value for name, value in self._pending.items() if name in invalid}
        self._session.recipe.set_invalid("recipe", dict(invalid), showing=self._showing)


def _kinds(recipe: Recipe) -> tuple[str, str]:
    return recipe.network.kind(), recipe.objective.kind()


def _all_settings(recipe: Recipe) -> tuple:
    rows = (info for section in recipe.settings().values() for info in section)
    # Those that depend on other settings come and go with them, in the form.
    return tuple(info for info in rows if info.applies_if is not None or recipe.has_effect(info))


def _titles(parts: Mapping[str, type[Part]]) -> list[tuple[str, str]]:
    return [(kind, one_line(part.title, _LONGEST)) for kind, part in parts.items()]

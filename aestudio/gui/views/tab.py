"""What is known of a page before it is made: its name, its place among the tabs, and its texts.

A page and what it uses is imported when it is made. The first frame needs the texts of all tabs and one page:
importing the others took 0.09 s of it.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING, ClassVar, TypeVar

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.page import Page


class Tab:
    """One tab, in a file NAME_tab.py beside the file of its page; never an object.

    name:  how the page is called in the program, on the command line and in tests
    order: position among the tabs
    shows_image: whether the page shows the selected image, so that one can go to an image in it
    shows_code: whether it shows the code that the sliders set
    icon:  stands for it where the row of tabs is too narrow for all texts; "" if that never happens

    Of each kind of tab:
    noun:     what a message calls its page
    package:  the folder in which each NAME_tab.py, or NAME/NAME_tab.py, is one
    modifier: the key that together with the number of a tab brings its page to the front
    ending:   of the name of the page's file, which is NAME and this
    """

    name: ClassVar[str]
    order: ClassVar[int]
    icon: ClassVar[str] = ""
    shows_image: ClassVar[bool] = False
    shows_code: ClassVar[bool] = False
    noun: ClassVar[str]
    package: ClassVar[str]
    modifier: ClassVar[str]
    ending: ClassVar[str]

    @classmethod
    def title(cls) -> str:
        """The tab's text, translated and short."""
        raise NotImplementedError

    @classmethod
    def help(cls) -> str:
        """One sentence for the tab's tooltip, translated."""
        raise NotImplementedError

    @classmethod
    def can_show_image(cls, state: StudioState) -> bool:
        """Whether the page would show the selected image now."""
        del state
        return cls.shows_image

    @classmethod
    def can_show_code(cls, state: StudioState) -> bool:
        """Whether the page would show the code of the sliders now."""
        del state
        return cls.shows_code

    @classmethod
    def keys(cls, index: int) -> str:
        """The shortcut that brings the page at this index to the front, as in QKeySequence."""
        return f"{cls.modifier}+{index + 1}"

    @classmethod
    def page(cls, kind: type[Kind]) -> type[Kind]:
        """Import the page's class: the one of this kind that its file defines."""
        module = importlib.import_module(cls.__module__.removesuffix("_tab") + cls.ending)
        (found,) = (value for value in _defined_in(module) if issubclass(value, kind))
        return found


class ViewTab(Tab):
    """The tab of a view of the window; its name is that of its folder."""

    noun: ClassVar[str] = "view"
    package: ClassVar[str] = "aestudio.gui.views"
    modifier: ClassVar[str] = "Ctrl"
    ending: ClassVar[str] = "_view"


class PanelTab(Tab):
    """The tab of a panel of the Latent view; its title has at most 17 characters."""

    noun: ClassVar[str] = "panel"
    package: ClassVar[str] = "aestudio.gui.views.latent.panels"
    modifier: ClassVar[str] = "Alt"
    ending: ClassVar[str] = ""


Kind = TypeVar("Kind", bound="Page")
TabKind = TypeVar("TabKind", bound=Tab)


def discover(kind: type[TabKind]) -> tuple[type[TabKind], ...]:
    """Every tab of a kind that a file in its folder defines, in order."""
    package = importlib.import_module(kind.package)
    modules = (
        _module_of(f"{kind.package}.{one.name}", one.ispkg) for one in pkgutil.iter_modules(package.__path__)
    )
    found = [
        value
        for name in modules
        if name
        for value in _defined_in(importlib.import_module(name))
        if issubclass(value, kind)
    ]
    return tuple(sorted(found, key=lambda tab: tab.order))


def _module_of(name: str, is_folder: bool) -> str:
    """The NAME_tab module that this module is, or that this folder has; "" without one."""
    if is_folder:
        name = f"{name}.{name.rpartition('.')[2]}_tab"
        return name if importlib.util.find_spec(name) is not None else ""
    return name if name.endswith("_tab") else ""


def _defined_in(module: object) -> list[type]:
    """The classes that a module defines itself."""
    name = getattr(module, "__name__", "")
    return [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == name]

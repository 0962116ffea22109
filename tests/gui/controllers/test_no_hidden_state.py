"""What decides what is shown or done next is in the frozen state, and in no field of a controller.

A controller keeps what it works with: the store, timers, threads, a module, caches. A new field that is
assigned after the beginning, or a new container, is listed here with its reason, or belongs to `gui/state/`.
"""

from __future__ import annotations

import ast

from tests.sources import nodes_of, sources

ASSIGNED = {
    # The one place that holds the state, and how far its change has been carried out and shown.
    "Store": {"_state", "_reacted", "_seen", "_reacting", "_showing", "_after_showing"},
    "Session": {"_state", "inference_worker"},  # the thread is there once torch is
    "RefreshPace": {"_began"},  # a clock, as the timers of the store
    "Intent": {"_carry_out"},  # wiring
    "ExploreController": {"_frozen_model"},  # the module that decodes, with weights that torch holds
    "TrainingController": {"_job"},  # the thread that trains
}
CONTAINERS = {
    "Store": {"_task_owners", "_handlers", "_after_showing"},  # wiring, and calls that wait for the views
    "KeptListsController": {"_files"},  # files that windows share, and what could not be written
    # Caches: without them the same is read or computed again.
    "EmbeddingController": {"_kept"},
    "HistoryController": {"_cached"},
    "LatentMetricsController": {"_measures"},
}
MUTABLE = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
MAKERS = {"dict", "list", "set", "deque", "OrderedDict", "defaultdict", "Counter", "WeakKeyDictionary"}


def of_self(node: ast.AST) -> str:
    """The attribute of `self` that a node is, or ""."""
    own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr if own and isinstance(node, ast.Attribute) else ""


def assigned_later(controller: ast.ClassDef) -> set[str]:
    """Attributes that any method but `__init__` assigns or deletes."""
    methods = (one for one in controller.body if isinstance(one, ast.FunctionDef) and one.name != "__init__")
    nodes = (node for method in methods for node in ast.walk(method))
    found = {of_self(node) for node in nodes if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)}
    return found - {""}


def containers(controller: ast.ClassDef) -> set[str]:
    """Attributes that are made as containers that can change."""
    found: set[str] = set()
    for node in ast.walk(controller):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        made = node.value
        name = made.func.id if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) else ""
        if isinstance(made, MUTABLE) or name in MAKERS:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {of_self(target) for target in targets} - {""}
    return found


def classes() -> list[ast.ClassDef]:
    return [node for path in sources("gui/controllers") for node in nodes_of(path, ast.ClassDef)]


def test_controllers_keep_no_state_of_their_own() -> None:
    later = {one.name: assigned_later(one) - ASSIGNED.get(one.name, set()) for one in classes()}
    made = {one.name: containers(one) - CONTAINERS.get(one.name, set()) for one in classes()}
    assert {name: fields for name, fields in later.items() if fields} == {}
    assert {name: fields for name, fields in made.items() if fields} == {}


def test_hidden_state_would_be_noticed() -> None:
    source = """
class Hiding:
    def __init__(self):
        self._known: dict[str, int] = {}
        self._seen = set()
        self._store = store

    def show(self):
        self._run, (self._at, *self._rest) = 1, (2, 3)
        self._count += 1
        for self._each in (): pass
        with open() as self._file: pass
        if (found := self._store): pass
        self._known["a"] = 1
        self._store.update(run=1)
        del self._gone
"""
    (hiding,) = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    assert assigned_later(hiding) == {"_run", "_at", "_rest", "_count", "_each", "_file", "_gone"}
    assert containers(hiding) == {"_known", "_seen"}

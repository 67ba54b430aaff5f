"""Views and forms find records through `visible_to(actor)` and in no other way (style.md, rules 7–8).

The syntax tree cannot see everything (`model = X` in a library's generic view): the matrix is the second net.
Negative control: `test_other_ways_are_seen`.
"""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import HOUSE, ROOT, app_folder, imported, tree

MANAGERS = {"objects", "_default_manager", "_base_manager"}
# `visible_to` narrows; `none` shows nothing, until `visible_to` fills it.
RIGHT_WAYS = {"visible_to", "none"}
# The house's own bookkeeping about the person who is asking, found by that person's id.
EXCEPTIONS = {("kumppani/core/views.py", "KeptWords"), ("kumppani/core/views.py", "Submission")}


def face_files() -> list[Path]:
    """Every views and forms file, also where they are packages."""
    found = []
    for app in HOUSE:
        folder = app_folder(app)
        for word in ("views", "forms"):
            found += folder.glob(f"{word}*.py")
            found += (folder / word).rglob("*.py")
    return sorted(found)


def other_ways(syntax: ast.Module, file: str = "") -> list[str]:
    """Every use of a manager that does not ask `visible_to` at once."""
    asked = {
        id(node.value)
        for node in ast.walk(syntax)
        if isinstance(node, ast.Attribute)
        and node.attr in RIGHT_WAYS
        and isinstance(node.value, ast.Attribute)
    }
    found = []
    for node in ast.walk(syntax):
        if not isinstance(node, ast.Attribute) or node.attr not in MANAGERS or id(node) in asked:
            continue
        owner = ast.unparse(node.value)
        if (file, owner) not in EXCEPTIONS:
            found.append(f"line {node.lineno}: {owner}.{node.attr} without visible_to")
    for line, module in imported(syntax, "face"):
        if module.startswith(("django.views.generic", "django.shortcuts.get_", "django.db.connection")):
            found.append(f"line {line}: {module}")
    return found


@pytest.mark.parametrize("path", face_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_face_finds_through_visible_to(path):
    assert other_ways(tree(path), str(path.relative_to(ROOT))) == []


@pytest.mark.parametrize(
    "source",
    [
        "Relationship.objects.all()",
        "Relationship.objects.filter(pk=1)",
        "queryset = Relationship.objects",
        "self.model._default_manager.get(pk=1)",
        "from django.views.generic import DetailView",
        "from django.shortcuts import get_object_or_404",
        "from django.db import connection",
    ],
)
def test_other_ways_are_seen(source):
    assert other_ways(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "Relationship.objects.visible_to(self.actor).open()",
        "forms.ModelChoiceField(queryset=Relationship.objects.none())",
    ],
)
def test_the_right_way_is_let_through(source):
    assert other_ways(ast.parse(source)) == []


def test_every_view_names_its_roles():
    """`allowed_roles` stands in the class itself or in one of our own bases; core's bases have none."""
    from django.urls import get_resolver

    from kumppani.core.views import AccessView
    from tests.access.urls import walk

    silent = []
    for url in walk(get_resolver()):
        view = getattr(url.callback, "view_class", None)
        if view is not None and issubclass(view, AccessView) and not getattr(view, "allowed_roles", None):
            silent.append(url.name)
    assert silent == []

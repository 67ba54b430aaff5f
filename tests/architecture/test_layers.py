"""INSTALLED_APPS is the map: data flows to the right and upwards, an import points left or down (docs/architecture.md).

Negative control: `test_a_hidden_import_upwards_is_seen`.
"""

import ast

import pytest
from django.apps import apps

from tests.architecture.source import HOUSE, ROOT, app_of, imported, module_name, python_files, tree

# Leaves: everybody may import them, so they import nothing of ours.
LEAVES = ["kumppani/accounts/roles.py", "training/states.py", "pairing/states.py", "tasks/states.py"]


def upward(app: str, imports) -> list[str]:
    """The imports of `app` that point at an app above it."""
    return [
        f"line {line}: {app} imports {module}"
        for line, module in imports
        if (target := app_of(module)) is not None and HOUSE.index(target) > HOUSE.index(app)
    ]


@pytest.mark.parametrize("app", HOUSE)
def test_imports_point_left_or_down(app):
    found = {}
    for path in python_files(app):
        wrong = upward(app, imported(tree(path), module_name(path)))
        if wrong:
            found[str(path.relative_to(ROOT))] = wrong
    assert found == {}


def test_a_hidden_import_upwards_is_seen():
    hidden = ast.parse("def f():\n    from kumppani.reports import figures\n")
    assert upward("training", imported(hidden, "training.services"))
    relative = ast.parse("from ..reports import figures")
    assert upward("kumppani.core", imported(relative, "kumppani.core.views"))
    by_name = ast.parse("import_module('tasks.models')")
    assert upward("pairing", imported(by_name, "pairing.services"))


def test_foreign_keys_point_left_or_down():
    found = []
    for model in apps.get_models(include_auto_created=True):
        app = model._meta.app_config.name
        if app not in HOUSE:
            continue
        for field in model._meta.get_fields(include_hidden=True):
            if field.auto_created or not field.is_relation or field.related_model is None:
                continue
            target = field.related_model._meta.app_config.name
            if target in HOUSE and HOUSE.index(target) > HOUSE.index(app):
                found.append(f"{model._meta.label}.{field.name} → {target}")
    assert found == []


@pytest.mark.parametrize("leaf", LEAVES)
def test_leaf_modules_import_nothing_of_ours(leaf):
    path = ROOT / leaf
    assert [module for _line, module in imported(tree(path), module_name(path)) if app_of(module)] == []


def test_the_house_never_imports_its_tests():
    found = []
    for app in HOUSE:
        for path in python_files(app):
            for line, module in imported(tree(path), module_name(path)):
                if module.split(".")[0] in {"tests", "factory", "pytest"}:
                    found.append(f"{path.relative_to(ROOT)}:{line} {module}")
    assert found == []


def test_the_house_has_no_signals_of_its_own():
    """If a later room needs to know, it looks. Signals of libraries may be listened to; our models send none."""
    found = []
    for app in HOUSE:
        for path in python_files(app):
            for line, module in imported(tree(path), module_name(path)):
                if module.startswith(("django.db.models.signals", "django.dispatch")):
                    found.append(f"{path.relative_to(ROOT)}:{line} {module}")
    assert found == []


def test_kumppani_init_is_empty():
    """`kumppani` holds floor and roof: an import in its __init__ would tie them together."""
    assert (ROOT / "kumppani" / "__init__.py").read_text() == ""

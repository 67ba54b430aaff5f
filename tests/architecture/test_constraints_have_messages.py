"""Every "never" is a constraint with a name and a sentence for people, and it exists in the database (style.md, 19).

Negative controls: leave out a `violation_error_message`; write a constraint outside `constraints`; drop a status CHECK.
"""

import ast

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import translation

from tests.architecture.source import HOUSE, ROOT, python_files, tree

MODELS = [model for model in apps.get_models() if model._meta.app_config.name in HOUSE]
CONSTRAINTS = [(model, constraint) for model in MODELS for constraint in model._meta.constraints]
STATEFUL = [model for model in MODELS if any(field.name == "status" for field in model._meta.fields)]


def constraint_id(value) -> str:
    return value.name if isinstance(value, models.BaseConstraint) else value._meta.label


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS, ids=constraint_id)
def test_constraint_has_a_sentence(model, constraint):
    with translation.override("en"):
        message = str(constraint.violation_error_message)
        default = str(models.BaseConstraint.default_violation_error_message)
    assert message != default
    assert message[0].isupper(), message
    assert message.endswith("."), message


def test_constraint_names_are_unique():
    names = [constraint.name for _model, constraint in CONSTRAINTS]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=constraint_id)
def test_constraints_exist_in_the_database(model):
    with connection.cursor() as cursor:
        standing = connection.introspection.get_constraints(cursor, model._meta.db_table)
    missing = [constraint.name for constraint in model._meta.constraints if constraint.name not in standing]
    assert missing == []


def test_no_constraint_is_written_outside_the_list():
    """A constraint typed loose in Meta is in no migration: it does not exist, and `manage.py check` stays silent."""
    for app in HOUSE:
        for path in python_files(app):
            if "migrations" in path.parts:
                continue
            inside, everywhere = 0, 0
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == "constraints" for target in node.targets
                ):
                    inside += sum(map(_is_constraint, ast.walk(node)))
                everywhere += _is_constraint(node)
            assert inside == everywhere, path.relative_to(ROOT)


def _is_constraint(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"UniqueConstraint", "CheckConstraint"}
    )


@pytest.mark.parametrize("model", STATEFUL, ids=constraint_id)
def test_status_knows_its_values_in_the_database(model):
    """`choices=` guards no column."""
    field = model._meta.get_field("status")
    known = [
        constraint.condition
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint) and constraint.name.endswith("_status_known")
    ]
    assert known == [models.Q(status__in=[value for value, _label in field.choices])]


@pytest.mark.parametrize("model", STATEFUL, ids=constraint_id)
def test_table_of_moves_names_every_status(model):
    statuses = {value for value, _label in model._meta.get_field("status").choices}
    assert set(model.TRANSITIONS) == statuses
    assert set().union(*model.TRANSITIONS.values()) <= statuses

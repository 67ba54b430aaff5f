"""Declared or refused (trust.md 3): every field of every model has exactly one class, and every row says whose it is.

Negative controls: `test_a_forgotten_field_is_seen`, `test_a_path_that_leads_nowhere_is_seen`.
"""

import dataclasses

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from kumppani.core.privacy import DECLARED, Privacy
from pairing.models import Meeting
from tests.architecture.source import HOUSE

MODELS = sorted(apps.get_models(), key=lambda model: model._meta.label)
THROUGH = [model for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
# Rows with telling words that know their person by a plain id only.
BY_PLAIN_ID = {"core.KeptWords"}


def declaration(model) -> Privacy | None:
    """Ours stands on the model; a library's (and the audit trail's, which lies below core) in DECLARED."""
    if model._meta.app_config.name in HOUSE and model._meta.app_label != "audit":
        return vars(model).get("privacy")
    return DECLARED.get(model._meta.label)


def faults(model, privacy: Privacy) -> list[str]:
    """What is wrong with a declaration."""
    fields = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    named = privacy.names()
    needed = fields - set(Privacy.BASE_FIELDS)
    found = [f"{name} is in no class" for name in sorted(needed - set(named))]
    found += [f"{name} is no field" for name in sorted(set(named) - fields)]
    found += [
        f"{name} is in two classes" for name in sorted({name for name in named if named.count(name) > 1})
    ]
    for path in privacy.about:
        found += _broken_path(model, path)
    return found


def _broken_path(model, path: str) -> list[str]:
    if path == "self":
        return []
    for step in path.split("__"):
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            return [f"about {path}: {step} is no field"]
        if not (field.many_to_one or field.one_to_one):
            return [f"about {path}: {step} leads to no record"]
        model = field.related_model
    return []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_is_declared(model):
    privacy = declaration(model)
    assert privacy is not None, f"{model._meta.label} has no privacy declaration"
    assert faults(model, privacy) == []


@pytest.mark.parametrize("model", THROUGH, ids=lambda model: model._meta.label)
def test_table_between_two_models_is_declared_by_its_field(model):
    owner = model._meta.auto_created
    field = next(field for field in owner._meta.many_to_many if field.remote_field.through is model)
    assert declaration(owner).kind_of(field.name) is not None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_telling_rows_say_whose_they_are(model):
    privacy = declaration(model)
    if privacy.special and model._meta.label not in BY_PLAIN_ID:
        assert privacy.about, f"{model._meta.label} holds telling words and does not say about whom"


def test_nothing_is_declared_that_does_not_exist():
    assert sorted(set(DECLARED) - {model._meta.label for model in MODELS}) == []


def test_a_forgotten_field_is_seen():
    assert faults(Meeting, dataclasses.replace(Meeting.privacy, special=("date",))) != []


def test_a_path_that_leads_nowhere_is_seen():
    assert faults(Meeting, dataclasses.replace(Meeting.privacy, about=("relationship__child",))) == [
        "about relationship__child: child is no field"
    ]

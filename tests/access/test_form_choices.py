"""Choice lists show only what the actor may see; a foreign choice is as wrong as one that never was (trust.md 1).

Control: start a choice list from `.objects.all()`; name the record in the error.
"""

import importlib

import pytest
from django import forms

from kumppani.core.forms import HouseForm
from tests.access.house import NOWHERE, all_as_written, undone
from tests.access.matrix import MATRIX
from tests.access.scopes import sees
from tests.access.test_matrix import body
from tests.architecture.source import HOUSE, app_folder, module_name

POSTS = [row for row in MATRIX if row.method == "POST" and "422" in row.answers]


def form_classes() -> dict[str, type[forms.BaseForm]]:
    """Every form class of ours that is not a base of others."""
    found = {}
    for app in HOUSE:
        for path in [*app_folder(app).glob("forms*.py"), *(app_folder(app) / "forms").rglob("*.py")]:
            module = module_name(path)
            for name, value in vars(importlib.import_module(module)).items():
                if (
                    isinstance(value, type)
                    and issubclass(value, forms.BaseForm)
                    and value.__module__ == module
                ):
                    found[f"{module}.{name}"] = value
    return found


def choices_of(form) -> dict[str, forms.ModelChoiceField]:
    return {name: field for name, field in form.fields.items() if isinstance(field, forms.ModelChoiceField)}


def with_choices(cls: type[forms.BaseForm]) -> bool:
    return any(isinstance(field, forms.ModelChoiceField) for field in cls.base_fields.values())


def form_of(response):
    """The form that a page was drawn with."""
    if response.context is None:
        return None
    form = response.context.get("form")
    return form if isinstance(form, HouseForm) else None


def shown_values(field: forms.ModelChoiceField) -> set[str]:
    """The keys that stand in the list as it is drawn."""
    return {str(getattr(value, "value", value)) for value, _label in field.choices if value not in ("", None)}


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_choices_are_the_actors_own(house, row):
    """The list as drawn, and the list as checked, hold nothing that the actor may not see."""
    faults = []
    for point in row.points_that_get_in():
        person = house.person(point, row.thing)
        with undone():
            form = form_of(house.client(point, row.thing).post(house.url(row)))
            if form is None:
                continue
            for name, field in choices_of(form).items():
                question = sees(house.people)[field.queryset.model].get(person.name)
                if question is None:
                    seen = set(field.queryset.model._default_manager.visible_to(person.actor))
                else:
                    seen = {row for row in field.queryset.model._base_manager.all() if question(row)}
                allowed = {str(record.pk) for record in seen}
                if foreign := [record for record in field.queryset if str(record.pk) not in allowed]:
                    faults.append(f"{point}: {name} takes {foreign}")
                if foreign := shown_values(field) - allowed:
                    faults.append(f"{point}: {name} shows {sorted(foreign)}")
    all_as_written(row, faults)


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_foreign_choice_is_as_wrong_as_one_that_never_was(house, row):
    faults = []
    for point in row.points_that_get_in()[:2]:
        with undone():
            form = form_of(house.client(point, row.thing).post(house.url(row)))
        if form is None:
            continue
        for name, field in choices_of(form).items():
            inside = {record.pk for record in field.queryset}
            foreign = field.queryset.model._base_manager.exclude(pk__in=inside).first()
            if foreign is None:
                continue
            answers = []
            for pk in (foreign.pk, NOWHERE):
                with undone():
                    response = house.client(point, row.thing).post(
                        house.url(row), {form.add_prefix(name): str(pk)}
                    )
                    again = form_of(response)
                    said = again.errors.get(name, []) if again is not None else []
                    errors = [str(error).replace(str(pk), "") for error in said]
                    answers.append((response.status_code, errors, body(response, str(pk))))
            if answers[0] != answers[1]:
                faults.append(
                    f"{point}: {name} tells a foreign choice {answers[0][:2]}, any other {answers[1][:2]}"
                )
            if not answers[0][1]:
                faults.append(f"{point}: {name} takes a foreign choice")
    all_as_written(row, faults)


def test_every_form_with_choices_was_met(house):
    """A form that no row of the matrix reaches would go unchecked. Control: write one that no view uses."""
    met = set()
    for row in POSTS:
        for point in row.points_that_get_in()[:1]:
            with undone():
                form = form_of(house.client(point, row.thing).post(house.url(row)))
                met |= set(type(form).__mro__) if form is not None else set()
    missing = [name for name, cls in form_classes().items() if with_choices(cls) and cls not in met]
    assert missing == []


@pytest.mark.parametrize("name", sorted(form_classes()))
def test_form_names_its_fields(name):
    """A model's form lists what may be set; a new field of the model is not open by itself."""
    meta = getattr(form_classes()[name], "_meta", None)
    if meta is not None and getattr(meta, "model", None) is not None:
        assert meta.fields not in (None, forms.ALL_FIELDS)
        assert not meta.exclude

"""Per model: the exact set each person sees, written a second time by hand (tests/access/scopes.py).

Control: leave `ended` in OPEN; let a social worker see meetings; drop a filter from any `_for_…`.
"""

import pytest
from django.apps import apps

from kumppani.core.querysets import VisibleQuerySet
from tests.access.house import all_as_written
from tests.access.scopes import sees
from tests.architecture.source import HOUSE

# Records that nobody looks at through a list of their own: tokens, claims, counts, the trail itself.
WITHOUT_VIEWERS = {
    "pairing.Reminder",  # which moments have been reminded of: plain ids, for the job alone
    "audit.AuditEvent",
    "core.JobRun",
    "core.KeptWords",
    "core.StatusChange",
    "core.Submission",
}
MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_config.name in HOUSE and model._meta.label not in WITHOUT_VIEWERS
]


def label(value) -> str:
    return value._meta.label


def test_every_model_is_written_down(house):
    assert set(sees(house.people)) == set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_each_person_sees_exactly_this(house, model):
    questions = sees(house.people)[model]
    rows = list(model._base_manager.all())
    faults = []
    for person in house.people.everybody():
        seen = set(model._default_manager.visible_to(person.actor))
        question = questions.get(person.name, lambda row: False)
        expected = {row for row in rows if question(row)}
        for word, difference in (("sees", seen - expected), ("misses", expected - seen)):
            faults += [f"{person}: {word} {row!r}" for row in sorted(difference, key=repr)]
    all_as_written(label(model), faults)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_there_is_something_that_could_leak(house, model):
    """A test of secrecy proves nothing where there is nothing to see."""
    assert model._base_manager.exists()
    told_nothing = ("trainer", "administrator") if model._meta.label == "notices.Notice" else ()
    for name, question in sees(house.people)[model].items():
        if name.startswith(("other_", "former_")) or name in told_nothing:
            continue
        assert any(map(question, model._base_manager.all())), f"nothing for {name} to see"


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_strangers_see_nothing(house, model):
    assert isinstance(model._default_manager.all(), VisibleQuerySet)
    strangers = [house.people.anonymous, house.people.nobody]
    assert [who for who in strangers if model._default_manager.visible_to(who.actor).exists()] == []


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_no_row_is_seen_twice(house, model):
    """A join without `distinct` doubles rows, and with them counts and sums."""
    faults = []
    for person in house.people.everybody():
        pks = list(model._default_manager.visible_to(person.actor).values_list("pk", flat=True))
        if len(pks) != len(set(pks)):
            faults.append(f"{person}: {len(pks)} rows of {len(set(pks))} records")
    all_as_written(label(model), faults)
